"""What becomes of the best plan as a weight or a limit changes, with a bound at every point."""

# ruff: noqa: PLC0415 - drawing libraries take a second to load; a table needs none of them.
from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.jupyter import JupyterMixin

from partition.dataset import Dataset
from partition.errors import InputError, WriteError
from partition.formulate import formulate
from partition.objectives import weigh
from partition.outcome import Outcome
from partition.scenario import Scenario
from partition.studies.asking import Asked, Land, ask
from partition.studies.axis import Axis, parse_axis, plain
from partition.studies.breakpoints import Tracing, breakpoint_rows, is_traceable
from partition.studies.jobs import RUNS, Done, Watch, solve_all
from partition.studies.missing import (
    Failure,
    count_missing,
    require_plans,
    warn_of_missing,
    what_is_missing,
)
from partition.studies.sweep_plot import draw_sweep
from partition.studies.table import (
    NARROW_COLUMNS,
    Row,
    csv_rows,
    missing_rows,
    picture_bytes,
    row,
    write_files,
)
from partition.studies.worker import Job
from shapefiles.table_writing import json_text
from solvers.contiguity import broken_constraint
from solvers.parametric import CapacityError
from solvers.plan import Plan

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import RenderableType

N_NEIGHBOURS = 4
"""Plans of so many finished points are looked at for a start."""


@dataclass(frozen=True, slots=True, repr=False)
class Sweep(JupyterMixin):
    """Plans along one axis or two.

    Parameters
    ----------
    scenario
        What is asked but for the keys of the axes.
    axes
        What changes.
    rows
        Exact figures, a row a point; where `is_exact`, a row a plan, with the stretch of weights
        over which it is best.
    failures
        Points without a plan.
    is_exact
        Whether all weights were looked at, so that the rows are all best plans there are.
    election
        What the election is called.
    """

    scenario: Scenario
    axes: tuple[Axis, ...]
    rows: tuple[Row, ...]
    failures: tuple[Failure, ...]
    is_exact: bool
    election: str

    @property
    def missing(self) -> str:
        """Which plans the sweep lacks, and why, in words; empty where it has them all."""
        return what_is_missing(self.failures, len(self.rows) + len(self.failures))

    @property
    def table(self) -> pd.DataFrame:
        """The rows as a table of pandas."""
        import pandas as pd

        return pd.DataFrame(self.rows)

    def plot(self) -> Any:
        """Draw what the axis costs in self-determination.

        Returns
        -------
        matplotlib.figure.Figure
            :func:`maps.save_static` writes it.
        """
        return draw_sweep(
            self.scenario,
            self.axes,
            self.rows,
            election=self.election,
            is_exact=self.is_exact,
            note=count_missing(self.failures, len(self.rows) + len(self.failures)),
        )

    def write(self, folder: str | Path) -> tuple[Path, ...]:
        """Write ``sweep.csv``, ``.json``, ``.png`` and ``.svg``; returns the files.

        Raises
        ------
        IncompleteError
            When some of them cannot be drawn or written; the others are.
        WriteError
            When the folder cannot be written to.
        """
        plot = cache(self.plot)
        contents: dict[str, Callable[[], str | bytes]] = {
            "sweep.csv": lambda: csv_rows(self.rows + self._missing_rows()),
            "sweep.json": lambda: json_text(self.to_dict()),
            "sweep.png": lambda: picture_bytes(plot(), ".png"),
            "sweep.svg": lambda: picture_bytes(plot(), ".svg"),
        }
        return write_files(Path(folder), contents)

    def _missing_rows(self) -> tuple[Row, ...]:
        at = {
            name_point(self.axes, place): {
                axis.key: axis.values[value] for axis, value in zip(self.axes, place, strict=True)
            }
            for place in product(*(range(len(axis.values)) for axis in self.axes))
        }
        return tuple(one | at[one["label"]] for one in missing_rows(self.rows, self.failures))

    def to_dict(self) -> dict[str, Any]:
        """State everything but the plans as plain values, ready for JSON."""
        return {
            "scenario": self.scenario.to_table(),
            "axes": [{"key": axis.key, "values": list(axis.values)} for axis in self.axes],
            "is_exact": self.is_exact,
            "points": list(self.rows),
            "failures": [one._asdict() for one in self.failures],
            "missing": self.missing or None,
        }

    def __repr__(self) -> str:
        keys = " and ".join(axis.key for axis in self.axes)
        what = "best plans at all weights" if self.is_exact else "points"
        missing = count_missing(self.failures, len(self.rows) + len(self.failures))
        return (
            f"<Sweep of {self.scenario.name!r} over {keys}: {len(self.rows)} {what}"
            f"{missing and '. ' + missing}>"
        )

    def __rich__(self) -> RenderableType:
        from rich.console import Group
        from rich.table import Table
        from rich.text import Text

        table = Table()
        for axis in self.axes:
            table.add_column(axis.short)
        for title, _ in NARROW_COLUMNS:
            table.add_column(title, justify="right")
        n_shown = min(MOST_SHOWN, len(self.rows))
        places = np.linspace(0, len(self.rows) - 1, n_shown).round().astype(int)
        for one in (self.rows[place] for place in places):
            keys = [plain(one[axis.key]) for axis in self.axes]
            table.add_row(*keys, *(write(one) for _, write in NARROW_COLUMNS))
        parts: list[RenderableType] = [table]
        if n_shown < len(self.rows):
            parts.append(Text(f"{n_shown} of {len(self.rows):,} rows; the CSV has all of them."))
        if self.is_exact:
            parts.append(Text(f"{len(self.rows) - 1:,} weights change the best plan; all proven."))
        parts += [Text(f"{one.label}: {one.message}", style="red") for one in self.failures]
        return Group(*parts)


