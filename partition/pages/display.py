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
from solvers.result import COMPILING

if TYPE_CHECKING:
    from partition.answer import Report
    from partition.runs.run import Run
    from solvers.result import Progress

SECONDS_BETWEEN_LINES = 5.0
"""How often a search tells where it stands when nobody watches a terminal."""

PATIENCE = 3.0
"""Seconds after which it is said what a search waits for."""


class Watch:
    """Shows how a search is doing: one live line on a terminal, plain lines elsewhere.

    A plain line begins with a star where a better plan was found since the last. A live line says
    as much as fits.

    Parameters
    ----------
    console
        Where to; standard error, so that results alone go to standard output.
    voters
        Two-party voters, to show votes as a share; None where the objective is more than voters.
    scale
        Steps of a vote that the search counts.
    time_limit
        Seconds after which the search ends; no limit by default.
    cost
        What the one goal that is weighed is measured in, where less of it is better: ``"km"``.
    """

    def __init__(
        self,
        console: Console,
        voters: int | None,
        scale: int = 1,
        time_limit: float | None = None,
        cost: str = "",
    ) -> None:
        self._cost = cost
        self._console = console
        self._voters = voters
        self._scale = scale
        self._limit = "" if time_limit is None else f" of {time_limit:.10g}"
        self._opened = self._started = time.monotonic()
        self._last: Progress | None = None
        self._next_line = SECONDS_BETWEEN_LINES
        self._told: int | None = None
        self._waiting: tuple[int | None, int | None] | None = None

    def __call__(self, progress: Progress) -> None:
        """Take note of where the search stands."""
        self._last = progress
        # The clock of the screen goes on while the search is busy between two reports; that of a
        # search does not count what came before it.
        self._started = time.monotonic() - progress.seconds
        if self._is_waiting:
            self._started = self._opened
            self._tell_what_waits(progress)
        elif not self._console.is_terminal and progress.seconds >= self._next_line:
            self._print(progress)
            self._next_line += SECONDS_BETWEEN_LINES * (
                1 + (progress.seconds - self._next_line) // SECONDS_BETWEEN_LINES
            )

    @property
    def _is_waiting(self) -> bool:
        """Whether the search is being compiled, with its clock at rest."""
        return self._last is not None and self._last.phase == COMPILING

    def _tell_what_waits(self, progress: Progress) -> None:
        """Print a line for whatever is found or proven in a long wait for the loops."""
        known = progress.incumbent, progress.bound
        is_long = time.monotonic() - self._opened > PATIENCE
        if is_long and not self._console.is_terminal and known != self._waiting:
            self._waiting = known
            self._print(progress)

    def _print(self, progress: Progress) -> None:
        is_new = progress.incumbent != self._told
        self._told = progress.incumbent
        self._console.print(Text("* " if is_new else "  ") + self.line(), soft_wrap=True)

    def __rich__(self) -> RenderableType:
        return self.line(self._console.width)

    def line(self, width: int | None = None) -> Text:
        """Say in one line how long the search has run, what it has and what is proven.

        Parameters
        ----------
        width
            Columns that the line may take: what is less needed goes first. Any number by default.
        """
        seconds = time.monotonic() - self._started
        last = self._last
        if last is None:
            waits = (
                "; after an installation it compiles the search, once" if seconds > PATIENCE else ""
            )
            return Text(f"{seconds:5.1f} s  starting{waits}", no_wrap=True, overflow="ellipsis")
        # What is said, and how much it matters: the first number goes last.
        said = [(0, f"{seconds:5.1f}{self._limit} s"), (4, last.phase)]
        if self._is_waiting:  # the clock of the limit rests
            said = [(0, f"{seconds:5.1f} s"), (0, last.phase), (4, "after an installation")]
        if last.incumbent is not None:
            votes = f"{self._amount(last.incumbent)} {self._cost or 'votes'}"
            share = self._share(last.incumbent)
            said.append((0, f"found {share or votes}"))
            if share:
                said.append((3, f"({votes})"))
        if last.bound is not None:
            share = self._share(last.bound)
            said.append((0, f"bound {share or self._amount(last.bound)}"))
        if last.gap is not None:
            said.append((0, f"gap {wording.gap_percent(last.gap)}"))
        if last.n_rows:
            said.append((2, f"{last.n_rows:,} cuts, {last.n_nodes:,} nodes"))
        if last.incumbent is not None and width is not None:
            said.append((1, "Ctrl-C keeps it"))
        for matter in (4, 3, 2, 1):
            if width is None or len("  ".join(text for _, text in said)) <= width:
                break
            said = [one for one in said if one[0] < matter]
        return Text("  ".join(text for _, text in said), no_wrap=True, overflow="ellipsis")

    def _amount(self, steps: int) -> str:
        return f"{(max(0, -steps) if self._cost else steps) / self._scale:,.0f}"

    def _share(self, steps: int) -> str:
        """Write votes as a share of the voters; empty where they are not voters."""
        if self._voters is None:
            return ""
        return wording.percent(steps / self._scale / max(1, self._voters), 3)


@contextmanager
def watching(
    console: Console,
    voters: int | None,
    *,
    quiet: bool,
    scale: int = 1,
    time_limit: float | None = None,
    cost: str = "",
) -> Iterator[Watch | None]:
    """Show the progress of the search in this block, unless it is to be quiet."""
    if quiet:
        yield None
        return
    watch = Watch(console, voters, scale, time_limit, cost)
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
    lines: list[RenderableType] = [
        Text(title, style="bold"),
        Text(wording.headline(run.report)),
        Text(f"{wording.quality(run.result)} ({wording.ending(run.result)})"),
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
