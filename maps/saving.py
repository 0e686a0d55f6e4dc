"""Pictures as files, with what they show in words, who made them, and layers with names."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import matplotlib as mpl
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text

from maps.shown import own_style
from maps.summary import CREDIT
from maps.typeface import with_public_names
from shapefiles.writing import whole_file

FORMATS = ("png", "svg", "pdf")
"""What :func:`save_static` writes, by the suffix of the file."""

LAYERS = (
    "figure_1",
    "map",
    "coast",
    "units",
    "unit-lines",
    "state-lines",
    "lead-lines",
    "frontier-casing",
    "frontier",
)
"""Groups of an SVG that are layers for programs that draw, perhaps with a number behind them."""


def save_static(figure: Figure, path: str | os.PathLike[str], *, has_outlines: bool = True) -> Path:
    """Write a picture, whole or not at all.

    The same figure gives the same bytes: nothing in the file says when or where it was made. What
    a figure of :mod:`maps` shows is written into it in words: as title and description of an SVG,
    and among what a PNG or a PDF says of itself, with the source and who made it.

    Parameters
    ----------
    figure
        What :func:`maps.draw_static`, :func:`maps.draw_compared` or :func:`maps.draw_explored`
        returned.
    path
        File to write, ``.png``, ``.svg`` or ``.pdf``; one that exists is replaced.
    has_outlines
        Whether text in an SVG is drawn as outlines, so that it looks the same without the fonts.
        Otherwise it is text, for a program in which one edits it.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    ValueError
        When the suffix is none of these.
    OSError
        When the folder does not exist or cannot be written.
    """
    path = Path(path)
    suffix = path.suffix.lower().removeprefix(".")
    if suffix not in FORMATS:
        raise ValueError(
            f"{path.name!r} ends in none of {', '.join('.' + one for one in FORMATS)}, "
            "the pictures that can be written."
        )
    is_text = suffix == "svg" and not has_outlines
    with whole_file(path) as draft:
        with (
            own_style(),
            mpl.rc_context({"svg.fonttype": "none" if is_text else "path"}),
            _bare(figure if is_text else None) as halos,
        ):
            figure.savefig(draft, format=suffix, dpi="figure", metadata=_told(figure, suffix))
        if suffix == "svg":
            content = _OUTLINE.sub(_rounded, draft.read_bytes())
            content = _with_halos(with_public_names(content), halos)
            draft.write_bytes(_layered(_described(content, figure)))
    return path


def _told(figure: Figure, suffix: str) -> dict[str, str | None]:
    """Say what a file says of itself, by the keys of its format."""
    alt, source = getattr(figure, "alt", ""), getattr(figure, "source", "")
    title = str(figure.get_label())
    texts = {
        "png": {"Title": title, "Description": alt, "Source": source},
        "svg": {"Title": title, "Description": alt, "Source": source},
        "pdf": {"Title": title, "Subject": alt, "Keywords": source},
    }[suffix]
    credit = {"png": "Copyright", "svg": "Rights", "pdf": "Author"}[suffix]
    # Neither a program that changes with its version nor the time.
    unsaid = {
        "png": ("Software",),
        "svg": ("Date", "Creator"),
        "pdf": ("CreationDate", "Creator", "Producer"),
    }[suffix]
    told: dict[str, str | None] = dict.fromkeys(unsaid)
    told |= {key: text for key, text in texts.items() if text}
    return told | ({credit: CREDIT} if alt else {})


def _described(svg: bytes, figure: Figure) -> bytes:
    """Have an SVG say its title and what it shows to those who do not see it."""
    alt, title = getattr(figure, "alt", ""), str(figure.get_label())
    if not alt:
        return svg
    start = svg.index(b">", svg.index(b"<svg")) + 1
    said = f'\n <title id="title">{escape(title)}</title>\n <desc id="desc">{escape(alt)}</desc>'
    head = svg[: start - 1] + b' role="img" aria-labelledby="title" aria-describedby="desc">'
    return head + said.encode() + svg[start:]


def _layered(svg: bytes) -> bytes:
    """Name the layers for Inkscape, which looks for names of its own; others take the ids."""
    names = b"|".join(re.escape(one).encode() for one in LAYERS)
    mark = rb'\1 inkscape:groupmode="layer" inkscape:label="\2">'
    layered = re.sub(rb'(<g id="((?:%s)(?:-\d+)*)")>' % names, mark, svg)
    space = b'xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" '
    return layered.replace(b"<svg ", b"<svg " + space, 1)


Halos = dict[bytes, bytes]
"""Style of the halo of each text, by its id."""


@contextmanager
def _bare(figure: Figure | None) -> Iterator[Halos]:
    """Take the halos off the texts of a figure for a while: text with an effect is no text."""
    texts: list[Any] = [] if figure is None else figure.findobj(Text)
    kept, halos = [], Halos()
    for number, text in enumerate(texts, start=1):
        kept.append((text, text.get_path_effects(), text.get_gid()))
        text.set_gid(f"text-{number}")
        for effect in text.get_path_effects():
            look = effect._gc
            halos[f"text-{number}".encode()] = (
                f"paint-order: stroke; stroke: {to_hex(look['foreground'])}; "
                f"stroke-opacity: {look['foreground'][3]}; stroke-linejoin: round; "
                f"stroke-width: {look['linewidth']:.2f}px; "
            ).encode()
        text.set_path_effects([])
    try:
        yield halos
    finally:
        for text, effects, gid in kept:
            text.set_path_effects(effects)
            text.set_gid(gid)


def _with_halos(svg: bytes, halos: Halos) -> bytes:
    """Give texts of an SVG their halos as a style of their own."""
    if not halos:
        return svg

    def styled(found: re.Match[bytes]) -> bytes:
        halo = halos.get(found["id"])
        return found[0] if halo is None else found[0] + halo

    return _TEXT.sub(styled, svg)


_TEXT = re.compile(rb'<g id="(?P<id>text-\d+)">\s*(?:<!--.*?-->\s*)?<text style="', re.DOTALL)
_OUTLINE = re.compile(rb' d="[^"<>]*"')
_LONG_NUMBER = re.compile(rb"-?\d+\.\d{3,}")


def _rounded(outline: re.Match[bytes]) -> bytes:
    """Round the coordinates of a path in an SVG to hundredths of a point: half the file."""
    return _LONG_NUMBER.sub(lambda number: b"%.2f" % float(number[0]), outline[0])