MOST_SHOWN = 20
"""Rows that a terminal shows."""


def sweep(
    scenario: Asked,
    axes: Sequence[str | Axis],
    *,
    election: str | int | None = None,
    time_limit: float | None = None,
    gap: float | None = None,
    seed: int | None = None,
    iterations: int | None = None,
    data: Land = None,
    runs: str | Path = RUNS,
    n_jobs: int | None = None,
    cluster: str | None = None,
    watch: Watch | None = None,
    on_progress: Tracing | None = None,
) -> Sweep:
    """Solve a scenario again and again while one or two of its numbers change.

    Without limits on pieces and budgets, and with one weight that counts units or edges, nothing is
    sampled: the best plans at all weights of the range are found as minimum cuts, with every weight
    at which they change (:mod:`solvers.parametric`), unless the numbers are too large for exact
    cuts. Otherwise each point is a run of its own, from
    the ends inwards, and begins with the best plan that points around it have.

    Parameters
    ----------
    scenario
        A shipped scenario's name, the path of a TOML file, or a scenario.
    axes
        One or two, as ``KEY=FROM:TO:N`` or as such.
    election, time_limit, gap, seed, iterations
        As for :func:`partition.solve`, for each run.
    data
        What to divide: units, or the files and columns of a map of one's own; unless given, what
        the scenario names or the data set that comes with the package.
    runs, n_jobs, cluster, watch
        As for :func:`partition.studies.jobs.solve_all`.
    on_progress
        Where nothing is sampled, told how many best plans are found, and over which share of the
        range they are all there are.

    Returns
    -------
    Sweep
        Every point with its plan's figures and a bound.

    Warns
    -----
    IncompleteStudyWarning
        When plans are missing that another try may find, because a disk was full or workers died.

    Raises
    ------
    InputError
        When a key, value or limit is not allowed, or the cluster cannot be used.
    NoPlanError
        When none of the runs has a plan.
    """
    (base,), dataset = ask(
        [scenario],
        data,
        election=election,
        time_limit=time_limit,
        gap=gap,
        seed=seed,
        iterations=iterations,
    )
    lines = tuple(one if isinstance(one, Axis) else parse_axis(one) for one in axes)
    if not 1 <= len(lines) <= 2 or len({axis.key for axis in lines}) < len(lines):
        raise InputError("A sweep has one axis, or two different ones.")
    election_title = dataset.ballot(base.election).title
    if is_traceable(base, lines):
        # Where the numbers are too large to find every breakpoint exactly, points will do.
        with suppress(CapacityError):
            rows = breakpoint_rows(base, lines[0], dataset.units, on_progress)
            return Sweep(base, lines, rows, (), is_exact=True, election=election_title)
    grid = _Grid(base, lines, dataset)
    for number, wave in enumerate(grid.waves()):
        jobs = [grid.job(place) for place in wave]
        try:
            solved = solve_all(
                jobs, dataset, runs=Path(runs), n_jobs=n_jobs, cluster=cluster, watch=watch
            )
            grid.take(wave, solved.outcomes, solved.failures)
        except (InputError, WriteError) as error:
            # The cluster or the disk is gone, with which the sweep had begun.
            if not number:
                raise
            lost = [Failure(job.label, str(error), 1) for job in jobs]
            if watch is not None:
                for one in lost:
                    watch(Done(one.label, one, is_reused=False))
            grid.take(wave, {}, lost)
    require_plans(grid.outcomes, grid.failures)
    found = Sweep(
        base,
        lines,
        grid.rows(),
        tuple(grid.failures),
        is_exact=False,
        election=election_title,
    )
    warn_of_missing(found.missing)
    return found


