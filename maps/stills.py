"""Several plans as one picture for print, a slide or a card: maps side by side, or a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, get_args

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from maps.alt_text import comparison_in_words
from maps.compared import ComparedPlan, ComparisonSummary
from maps.fitting import check_election, check_plan
from maps.interactive import notes_on
from maps.layout import Sheet, lay_out
from maps.lettering import write_names
from maps.linework import Linework
from maps.shading import VIEWS, View, has_voteless_units, leads, scale, shade
from maps.shown import own_style, tell
from maps.static import FINE, SIZES, Size, draw_map, plain_ground, simplified
from maps.style import Palette
from maps.summary import CREDIT
from maps.typeface import SANS, SANS_BOLD, SERIF, SERIF_BOLD, Typefaces, clean
from maps.typesetting import Block, Page
from shapefiles.units import Units

Form = Literal["pair", "maps", "table"]
FORMS: tuple[Form, ...] = get_args(Form)

MM = 72 / 25.4


class _Frame(NamedTuple):
    """A sheet: its measures in points, pixels an inch, sizes of type, and most maps on it."""

    width: float
    height: float | None
    dpi: int
    margin: float
    title: float
    body: float
    small: float
    most: int


FRAMES: dict[Size, _Frame] = {
    "slide": _Frame(960, 540, 144, 34, 30, 11, 8.5, 12),
    "column": _Frame(89 * MM, None, 300, 3 * MM, 17, 7.5, 6, 8),
    "page": _Frame(210 * MM, 297 * MM, 300, 15 * MM, 32, 11, 8, 12),
    "social": _Frame(600, 315, 144, 18, 20, 9, 6.5, 4),
}


def draw_compared(
    units: Units,
    plans: Sequence[ComparedPlan],
    summary: ComparisonSummary,
    election: str,
    *,
    form: Form = "maps",
    size: Size = "slide",
    view: View = "nations",
    theme: str = "light",
) -> Figure:
    """Draw some plans as one picture.

    Parameters
    ----------
    units
        Units with polygons; a table needs none.
    plans
        One or more, in order.
    summary
        What is written around them.
    election
        Which of ``units.votes`` shades the maps.
    form
        ``pair``: the first two plans side by side, or one above the other. ``maps``: small maps of
        as many plans as there is room for, spread evenly over all of them. ``table``: a line a
        plan, with as many of its figures as there is room for.
    size, view, theme
        As for :func:`maps.draw_static`.

    Returns
    -------
    matplotlib.figure.Figure
        :func:`maps.save_static` writes it; the same input gives the same figure.

    Raises
    ------
    ValueError
        When a plan is for other units, there are none, or two are needed; the units have no such
        election or no land; or the form, size, view or theme is unknown.
    """
    palettes = summary.palettes._asdict()
    for what, given, allowed in (
        ("form", form, FORMS),
        ("size", size, SIZES),
        ("view", view, VIEWS),
        ("theme", theme, palettes),
    ):
        if given not in allowed:
            raise ValueError(f"There is no {what} {given!r}; choose from {', '.join(allowed)}.")
    for one in plans:
        check_plan(units, one.plan, one.label)
    check_election(units, election)
    least = 2 if form == "pair" else 1
    if len(plans) < least:
        raise ValueError(f"The form {form!r} needs {least} plans or more; there are {len(plans)}.")
    palette = plain_ground(palettes[theme], size, theme)
    n_plans = len(plans)
    if form == "pair":
        plans = plans[:2]
    with own_style():
        still = _Still(units, plans, n_plans, summary, election, FRAMES[size], view, palette)
        figure = still.table() if form == "table" else still.maps()
    alt = comparison_in_words(summary, plans, units.n_units)
    tell(figure, clean(summary.title), clean(alt), clean(summary.source))
    return figure


class _Still:
    """A sheet on which some plans are set."""

    def __init__(
        self,
        units: Units,
        plans: Sequence[ComparedPlan],
        n_plans: int,
        summary: ComparisonSummary,
        election: str,
        frame: _Frame,
        view: View,
        palette: Palette,
    ) -> None:
        self.units, self.summary, self.election = units, summary, election
        self.frame, self.view, self.palette = frame, view, palette
        self.plans, self.n_plans = plans, n_plans
        nations = (clean(summary.nations[0]), clean(summary.nations[1]))
        has_no_votes = has_voteless_units(units.votes[election])
        self.legend = scale(view, palette, nations, has_no_votes=has_no_votes)
        texts = [summary.title, summary.subtitle, summary.election, summary.source, *summary.notes]
        texts += [summary.headline_name, CREDIT, *nations]
        texts += [
            text for one in plans for text in (one.label, one.headline, *sum(one.figures, ()))
        ]
        self.page = Page(frame.width, frame.dpi, palette, Typefaces([clean(one) for one in texts]))
        self.inner = frame.width - 2 * frame.margin

    def _head(self) -> Block:
        words, palette, frame = self.summary, self.palette, self.frame
        block = Block(self.page, self.inner)
        block.paragraph(clean(words.election), SANS, frame.body, palette.muted, most=1)
        block.paragraph(clean(words.title), SERIF_BOLD, frame.title, palette.ink, 1.16, most=2)
        block.paragraph(clean(words.subtitle), SERIF, 1.3 * frame.body, palette.muted, most=2)
        return block

    def _foot(self, notes: Sequence[str] = (), width: float | None = None) -> Block:
        source = f"Source: {self.summary.source}" if self.summary.source else ""
        told = [clean(one) for one in (*self.summary.notes, *notes, source, CREDIT) if one]
        text = " ".join(one if one.endswith((".", "!", "?")) else f"{one}." for one in told)
        block = Block(self.page, self.inner if width is None else width)
        block.paragraph(text, SANS, self.frame.small, self.palette.muted, 1.3, most=4)
        return block

    def _omission(self, n_shown: int) -> tuple[str, ...]:
        """Say that there are more plans than those that are shown."""
        is_all = n_shown == self.n_plans
        return () if is_all else (f"{n_shown} of the {self.n_plans} plans are shown",)

    def _caption(self, one: ComparedPlan, width: float) -> Block:
        block, size = Block(self.page, width), self.frame.body
        block.paragraph(clean(one.label), SANS_BOLD, size, self.palette.ink, 1.25, most=2)
        block.paragraph(clean(one.headline), SANS, size, self.palette.muted, 1.25, most=1)
        return block

    def maps(self) -> Figure:
        """Set maps in a grid, each under its name."""
        frame, page, margin = self.frame, self.page, self.frame.margin
        sheet = lay_out(self.units)
        west, south, east, north = (one * sheet.metres_per_unit for one in sheet.bounds)
        aspect = (east - west) / (north - south)
        plans = spread(self.plans, frame.most)
        legend = Block(page, min(self.inner, 26 * frame.body))
        legend.legend(self.legend, frame.body)
        # Beside the legend, or below it in a column.
        is_beside = frame.height is not None
        beside = legend.width + 2 * frame.body if is_beside else 0.0
        head = self._head()
        notes = (*self._omission(len(plans)), *notes_on(sheet))
        foot = self._foot(notes, self.inner - beside)
        band = max(legend.height, foot.height)
        band = band if is_beside else legend.height + foot.height + frame.body
        top = margin + head.height + frame.body
        gap = 1.6 * frame.body
        below = band + frame.body
        room = None if frame.height is None else frame.height - top - below - margin
        n_columns = self._columns(len(plans), aspect, room, gap)
        width = (self.inner - (n_columns - 1) * gap) / n_columns
        n_rows = -(-len(plans) // n_columns)
        captions = [self._caption(one, width) for one in plans]
        high = max(one.height for one in captions) + 0.3 * frame.body
        cell = width / max(aspect, 0.7) + high if room is None else (room + gap) / n_rows - gap
        height = frame.height or top + n_rows * (cell + gap) - gap + below + margin
        page.set_height(height)
        head.place(margin, margin)
        legend.place(margin, height - margin - band)
        foot.place(margin + beside, height - margin - foot.height)
        axes = []
        for number, caption in enumerate(captions):
            left = margin + number % n_columns * (width + gap)
            start = top + number // n_columns * (cell + gap)
            caption.place(left, start)
            box = (left, start + high, width, max(cell - high, 1.0))
            axes.append(self._axes(box, height, aspect, (west, east), (south, north)))
        self._draw(axes, plans, sheet)
        return page.figure

    def _columns(self, n_plans: int, aspect: float, room: float | None, gap: float) -> int:
        """Choose the number of columns that leaves maps largest; a column of print has two."""
        if room is None:
            return 1 if n_plans <= 2 else 2
        caption = 3.8 * self.frame.body

        def size(n_columns: int) -> float:
            n_rows = -(-n_plans // n_columns)
            wide = (self.inner - (n_columns - 1) * gap) / n_columns
            high = (room - (n_rows - 1) * gap) / n_rows - caption
            return min(wide, high * aspect)

        return max(range(1, n_plans + 1), key=size)

    def _axes(
        self,
        box: tuple[float, float, float, float],
        height: float,
        aspect: float,
        across: tuple[float, float],
        up: tuple[float, float],
    ) -> Axes:
        left, top, wide, high = box
        map_width = max(min(wide, high * aspect), 1.0)
        map_height = map_width / aspect
        bottom = height - top - map_height
        page = self.page
        axes = page.figure.add_axes(
            (left / page.width, bottom / height, map_width / page.width, map_height / height)
        )
        axes.set(xlim=across, ylim=up)
        axes.set_axis_off()
        return axes

    def _draw(self, axes: Sequence[Axes], plans: Sequence[ComparedPlan], sheet: Sheet) -> None:
        """Draw the plans; the land is made simpler once for all of them."""
        figure = self.page.figure
        metres = np.diff(axes[0].get_xlim())[0] / (axes[0].bbox.width * 72 / figure.dpi)
        polygons = simplified(sheet.polygons, metres / 4)
        linework = Linework(polygons, metres / 50)
        votes = self.units.votes[self.election]
        lead = leads(votes) if self.view == "margin" else None
        for number, (one, plan) in enumerate(zip(axes, plans, strict=True), start=1):
            one.set_gid(f"map-{number}")
            colours = shade(self.view, votes, plan.plan.assignment, self.palette)
            units, palette = self.units, self.palette
            draw_map(figure, one, units, plan.plan, linework, colours, lead, palette, f"-{number}")
            if one.bbox.width * 72 / figure.dpi > FINE:
                write_names(one, sheet, (), (), self.palette, self.page.typefaces)

    def table(self) -> Figure:
        """Set a line a plan, as many as there is room for."""
        frame, margin, page = self.frame, self.frame.margin, self.page
        head, foot = self._head(), self._foot()
        top = margin + head.height + 1.5 * frame.body
        leading = 1.9
        n_fit = len(self.plans)
        if frame.height is not None:
            room = frame.height - top - foot.height - margin - frame.body
            n_fit = int(room / (leading * frame.body)) - 2
            # One line less where a line says that there are more.
            n_fit = max(1, n_fit if n_fit >= len(self.plans) else n_fit - 1)
        plans = spread(self.plans, n_fit)
        body = Block(page, self.inner)
        body.columns(*_cells(plans, self.summary.headline_name), frame.body, leading)
        for text in self._omission(len(plans)):
            body.skip(0.5 * frame.body)
            body.paragraph(f"{text}.", SANS, frame.small, self.palette.muted)
        height = frame.height or top + body.height + frame.body + foot.height + margin
        page.set_height(height)
        head.place(margin, margin)
        body.place(margin, top)
        foot.place(margin, height - margin - foot.height)
        return page.figure


def _cells(plans: Sequence[ComparedPlan], headline: str) -> tuple[list[str], list[list[str]]]:
    """List heads and rows of a table; a dash stands for a figure that a plan has not."""
    measures = list(dict.fromkeys(name for one in plans for name, _ in one.figures))
    rows = []
    for one in plans:
        known = dict(one.figures)
        values = [known.get(name, "\N{EN DASH}") for name in measures]
        rows.append([clean(text) for text in (one.label, one.headline, *values)])
    return [clean(text) for text in ("Plan", headline, *measures)], rows


def spread(plans: Sequence[ComparedPlan], most: int) -> list[ComparedPlan]:
    """Choose at most so many plans, evenly, the first and the last among them."""
    n_shown = min(most, len(plans))
    return [plans[place] for place in np.linspace(0, len(plans) - 1, n_shown).round().astype(int)]
