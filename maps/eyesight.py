"""Colours as people see them: in numbers, in grey, and without one kind of cones."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
"""From linear sRGB, IEC 61966-2-1."""

_FROM_XYZ = tuple(map(tuple, np.linalg.inv(_TO_XYZ).tolist()))

_WHITE = np.array([0.95047, 1.0, 1.08883])
"""D65."""

# fmt: off
SIGHTS = {
    "with all cones": np.eye(3),
    "without long cones (protanopia)": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
         [-0.003882, -0.048116, 1.051998]]
    ),
    "without middle cones (deuteranopia)": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
         [-0.011820, 0.042940, 0.968881]]
    ),
    "without short cones (tritanopia)": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
         [0.004733, 0.691367, 0.303900]]
    ),
}
"""Linear RGB as people see it: G. M. Machado, M. M. Oliveira and L. A. F. Fernandes, "A
physiologically-based model for simulation of color vision deficiency", IEEE TVCG 15 (2009), at
severity 1, doi:10.1109/TVCG.2009.113."""
# fmt: on


@cache
def luminance(colour: str) -> float:
    """Relative luminance of a colour, from 0 to 1: WCAG 2.2."""
    return float(_TO_XYZ[1] @ _linear(colour))


def contrast(a: str, b: str) -> float:
    """Contrast of two colours, from 1 to 21: WCAG 2.2."""
    low, high = sorted([luminance(a), luminance(b)])
    return (high + 0.05) / (low + 0.05)


@cache
def _linear(colour: str) -> Floats:
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear: Floats = np.where(
        channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4
    )
    return linear


@lru_cache(maxsize=4096)
def seen(colours: tuple[str, ...], sight: str) -> Floats:
    """Colours in CIELAB as somebody sees them, shape ``(n_colours, 3)``."""
    rgb = np.clip(np.stack([_linear(one) for one in colours]) @ SIGHTS[sight].T, 0, 1)
    return _to_lab(rgb)


@cache
def cielab(colour: str) -> Floats:
    """Colour in CIELAB under D65: lightness, a and b."""
    lab: Floats = _to_lab(_linear(colour)[None])[0]
    return lab


def _to_lab(rgb: Floats) -> Floats:
    """Linear sRGB to CIELAB under D65, ISO/CIE 11664-4, shape ``(n, 3)``."""
    xyz = rgb @ _TO_XYZ.T / _WHITE
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    x, y, z = f.T
    lab: Floats = np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=1)
    return lab


# A search asks a hundred thousand times, for one colour each: arrays of three take five times as
# long as numbers.
def _from_lab(lab: Sequence[float] | Floats) -> list[float]:
    """CIELAB to linear sRGB, which may lie outside of what a screen shows."""
    lightness, a, b = map(float, lab)
    y = (lightness + 16) / 116
    x, y, z = (
        white * (f**3 if f**3 > 216 / 24389 else (116 * f - 16) * 27 / 24389)
        for f, white in zip((y + a / 500, y, y - b / 200), _WHITE.tolist(), strict=True)
    )
    return [of_x * x + of_y * y + of_z * z for of_x, of_y, of_z in _FROM_XYZ]


def is_shown(lab: Sequence[float] | Floats) -> bool:
    """Whether a screen shows a colour of CIELAB."""
    return all(-1e-4 <= one <= 1 + 1e-4 for one in _from_lab(lab))


def hex_of(lab: Sequence[float] | Floats) -> str:
    """Write the colour of CIELAB that a screen shows, as CSS does."""
    linear = (min(max(one, 0.0), 1.0) for one in _from_lab(lab))
    channels = (
        12.92 * one if one <= 0.0031308 else 1.055 * one ** (1 / 2.4) - 0.055 for one in linear
    )
    return "#" + "".join(f"{round(255 * one):02x}" for one in channels)
