"""Text, rules and legends on a printed sheet, block by block, in points from the top left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from maps.shading import Key, Scale
from maps.shown import ShownFigure
from maps.style import Palette
from maps.typeface import ASCENT, SANS, SANS_BOLD, SERIF, Typefaces

Align = Literal["left", "center", "right"]

HATCHING = "//////"
"""Pattern by which Matplotlib draws lines over an area."""

MOST_HEAD_LINES = 6
"""Lines that the head of a column may have: names of nations have up to 30 characters."""

_LONGEST_LINE = 400
"""Characters; more do not fit beside each other in any of the sizes in use."""


class Page:
    """A sheet to compose on.

    Parameters
    ----------
    width
        Width in points.
    dpi
        Pixels an inch of a picture in pixels.
    palette
        Colours of text and rules.
    typefaces
        Fonts that can draw every text of the sheet.
    """

    def __init__(self, width: float, dpi: int, palette: Palette, typefaces: Typefaces) -> None:
        self.width = width
        self.palette = palette
        self.typefaces = typefaces
        self.figure = ShownFigure(figsize=(width / 72, width / 72), dpi=dpi, facecolor=palette.page)
        self._upside_down = Affine2D()
        self.points = self._upside_down + self.figure.dpi_scale_trans

    def set_height(self, height: float) -> None:
        """Cut the sheet, in points, once it is known how much is on it."""
        self.figure.set_size_inches(self.width / 72, height / 72)
        self._upside_down.clear().scale(1 / 72, -1 / 72).translate(0, height / 72)

    def measure(self, text: str, family: str, size: float) -> float:
        """Measure the width of a text in points."""
        return self.typefaces.measure(text, family, size)

    def wrap(self, text: str, family: str, size: float, width: float, most: int = 6) -> list[str]:
        """Break a text into even lines at most `width` points wide; cut it after `most` lines."""
        lines = self.fill(text[: most * _LONGEST_LINE], family, size, width)
        if len(lines) > most:
            return [*lines[: most - 1], lines[most - 1][:-2] + "…"]
        low, high = width / len(lines), width
        while len(lines) > 1 and high - low > size / 4:
            middle = (low + high) / 2
            tried = self.fill(text, family, size, middle)
            low, high = (low, middle) if len(tried) == len(lines) else (middle, high)
        return self.fill(text, family, size, high)

    def fill(self, text: str, family: str, size: float, width: float) -> list[str]:
        """Break a text into lines, each as full as it can be."""
        space = self.measure(" ", family, size)
        lines, length = [""], 0.0
        for word in self._pieces(text, family, size, width):
            step = self.measure(word, family, size)
            if not lines[-1]:
                lines[-1], length = word, step
            elif length + space + step <= width:
                lines[-1], length = f"{lines[-1]} {word}", length + space + step
            else:
                lines.append(word)
                length = step
        return lines

    def _pieces(self, text: str, family: str, size: float, width: float) -> Iterator[str]:
        """List the words, those wider than a line in parts."""
        # A figure and its sign stay together.
        for word in text.replace(" %", "\N{NO-BREAK SPACE}%").split(" "):
            if self.measure(word, family, size) <= width:
                yield word
                continue
            part, length = "", 0.0
            for one in word:
                step = self.measure(one, family, size)
                if part and length + step > width:
                    yield part
                    part, length = "", 0.0
                part, length = part + one, length + step
            yield part


class Block:
    """Things that stand below one another in a column and move together.

    Parameters
    ----------
    page
        Where the column stands.
    width
        Its width in points.
    """

    def __init__(self, page: Page, width: float) -> None:
        self.page = page
        self.width = width
        self.height = 0.0
        self._offset = Affine2D()
        self._points = self._offset + page.points

    def place(self, left: float, top: float) -> None:
        """Move the block, in points from the top left of the sheet."""
        self._offset.clear().translate(left, top)

    def skip(self, height: float) -> None:
        """Leave some space, in points."""
        self.height += height

    def rule(self) -> None:
        """Draw a hairline across the column."""
        self._line(self.page.palette.rule)

    def paragraph(
        self,
        text: str,
        family: str,
        size: float,
        colour: str,
        leading: float = 1.3,
        most: int = 6,
    ) -> None:
        """Set a text in as many lines as it needs but at most `most`; nothing where it is empty."""
        for line in self.page.wrap(text, family, size, self.width, most) if text else ():
            self._baseline(line, 0, family, size, colour, leading)
            self.height += leading * size

    def figure_with_words(self, figure: str, words: str, size: float, small: float) -> None:
        """Set the one figure to remember, and the words that follow it at its right."""
        page, ink = self.page, self.page.palette.ink
        if not figure:
            return self.paragraph(words, SANS, small, ink)
        size = min(size, self.width / page.measure(figure, SERIF, 1))
        left = page.measure(figure, SERIF, size) + 0.35 * size
        beside = self.width - left > 9 * small
        lines = page.wrap(words, SANS, small, self.width - left if beside else self.width, 4)
        height = max(0.95 * size, 1.3 * small * len(lines)) if beside else 0.95 * size
        middle = self.height + height / 2
        self._text(figure, 0, middle + ASCENT * size / 2.2, SERIF, size, ink)
        if not beside:
            left, middle = 0, self.height + height + 0.65 * small * len(lines)
            height += 1.3 * small * len(lines)
        top = middle - 0.65 * small * len(lines)
        for number, line in enumerate(lines):
            self._text(line, left, top + small * (1.3 * number + 1), SANS, small, ink)
        self.height += height
        return None

    def _cut(self, name: str, family: str, size: float) -> str:
        """Cut a name to what a third of the column has room for."""
        return self.page.wrap(name, family, size, 0.33 * self.width, 1)[0]

    def legend(self, scale: Scale, size: float) -> None:
        """Explain the colours."""
        palette, page = self.page.palette, self.page
        self.paragraph(scale.title, SANS, size, palette.ink)
        strips = scale.strips
        if scale.limits:  # the colours need most of the room
            strips = tuple((self._cut(label, SANS, size), own) for label, own in strips)
        labels = [page.measure(label, SANS, size) for label, _ in strips]
        left = max(labels) + 0.7 * size if max(labels) else 0.0
        length = self.width - left if scale.limits else 2.4 * size
        for label, colours in strips:
            self.skip(0.4 * size)
            step = length / len(colours)
            self._text(label, 0, self.height + 0.85 * size, SANS, size, palette.ink)
            for number, colour in enumerate(colours):
                gap = 0.08 * size if number else 0.0
                self._box(left + number * step + gap, step - gap, 0.95 * size, colour)
            self.skip(0.95 * size)
        small = 0.85 * size
        if scale.limits:
            self.skip(0.15 * size)
            step = length / (len(scale.limits) + 1)
            for number, limit in enumerate(scale.limits, start=1):
                at = left + number * step
                self._baseline(limit, at, SANS, small, palette.muted, 1.35, "center")
            self.skip(1.35 * small)
        if scale.ends:
            self._baseline(scale.ends[0], left, SANS, small, palette.muted, 1.3)
            self._baseline(scale.ends[1], self.width, SANS, small, palette.muted, 1.3, "right")
            self.skip(1.3 * small)
        for key in scale.keys:
            self._key(key, size)

    def _key(self, key: Key, size: float) -> None:
        """Explain a mark that stands by itself."""
        palette, length = self.page.palette, 2 * size
        if key.mark == "line":
            middle = self.height + 0.65 * size
            self._line(key.colour, 0, length, middle)
        else:
            self._box(0, length, 0.85 * size, key.colour, self.height + 0.22 * size, palette.page)
        self._baseline(key.label, length + 0.7 * size, SANS, size, palette.ink, 1.3)
        self.skip(1.3 * size)

    def table(
        self,
        rows: Sequence[tuple[str, str, str]],
        names: tuple[str, str],
        size: float,
        leading: float,
    ) -> None:
        """Set the figures of both nations: what, blue, red; under the names of the nations."""
        if not rows:
            return
        page, palette = self.page, self.page.palette
        red, blue = palette.nations
        columns = list(zip(*rows, strict=True))[1:]
        heads = [self._cut(one, SANS_BOLD, size) for one in names]
        widths = [
            max(
                *(page.measure(one, SANS, size) for one in column),
                page.measure(head, SANS_BOLD, size) + 1.1 * size,
            )
            for head, column in zip(heads, columns, strict=True)
        ]
        rights = (self.width - widths[1] - size, self.width)
        for head, right, colour in zip(heads, rights, (blue, red), strict=True):
            start = right - page.measure(head, SANS_BOLD, size)
            self._baseline(head, right, SANS_BOLD, size, palette.ink, leading, "right")
            top = self.height + (leading - 0.75) / 2 * size
            self._box(start - 1.05 * size, 0.75 * size, 0.75 * size, colour, top)
        self.height += leading * size
        room = rights[0] - widths[0] - 0.5 * size
        for label, *figures in rows:
            self.rule()
            for figure, right in zip(figures, rights, strict=True):
                self._baseline(figure, right, SANS, size, palette.ink, leading, "right")
            lines = page.wrap(label, SANS, size, max(room, 4 * size), 2)
            for line in lines[:-1]:
                self._baseline(line, 0, SANS, size, palette.ink, leading)
                self.height += 1.2 * size
            self._baseline(lines[-1], 0, SANS, size, palette.ink, leading)
            self.height += leading * size

    def columns(
        self, heads: Sequence[str], rows: Sequence[Sequence[str]], size: float, leading: float
    ) -> None:
        """Set a table: names at the left, and as many columns of figures as there is room for."""
        page, palette = self.page, self.page.palette
        small = 0.85 * size
        names = [page.wrap(row[0], SANS_BOLD, size, 0.45 * self.width, 1)[0] for row in rows]
        longest = max(page.measure(one, SANS_BOLD, size) for one in names)
        left, rights = max(longest, 0.2 * self.width), list[tuple[int, float]]()
        for number in range(1, len(heads)):
            widest = max(page.measure(row[number], SANS, size) for row in rows)
            words = max(page.measure(word, SANS, small) for word in heads[number].split() or [""])
            left += max(widest, words) + 1.4 * size
            if left > self.width:
                break
            rights.append((number, left))
        spare = (self.width - rights[-1][1]) / len(rights) if rights else 0.0
        places = [(number, at + spare * k) for k, (number, at) in enumerate(rights, start=1)]
        before = [max(longest, 0.2 * self.width), *(at for _, at in places)]
        rooms = [at - start - 0.6 * size for (_, at), start in zip(places, before, strict=False)]
        titles = [
            page.fill(heads[number], SANS, small, room)[:MOST_HEAD_LINES]
            for (number, _), room in zip(places, rooms, strict=True)
        ]
        n_lines = max([1, *map(len, titles)])
        for (_, at), lines in zip(places, titles, strict=True):
            for k, line in enumerate(lines, start=n_lines - len(lines)):
                y = self.height + 1.25 * small * (k + 0.85)
                self._text(line, at, y, SANS, small, palette.muted, "right")
        self._text(
            heads[0], 0, self.height + 1.25 * small * (n_lines - 0.15), SANS, small, palette.muted
        )
        self.height += 1.25 * small * n_lines + 0.5 * size
        for name, row in zip(names, rows, strict=True):
            self.rule()
            self._baseline(name, 0, SANS_BOLD, size, palette.ink, leading)
            for number, at in places:
                self._baseline(row[number], at, SANS, size, palette.ink, leading, "right")
            self.height += leading * size

    def _baseline(
        self,
        text: str,
        x: float,
        family: str,
        size: float,
        colour: str,
        leading: float,
        align: Align = "left",
    ) -> None:
        """Write a line so that its capitals stand in the middle of its height."""
        y = self.height + (leading + ASCENT) / 2 * size
        self._text(text, x, y, family, size, colour, align)

    def _text(
        self,
        text: str,
        x: float,
        y: float,
        family: str,
        size: float,
        colour: str,
        align: Align = "left",
    ) -> None:
        self._add(
            Text(
                x,
                y,
                self.page.typefaces.drawable(text),
                color=colour,
                fontproperties=self.page.typefaces.font(family, size),
                horizontalalignment=align,
                verticalalignment="baseline",
                # Dollar signs are money here, not formulas.
                parse_math=False,
            )
        )

    def _line(
        self, colour: str, left: float = 0, right: float | None = None, top: float | None = None
    ) -> None:
        y = self.height if top is None else top
        path = Path([(left, y), (self.width if right is None else right, y)])
        self._add(PathPatch(path, facecolor="none", edgecolor=colour, linewidth=0.6))

    def _box(
        self,
        x: float,
        width: float,
        height: float,
        colour: str,
        top: float | None = None,
        hatching: str | None = None,
    ) -> None:
        y = self.height if top is None else top
        corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)]
        hatched = {"hatch": HATCHING, "edgecolor": hatching} if hatching else {}
        self._add(PathPatch(Path(corners, closed=True), facecolor=colour, linewidth=0, **hatched))

    def _add(self, artist: Any) -> None:
        artist.set_transform(self._points)
        artist.set_clip_on(False)
        self.page.figure.add_artist(artist)
