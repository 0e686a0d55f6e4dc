"""Where words and map go on a slide, on a page and in a column of print."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from maps.layout import Sheet
from maps.shading import Scale
from maps.style import Palette
from maps.summary import CREDIT, MapSummary
from maps.typeface import SANS, SERIF, SERIF_BOLD, Typefaces, clean
from maps.typesetting import Block, Page

_MM = 72 / 25.4


@dataclass(frozen=True, slots=True)
class _Words:
    """Sizes of type in points."""

    kicker: float
    title: float
    standfirst: float
    headline: float
    body: float
    small: float


class Composition:
    """The ways to arrange words and map; each hands back the sheet and the axes of the map.

    Parameters
    ----------
    words
        What is written, as :func:`cleaned` returns it.
    palette
        Colours of text and legend.
    sheet
        What the map shows.
    legend
        What its colours mean.
    typefaces
        Fonts that can draw every word.
    """

    def __init__(
        self, words: MapSummary, palette: Palette, sheet: Sheet, legend: Scale, typefaces: Typefaces
    ) -> None:
        self.words = words
        self.palette = palette
        self.legend = legend
        self.typefaces = typefaces
        west, south, east, north = (one * sheet.metres_per_unit for one in sheet.bounds)
        self.extent = west, south, east, north
        self.aspect = (east - west) / (north - south)

    def slide(self) -> tuple[Figure, Axes]:
        """Compose 960 by 540 points: words at the left, the map at the right."""
        width, height, margin = 960.0, 540.0, 34.0
        page = Page(width, 144, self.palette, self.typefaces)
        page.set_height(height)
        type_ = _Words(12, 32, 15, 46, 11, 8.5)
        head = self._head(Block(page, width - 2 * margin), type_)
        head.place(margin, 26)
        foot = Block(page, width - 2 * margin)
        foot.paragraph(" ".join(self._notes()), SANS, type_.small, self.palette.muted, 1.35, most=3)
        foot.place(margin, height - 22 - foot.height)
        top, bottom = 26 + head.height + 12, height - 22 - foot.height - 10
        aside = Block(page, 240)
        aside.rule()
        aside.skip(9)
        aside.figure_with_words(
            self.words.headline, self.words.headline_text, type_.headline, type_.body
        )
        aside.skip(9)
        aside.rule()
        aside.skip(12)
        aside.legend(self.legend, 10.5)
        aside.skip(12)
        status = Block(page, aside.width)
        status.paragraph(self.words.status, SANS, type_.body, self.palette.ink, most=2)
        room = bottom - top - aside.height - 8 - status.height
        leading = min(max(room / (10.5 * (len(self.words.table) + 1)), 1.3), 1.5)
        n_rows = int(room / (10.5 * leading)) - 1
        aside.table(self.words.table[: max(n_rows, 0)], self.words.nations, 10.5, leading)
        status.place(margin, top + aside.height + 8)
        aside.place(margin, top)
        left = margin + aside.width + 26
        return self._axes(page, (left, top, width - 0.6 * margin - left, bottom - top), height)

    def social(self) -> tuple[Figure, Axes]:
        """Compose 600 by 315 points, the card of a link: little to read, the map at the right."""
        width, height, margin = 600.0, 315.0, 18.0
        page = Page(width, 144, self.palette, self.typefaces)
        page.set_height(height)
        type_ = _Words(8.5, 20, 10.5, 34, 9, 6.5)
        foot = Block(page, width - 2 * margin)
        foot.paragraph(" ".join(self._notes()), SANS, type_.small, self.palette.muted, 1.3, most=2)
        foot.place(margin, height - 12 - foot.height)
        head = self._head(Block(page, width - 2 * margin), type_)
        head.place(margin, 14)
        top, bottom = 14 + head.height + 8, height - 12 - foot.height - 6
        aside = Block(page, 168)
        aside.figure_with_words(
            self.words.headline, self.words.headline_text, type_.headline, type_.body
        )
        aside.skip(8)
        aside.legend(self.legend, 8)
        aside.place(margin, top)
        left = margin + aside.width + 14
        return self._axes(page, (left, top, width - margin - left, bottom - top), height)

    def page(self) -> tuple[Figure, Axes]:
        """Compose A4 upright: the map across the page, words above and below it."""
        width, height, margin = 210 * _MM, 297 * _MM, 15 * _MM
        inner = width - 2 * margin
        page = Page(width, 300, self.palette, self.typefaces)
        page.set_height(height)
        type_ = _Words(10.5, 36, 16, 50, 11, 8)
        head = self._head(Block(page, inner), type_)
        head.place(margin, margin)
        top = margin + head.height + 12
        gutter = 24.0
        half = (inner - gutter) / 2
        one, other = Block(page, half), Block(page, half)
        one.figure_with_words(
            self.words.headline, self.words.headline_text, type_.headline, type_.body
        )
        other.legend(self.legend, 10)
        band = max(one.height, other.height)
        line = Block(page, inner)
        line.rule()
        line.skip(band + 22)
        line.rule()
        line.place(margin, top)
        one.place(margin, top + 11 + (band - one.height) / 2)
        other.place(margin + half + gutter, top + 11 + (band - other.height) / 2)
        wide = inner * 0.58
        table, notes = Block(page, wide), Block(page, inner - wide - gutter)
        table.table(self.words.table[:14], self.words.nations, 10.5, 1.65)
        notes.paragraph(self.words.status, SERIF, 15, self.palette.ink, 1.25)
        notes.skip(8)
        for note in self._notes():
            notes.paragraph(note, SANS, type_.small, self.palette.muted, 1.4)
            notes.skip(4)
        foot = max(table.height, notes.height)
        start = height - margin - foot
        table.place(margin, start)
        notes.place(margin + wide + gutter, start)
        top += line.height + 10
        return self._axes(page, (margin, top, inner, start - 14 - top), height)

    def column(self) -> tuple[Figure, Axes]:
        """Compose a column of 89 mm: everything below one another, as high as it needs to be."""
        width, margin = 89 * _MM, 3 * _MM
        inner = width - 2 * margin
        page = Page(width, 300, self.palette, self.typefaces)
        type_ = _Words(7, 19, 9.5, 27, 7.5, 6)
        head = self._head(Block(page, inner), type_)
        head.place(margin, margin)
        top = margin + head.height + 7
        map_height = inner / max(self.aspect, 0.7)
        rest = Block(page, inner)
        rest.figure_with_words(
            self.words.headline, self.words.headline_text, type_.headline, type_.body
        )
        rest.skip(5)
        rest.legend(self.legend, 7)
        rest.skip(7)
        rest.table(self.words.table, self.words.nations, 7, 1.55)
        rest.skip(6)
        rest.paragraph(self.words.status, SANS, type_.body, self.palette.ink)
        rest.skip(4)
        rest.paragraph(" ".join(self._notes()), SANS, type_.small, self.palette.muted, 1.35)
        rest.place(margin, top + map_height + 9)
        height = top + map_height + 9 + rest.height + margin
        page.set_height(height)
        return self._axes(page, (margin, top, inner, map_height), height)

    def _head(self, block: Block, type_: _Words) -> Block:
        words, palette = self.words, self.palette
        block.paragraph(words.election, SANS, type_.kicker, palette.muted, most=1)
        block.paragraph(words.title, SERIF_BOLD, type_.title, palette.ink, 1.16, most=2)
        block.skip(0.15 * type_.standfirst)
        block.paragraph(words.subtitle, SERIF, type_.standfirst, palette.muted, 1.3, most=3)
        return block

    def _notes(self) -> list[str]:
        source = f"Source: {self.words.source}" if self.words.source else ""
        sentences = [*self.words.notes, source, CREDIT]
        return [one if one.endswith((".", "!", "?")) else f"{one}." for one in sentences if one]

    def _axes(
        self, page: Page, box: tuple[float, float, float, float], height: float
    ) -> tuple[Figure, Axes]:
        """Make axes as large as the box allows, in its middle; the box in points from the top."""
        left, top, wide, high = box
        map_width = max(min(wide, high * self.aspect), 1.0)
        map_height = map_width / self.aspect
        left += (wide - map_width) / 2
        bottom = height - top - (high + map_height) / 2
        axes = page.figure.add_axes(
            (left / page.width, bottom / height, map_width / page.width, map_height / height)
        )
        west, south, east, north = self.extent
        axes.set(xlim=(west, east), ylim=(south, north))
        axes.set_axis_off()
        return page.figure, axes


def cleaned(summary: MapSummary) -> MapSummary:
    """Bring every text to a line that can be drawn."""
    return MapSummary(
        title=clean(summary.title),
        headline=clean(summary.headline),
        headline_text=clean(summary.headline_text),
        subtitle=clean(summary.subtitle),
        election=clean(summary.election),
        table=tuple((clean(a), clean(b), clean(c)) for a, b, c in summary.table),
        status=clean(summary.status),
        source=clean(summary.source),
        notes=tuple(map(clean, summary.notes)),
        parties=summary.parties,
        nations=(clean(summary.nations[0]), clean(summary.nations[1])),
        palettes=summary.palettes,
        people_year=summary.people_year,
    )


def texts_of(words: MapSummary) -> list[str]:
    """List all texts that are drawn, for the choice of fonts."""
    cells = [cell for row in words.table for cell in row]
    return [
        words.title,
        words.headline,
        words.headline_text,
        words.subtitle,
        words.election,
        words.status,
        words.source,
        *words.notes,
        CREDIT,
        *words.nations,
        *cells,
    ]
