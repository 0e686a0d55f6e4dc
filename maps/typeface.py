"""Fonts of the static maps: they come with the package, so every computer draws the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from matplotlib import font_manager, ft2font
from matplotlib.backends.backend_agg import RendererAgg

FONTS = Path(__file__).parent / "assets" / "fonts"

SANS, SANS_BOLD = "two-nations sans", "two-nations sans bold"
SERIF, SERIF_BOLD = "two-nations serif", "two-nations serif bold"

_FILES = {
    SANS: "PublicSans-Regular.ttf",
    SANS_BOLD: "PublicSans-SemiBold.ttf",
    SERIF: "Newsreader-Regular.ttf",
    SERIF_BOLD: "Newsreader-Bold.ttf",
}
_SANS = b"'Public Sans', 'Helvetica Neue', Arial, sans-serif"
_SERIF = b"Newsreader, Georgia, serif"
_PUBLIC = {
    SANS: _SANS,
    SANS_BOLD: _SANS + b"; font-weight: 600",
    SERIF: _SERIF,
    SERIF_BOLD: _SERIF + b"; font-weight: bold",
}
"""What the fonts are called on other computers, and what may stand for them."""

_FALLBACK = "DejaVu Sans"
"""Comes with Matplotlib: many scripts, arrows, signs."""

ASCENT = 0.73
"""Height of capitals and figures, as a share of the size of the fonts in use."""

_MEASURED_AT = 100
"""Size, in points and dots, at which text is measured."""

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
"""What stands for a character that no font of this computer has."""


def clean(text: str) -> str:
    r"""Bring text to one line that can be drawn: no control characters, single spaces.

    Examples
    --------
    >>> clean(" Two\n\tnations\x00 ")
    'Two nations'
    """
    # Joiners matter in many scripts; other invisible characters and lone surrogates do not draw.
    shown = (
        " "
        if unicodedata.category(one) in {"Cc", "Cf", "Cs", "Cn"} and one not in "\u200c\u200d"
        else one
        for one in text
    )
    return " ".join("".join(shown).split())


def with_public_names(svg: bytes) -> bytes:
    """Call the package's fonts in an SVG what everybody calls them.

    Examples
    --------
    >>> with_public_names(b"font-family: 'two-nations serif bold', 'DejaVu Sans'; fill: #000")
    b'font-family: Newsreader, Georgia, serif; font-weight: bold; fill: #000'
    """
    return _FONT.sub(lambda match: _PUBLIC[match["name"].decode()], svg)


_FONT = re.compile(rb"'(?P<name>" + b"|".join(map(str.encode, _FILES)) + rb")'[^;\"]*")


class Typefaces:
    """The fonts that can draw some texts.

    Parameters
    ----------
    texts
        Everything that will be drawn. What the package's own fonts and the one that comes with
        Matplotlib lack is looked for in the fonts of this computer, first by name.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        _register()
        own = {name: _characters(str(FONTS / file)) for name, file in _FILES.items()}
        known = _characters(_path(_FALLBACK)) | frozenset.intersection(*own.values())
        missing = {ord(one) for text in texts for one in text} - known
        self._families = [_FALLBACK]
        for family, path in _installed() if missing else ():
            if found := missing & _characters(path):
                self._families.append(family)
                missing -= found
            if not missing:
                break
        self._missing = dict.fromkeys(missing, REPLACEMENT)
        self._renderer = RendererAgg(1, 1, 72)
        self._widths: dict[tuple[str, str], float] = {}

    def measure(self, text: str, family: str, size: float) -> float:
        """Measure the width of a text in points."""
        if (text, family) not in self._widths:
            # Large, because widths are whole dots; without hinting they grow with the size.
            font = self.font(family, _MEASURED_AT)
            drawable = self.drawable(text)
            width, _, _ = self._renderer.get_text_width_height_descent(drawable, font, ismath=False)
            self._widths[text, family] = float(width) / _MEASURED_AT
        return self._widths[text, family] * size

    def drawable(self, text: str) -> str:
        """Replace the characters that no font has."""
        return text.translate(self._missing)

    def font(self, family: str, size: float) -> font_manager.FontProperties:
        """Describe a font: one of the families of this module, in points."""
        return font_manager.FontProperties(family=[family, *self._families], size=size)


def _register() -> None:
    """Make the package's fonts known to Matplotlib under names that no other font has."""
    known = {entry.name for entry in font_manager.fontManager.ttflist}
    for name, file in _FILES.items():
        if name not in known:
            font_manager.fontManager.ttflist.append(
                font_manager.FontEntry(fname=str(FONTS / file), name=name)
            )


def _installed() -> list[tuple[str, str]]:
    """List family and file of the upright, regular fonts of this computer, by name."""
    entries = font_manager.fontManager.ttflist
    chosen = {
        (entry.name, entry.fname)
        for entry in entries
        if entry.style == "normal"
        and entry.weight in {400, "normal", "regular"}
        # Its glyphs are boxes: one for every character there is.
        and "LastResort" not in entry.fname
    }
    return sorted(chosen - {(name, str(FONTS / file)) for name, file in _FILES.items()})


def _path(family: str) -> str:
    return str(font_manager.findfont(font_manager.FontProperties(family=[family])))


@cache
def _characters(path: str) -> frozenset[int]:
    """List the characters a font can draw."""
    return frozenset(ft2font.FT2Font(path).get_charmap())
