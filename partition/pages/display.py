"""What a person sees in the terminal: the live line of a search, and what came of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from textwrap import wrap
from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from partition.answer import wording
from partition.land.ballot import COLOURS
from partition.pages import asked
from partition.question import left_out
from shapefiles.embedded.card import data_card
from shapefiles.embedded.read import FILES, data_hashes

if TYPE_CHECKING:
    from partition.answer import Report
    from partition.runs.run import Run
    from solvers.result import Progress

SECONDS_BETWEEN_LINES = 5.0
"""How often a search tells where it stands when nobody watches a terminal."""


class Watch:
    """Shows how a search is doing: one live line on a terminal, plain lines elsewhere.

    A plain line begins with a star where a better plan was found since the last.

    Parameters
    ----------
    console
        Where to; standard error, so that results alone go to standard output.
    voters
        Two-party voters, to show votes as a share; None where the objective is more than voters.
    scale
        Steps of a vote that the search counts.
    """

    def __init__(self, console: Console, voters: int | None, scale: int = 1) -> None:
        self._console = console
        self._voters = voters
        self._scale = scale
        self._started = time.monotonic()
        self._last: Progress | None = None
        self._next_line = SECONDS_BETWEEN_LINES
        self._told: int | None = None

    def __call__(self, progress: Progress) -> None:
        """Take note of where the search stands."""
        self._last = progress
        if not self._console.is_terminal and progress.seconds >= self._next_line:
            is_new = progress.incumbent != self._told
            self._told = progress.incumbent
            self._console.print(Text("* " if is_new else "  ") + self.line(), soft_wrap=True)
            self._next_line += SECONDS_BETWEEN_LINES * (
                1 + (progress.seconds - self._next_line) // SECONDS_BETWEEN_LINES
            )

    def __rich__(self) -> RenderableType:
        return self.line()

    def line(self) -> Text:
        """Say in one line how long the search has run, what it has and what is proven."""
        last = self._last
        # The clock of the screen goes on while the search is busy between two reports.
        parts = [f"{time.monotonic() - self._started:5.1f} s", last.phase if last else "starting"]
        if last and last.incumbent is not None:
            votes = f"{last.incumbent / self._scale:,.0f} votes"
            share = self._share(last.incumbent)
            parts.append(f"found {share} ({votes})" if share else f"found {votes}")
        if last and last.bound is not None:
            share = self._share(last.bound)
            parts.append(f"bound {share or f'{last.bound / self._scale:,.0f}'}")
        if last and last.gap is not None:
            parts.append(f"gap {wording.gap_percent(last.gap)}")
        if last and last.n_rows:
            parts.append(f"{last.n_rows:,} cuts, {last.n_nodes:,} nodes")
        return Text("  ".join(parts), no_wrap=True, overflow="ellipsis")

    def _share(self, steps: int) -> str:
        """Write votes as a share of the voters; empty where they are not voters."""
        if self._voters is None:
            return ""
        return wording.percent(steps / self._scale / max(1, self._voters), 3)


@contextmanager
def watching(
    console: Console, voters: int | None, *, quiet: bool, scale: int = 1
) -> Iterator[Watch | None]:
    """Show the progress of the search in this block, unless it is to be quiet."""
    if quiet:
        yield None
        return
    watch = Watch(console, voters, scale)
    if not console.is_terminal:
        yield watch
        return
    with Live(watch, console=console, refresh_per_second=5, transient=True):
        yield watch


def figures_table(report: Report) -> Table:
    """Set the figures of both nations side by side."""
    table = Table(caption=wording.frontier(report.whole), caption_justify="left")
    table.add_column("")
    ballot = report.ballot
    for name, own, colour in zip(ballot.nation_names, ballot.colours, COLOURS, strict=True):
        table.add_column(Text(f"{name} nation"), justify="right", style=own or colour)
    for row in wording.rows(report):
        table.add_row(*map(Text, row))
    return table


def nations_table(run: Run) -> RenderableType:
    """Set the figures of both nations side by side, under the headline."""
    title = ": ".join(filter(None, (run.scenario.title, run.report.ballot.title)))
    ended = f"({run.result.status}, {run.result.runtime:.1f} s)"
    lines: list[RenderableType] = [
        Text(title, style="bold"),
        Text(wording.headline(run.report)),
        Text(f"{wording.quality(run.result)} {ended}"),
        figures_table(run.report),
    ]
    lands = (wording.by_landmass(run.report), wording.by_piece(run.report))
    lines += map(Text, filter(None, lands))
    lines += map(Text, asked.notes(run))
    lines += map(Text, wording.repairs(run.dataset.repairs))
    return Group(*lines)


def measured_table(run: Run) -> RenderableType:
    """Set the figures of a given plan side by side, under what it is held against."""
    return Group(
        Text(wording.headline(run.report)),
        Text(run.verdict),
        figures_table(run.report),
        *map(Text, left_out.sentences(run.question.units, run.scenario)),
    )


def data_card_lines() -> Iterator[str]:
    """Write the data card as plain text, a paragraph a column, and the hash of every file."""
    table = ""
    for entry in data_card():
        if entry.table != table:
            table = entry.table
            yield f"\n{FILES[table]}\n  SHA-256 {data_hashes()[FILES[table]]}\n"
        yield f"  {entry.column}: {entry.meaning} ({entry.measure})"
        yield f"      {entry.source}, {entry.vintage}. {entry.licence}."
        if entry.deviations:
            yield from wrap(
                f"{entry.deviations}.", 96, initial_indent=" " * 6, subsequent_indent=" " * 6
            )
