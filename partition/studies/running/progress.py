"""What a person sees of a study: one bar over all of its runs, a line for each one that ends."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from math import ceil

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from partition.answer import wording
from partition.pages.display import SECONDS_BETWEEN_LINES
from partition.studies.running.jobs import Done, Watch
from partition.studies.running.missing import Failure
from partition.studies.running.under_way import Tracing, UnderWay
from shapefiles.errors import counted

MINUTE = 60.0
"""Seconds up to which nobody is told beforehand how long it takes."""


@contextmanager
def watching_study(
    console: Console,
    title: str,
    n_runs: int,
    *,
    quiet: bool,
    at_most: bool = False,
    survey_time: float = 0.0,
) -> Iterator[Watch]:
    """Show how far a study is, unless it is to be quiet.

    Parameters
    ----------
    console
        Console to write to; standard error, so that results alone go to standard output.
    title
        What is under way.
    n_runs
        Number of runs in the study.
    quiet
        Whether to show nothing.
    at_most
        Whether there may be fewer runs.
    survey_time
        Seconds that a survey takes at most after the runs.

    Yields
    ------
    Watch
        To be told of every run that has ended.
    """
    if quiet:
        yield lambda _: None
        return
    bar = Progress(
        TextColumn(title, markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[under_way]}", markup=False),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with bar:
        words = "at most " if at_most else ""
        yield _StudyWatch(console, bar, title, n_runs, words, survey_time)


class _StudyWatch:
    """Shows a line for each run that has ended, and how far those are that are under way."""

    def __init__(
        self,
        console: Console,
        bar: Progress,
        title: str,
        n_runs: int,
        at_most: str,
        survey_time: float,
    ) -> None:
        self._survey_time, self._is_foretold = survey_time, False
        self._console, self._bar, self._n_runs, self._at_most = console, bar, n_runs, at_most
        self._task, self._n_told = bar.add_task(title, total=n_runs, under_way=""), 0
        self._next_line = time.monotonic() + SECONDS_BETWEEN_LINES

    def __call__(self, done: Done) -> None:
        """Note that a run has ended."""
        self._n_told += 1
        text = f"{self._n_told} of {self._at_most}{self._n_runs}  {line(done)}"
        self._console.print(Text(text), soft_wrap=True)
        self._bar.update(self._task, advance=1, under_way="", refresh=True)

    def foretell(self, limits: Sequence[float], width: int | None) -> None:
        """Say once, before the first run, how long it may all take, where that is long."""
        left = self._n_runs - self._n_told if limits else 0
        if not self._is_foretold:
            self._is_foretold = True
            if width is not None and left > len(limits):  # some begin with what others have found
                width = 0
            text = how_long(left, max(limits, default=0.0), width, self._survey_time)
            self._console.print(Text(text), soft_wrap=True, end="\n" if text else "")

    def follow(self, runs: Sequence[UnderWay]) -> None:
        """Show the gap of every run under way: beside the bar, or every few seconds as a line."""
        told = "; ".join(_under_way(one) for one in runs)
        self._bar.update(self._task, under_way=told)
        now = time.monotonic()
        if told and self._bar.disable and now >= self._next_line:
            self._next_line = now + SECONDS_BETWEEN_LINES
            self._console.print(Text(f"under way  {told}"), soft_wrap=True)


def how_long(n_runs: int, limit: float, width: int | None, survey_time: float = 0.0) -> str:
    """Say how long runs, and a survey after them, take at most; nothing up to a minute.

    Parameters
    ----------
    n_runs, limit
        Number of runs, and seconds that each may be searched for.
    width
        Runs at a time; 0 where they wait for each other, None where it is the matter of a cluster.
    survey_time
        Seconds of the survey.

    Examples
    --------
    >>> how_long(2, 60, 1, 120)
    'Searching takes at most 4 minutes: 2 runs of up to 60 s, one at a time, and 120 s after them.'
    >>> how_long(21, 10, 2)
    'Searching takes at most 1.9 minutes: 21 runs of up to 10 s, 2 at a time.'
    >>> how_long(5, 60, 0)
    'Searching takes at most 5 minutes: 5 runs of up to 60 s.'
    >>> how_long(0, 60, 1, 90), how_long(3, 20, 1)
    ('Searching takes at most 1.5 minutes.', '')
    """
    runs = f"{counted(n_runs, 'run')} of up to {limit:g} s"
    if width is None:
        after = f"; then {survey_time:g} s here" if survey_time else ""
        return f"{runs}, on the cluster{after}." if n_runs * limit > MINUTE else ""
    seconds = ceil(n_runs / max(1, width)) * limit + survey_time
    if seconds <= MINUTE:
        return ""
    minutes = f"Searching takes at most {ceil(seconds / 6) / 10:,g} minutes"
    if not n_runs:
        return f"{minutes}."
    at_a_time = {0: "", 1: ", one at a time"}.get(width, f", {width:,} at a time")
    after = f", and {survey_time:g} s after them" if survey_time else ""
    return f"{minutes}: {runs}{at_a_time if n_runs > 1 else ''}{after}."


def _under_way(run: UnderWay) -> str:
    """Say in a few words how far a run is."""
    gap = "no plan or bound yet" if run.gap is None else f"gap {wording.percent(run.gap, 2)}"
    return f"{run.label}: {gap} after {run.seconds:.0f} s"


def line(done: Done) -> str:
    """Say in a line how a run has ended."""
    if isinstance(done.outcome, Failure):
        return f"{done.label}: {done.outcome.message}"
    report, result = done.outcome.report, done.outcome.result
    how = "finished before" if done.is_reused else f"{result.runtime:.1f} s"
    share = wording.percent(report.self_determination, 2)
    return f"{done.label}: {share} self-determined. {wording.quality(result)} ({how})"


@contextmanager
def tracing(
    console: Console, *, quiet: bool, title: str = "Tracing", found: str = "best plans"
) -> Iterator[Tracing]:
    """Show how far all that there is along a range is known, unless it is to be quiet.

    On a terminal it is a bar; elsewhere a line every few seconds.

    Parameters
    ----------
    console
        Console to write to.
    quiet
        Whether to show nothing.
    title
        What is under way.
    found
        What is found, such as all best plans along a weight.

    Yields
    ------
    Tracing
        To be told how many plans are found, and over which share of the range.
    """
    bar = Progress(
        TextColumn(title, markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn(f"{{task.fields[found]:,}} {found}", markup=False),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=quiet or not console.is_terminal,
    )
    task = bar.add_task("", total=1.0, found=0)
    start, next_line = time.monotonic(), SECONDS_BETWEEN_LINES

    def tell(number: int, share: float) -> None:
        nonlocal next_line
        bar.update(task, completed=share, found=number)
        seconds = time.monotonic() - start
        if bar.disable and not quiet and seconds >= next_line:
            next_line = seconds + SECONDS_BETWEEN_LINES
            text = f"{seconds:6.1f} s  {number:,} {found}, {100 * share:.0f} % of the range"
            console.print(Text(text), soft_wrap=True)

    with bar:
        yield tell


@contextmanager
def surveying(console: Console, *, quiet: bool) -> Iterator[Callable[[int, float], None]]:
    """Say every few seconds how many units a survey has not decided yet, unless it is to be quiet.

    Yields
    ------
    Callable
        To be told how many are undecided, and the seconds since the start.
    """
    next_line = SECONDS_BETWEEN_LINES

    def tell(n_open: int, seconds: float) -> None:
        nonlocal next_line
        if not quiet and seconds >= next_line:
            next_line = seconds + SECONDS_BETWEEN_LINES
            console.print(Text(f"{seconds:6.1f} s  {n_open:,} units undecided"), soft_wrap=True)

    yield tell