Place = tuple[int, ...]
"""Number of the value on each axis."""


def name_point(axes: Sequence[Axis], place: Place) -> str:
    """Name a point by its values; no two points have one name.

    Examples
    --------
    >>> name_point([Axis("weights.border", (0.0, 0.5))], (1,))
    'border 0.5'
    """
    pairs = zip(axes, place, strict=True)
    return ", ".join(f"{axis.short} {plain(axis.values[at])}" for axis, at in pairs)


class _Grid:
    """The points of a sweep and what is known of them so far."""

    def __init__(self, base: Scenario, axes: tuple[Axis, ...], dataset: Dataset) -> None:
        self.axes = axes
        self.dataset = dataset
        self.outcomes: dict[Place, Outcome] = {}
        self.failures: list[Failure] = []
        self._scenarios = {
            place: base.varied(self._settings(place))
            for place in product(*(range(len(axis.values)) for axis in axes))
        }

    def _settings(self, place: Place) -> dict[str, float | int]:
        return {axis.key: axis.values[at] for axis, at in zip(self.axes, place, strict=True)}

    def waves(self) -> list[list[Place]]:
        """Group the points so that each lies between points of earlier groups."""
        levels = [halving_levels(len(axis.values)) for axis in self.axes]
        waves: dict[int, list[Place]] = {}
        for place in self._scenarios:
            level = max(ranks[at] for ranks, at in zip(levels, place, strict=True))
            waves.setdefault(level, []).append(place)
        return [waves[level] for level in sorted(waves)]

    def label(self, place: Place) -> str:
        """Name a point."""
        return name_point(self.axes, place)

    def job(self, place: Place) -> Job:
        """State the run of a point, which begins with the best plan around it."""
        return Job(self.label(place), self._scenarios[place], self._start(place))

    def _start(self, place: Place) -> Plan | None:
        def distance(other: Place) -> int:
            return sum(abs(one - two) for one, two in zip(place, other, strict=True))

        near = sorted(self.outcomes, key=distance)[:N_NEIGHBOURS]
        if not near:
            return None
        formulation = formulate(self.dataset.units, self._scenarios[place])
        plans = [self.outcomes[other].plan for other in near]
        extended = [formulation.start(plan).assignment for plan in plans]
        values = {
            number: formulation.problem.objective(assignment)
            for number, assignment in enumerate(extended)
            if broken_constraint(formulation.problem, assignment) is None
        }
        return plans[max(values, key=lambda number: values[number])] if values else None

    def take(self, wave: Sequence[Place], outcomes: Any, failures: Sequence[Failure]) -> None:
        """Note what has come of some points."""
        self.failures.extend(failures)
        for place in wave:
            if self.label(place) in outcomes:
                self.outcomes[place] = outcomes[self.label(place)]

    def rows(self) -> tuple[Row, ...]:
        """Measure the points, in order."""
        return tuple(
            self._settings(place)
            | row(self.label(place), self.outcomes[place])
            | goals(self.outcomes[place], self.axes)
            for place in sorted(self.outcomes)
        )


def goals(outcome: Outcome, axes: Sequence[Axis]) -> Row:
    """Say how much of each swept goal a plan has, in the goal's unit of measure."""
    swept = {axis.key: 1.0 for axis in axes if axis.is_weight}
    weighed = weigh(outcome.dataset.units, outcome.scenario.override(settings=swept))
    account = weighed.account(outcome.plan.assignment)
    return {
        f"goal_{one.key}": float(np.round(one.amount, 6))
        for one in account
        if f"weights.{one.key}" in swept
    }


def halving_levels(n_values: int) -> list[int]:
    """Say in which round each value is looked at when intervals are halved, ends first.

    Examples
    --------
    >>> halving_levels(9)
    [0, 3, 2, 3, 1, 3, 2, 3, 0]
    """
    levels = [0] * n_values
    spans = [(0, n_values - 1, 1)]
    while spans:
        low, high, level = spans.pop()
        if high - low > 1:
            middle = (low + high) // 2
            levels[middle] = level
            spans += [(low, middle, level + 1), (middle, high, level + 1)]
    return levels
