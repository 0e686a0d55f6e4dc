"""What becomes of the best plan as a weight or a limit changes, with a bound at every point."""

# ruff: noqa: PLC0415 - drawing libraries take a second to load; a table needs none of them.
from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from rich.jupyter import JupyterMixin

from partition.errors import InputError
from partition.filenames import file_name
from partition.land.ballot import Ballot
from partition.question.asking import Asked, ask
from partition.question.formulate import check_election
from partition.question.question import Question
from partition.scenario import Overrides, Scenario, Sides
from partition.scenario.then import refuse_several
from partition.studies.running.jobs import RUNS, Watch, Workers
from partition.studies.running.missing import (
    Failure,
    count_missing,
    require_plans,
    warn_of_missing,
    what_is_missing,
)
from partition.studies.running.places import SWEEP, identify_study
from partition.studies.running.rounds import solve_rounds
from partition.studies.running.under_way import Tracing
from partition.studies.sweeping.adaptive import POINTS, Effort, EnvelopeSearch, check_effort
from partition.studies.sweeping.axis import MOST_POINTS, Axis, plain
from partition.studies.sweeping.breakpoints import breakpoint_rows, is_traceable
from partition.studies.sweeping.grid import Grid, name_point
from partition.studies.sweeping.references import shipped_plans
from partition.studies.sweeping.region import ProvenRegion
from partition.studies.sweeping.sides import (
    BLUE,
    RED,
    Fair,
    between_sides,
    fair_plans,
    is_between_sides,
    sentences,
    stated,
)
from partition.studies.sweeping.sweep_page import sweep_markdown
from partition.studies.table import (
    Row,
    csv_rows,
    missing_rows,
    narrow_columns,
    page_bytes,
    picture_bytes,
    write_files,
)
from partition.studies.terminal import shown_rows
from shapefiles.errors import shown
from shapefiles.table_writing import json_text
from solvers.parametric import CapacityError
from solvers.plan import Plan

if TYPE_CHECKING:
    import folium
    import pandas as pd
    from matplotlib.figure import Figure
    from rich.console import RenderableType

    from partition.land.given import Data


@dataclass(frozen=True, slots=True, repr=False)
class Sweep(JupyterMixin):
    """Plans along one axis or two.

    Parameters
    ----------
    question
        What is asked but for the keys of the axes.
    axes
        What changes.
    rows
        Exact figures, a row a point; where `is_exact`, a row a plan, with the stretch of weights
        over which it is best.
    plans
        The plan of each row.
    failures
        Points without a plan.
    is_exact
        Whether all weights were looked at, so that the rows are all best plans there are.
    region
        What the points of one weight prove of all weights between them; None where all of them
        were looked at, for other axes, and where nothing is proven.
    asked
        The axes as they were asked for; those of the points unless given.
    references
        Plans of finished runs of shipped scenarios, by title, which the chart shows as lines.
    effort
        When a sweep that chose its own points was to end.
    """

    document: ClassVar[str] = SWEEP

    question: Question
    axes: tuple[Axis, ...]
    rows: tuple[Row, ...]
    plans: tuple[Plan, ...]
    failures: tuple[Failure, ...]
    is_exact: bool
    region: ProvenRegion | None = None
    asked: tuple[Axis, ...] = ()
    references: Mapping[str, Plan] = field(default_factory=dict)
    effort: Effort = field(default_factory=Effort)

    @property
    def ballot(self) -> Ballot:
        """What the election and its sides are called and coloured."""
        return self.question.ballot

    @property
    def scenario(self) -> Scenario:
        """What is asked but for the keys of the axes."""
        return self.question.scenario

    @property
    def identity(self) -> str:
        """Hash of all that is asked, by which a study is told from another one in its place."""
        asked = [[axis.key, *axis.values] for axis in self.asked or self.axes]
        # Only what is not as usual, so that studies of before are recognized. One that ends earlier
        # has fewer points, and must not take the place of one with more.
        effort = {} if self.effort == Effort() else {"effort": asdict(self.effort)}
        return identify_study("sweep", [self.question], axes=asked, **effort)

    @property
    def slug(self) -> str:
        """Name of the folder that a command writes it to unless another one is given."""
        keys = (one.short.replace(".", "-") for one in self.axes)
        return file_name("-".join(["sweep", self.scenario.slug, *keys]))

    @property
    def fair(self) -> tuple[Fair, ...]:
        """The plans that are best in what both sides have, where the sides are what changes."""
        from partition.studies.sweeping.proofs import bounds_of

        if not is_between_sides(self.axes):
            return ()
        return fair_plans(self.rows, tuple(bounds_of(self, {BLUE, RED})))

    @property
    def missing(self) -> str:
        """Which plans the sweep lacks, and why, in words; empty where it has them all."""
        return what_is_missing(self.failures, len(self.rows) + len(self.failures))

    @property
    def table(self) -> pd.DataFrame:
        """The rows as a table of pandas."""
        import pandas as pd

        return pd.DataFrame(self.rows)

    def map(self) -> folium.Map:
        """Draw all plans on one page that goes from one to the next, beside their trade-off.

        Returns
        -------
        folium.Map
            A notebook shows it; :func:`maps.save` writes it to one file.

        Raises
        ------
        InputError
            When the units have no polygons.
        """
        import maps
        from partition.pages.drawing import require_polygons
        from partition.studies.explore import explored_sweep

        require_polygons(self.question.units)
        return maps.explore(self.question.units, explored_sweep(self), self.question.election)

    def plot(self) -> Figure:
        """Draw the trade-off, or two axes as a field, and some of the plans as small maps.

        Returns
        -------
        matplotlib.figure.Figure
            :func:`maps.save_static` writes it.
        """
        import maps
        from partition.studies.explore import explored_sweep

        return maps.draw_explored(self.question.units, explored_sweep(self))

    def write(self, folder: str | Path) -> tuple[Path, ...]:
        """Write the table as CSV, JSON and Markdown, the page, and a picture as PNG, SVG and PDF.

        Units without polygons have no page. Returns the files.

        Raises
        ------
        InputError
            When one of them is a file that the study was made from, or the folder holds a run.
        IncompleteError
            When some of them cannot be drawn or written; the others are.
        WriteError
            When the folder cannot be written to.
        """
        plot = cache(self.plot)
        contents: dict[str, Callable[[], str | bytes]] = {
            "sweep.csv": lambda: csv_rows(self.rows + self._missing_rows()),
            self.document: lambda: json_text(self.to_dict()),
            "sweep.md": self.markdown,
            "sweep.png": lambda: picture_bytes(plot(), ".png"),
            "sweep.svg": lambda: picture_bytes(plot(), ".svg"),
            "sweep.pdf": lambda: picture_bytes(plot(), ".pdf"),
        }
        if self.question.units.has_polygons:
            contents["sweep.html"] = lambda: page_bytes(self.map())
        return write_files(Path(folder), contents, [self.scenario])

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
            "study_sha256": self.identity,
            "scenario": self.scenario.to_table(),
            "axes": [{"key": axis.key, "values": list(axis.values)} for axis in self.axes],
            "is_exact": self.is_exact,
            "region": None if self.region is None else self.region.to_dict(),
            "points": list(self.rows),
            "fair": stated(self.fair),
            "failures": [one._asdict() for one in self.failures],
            "missing": self.missing or None,
        }

    def markdown(self) -> str:
        """Write the points, and what is proven between them, as a page to read."""
        return sweep_markdown(self)

    def __repr__(self) -> str:
        keys = " and ".join(axis.key for axis in self.axes)
        what = "best plans at all weights" if self.is_exact else "points"
        missing = count_missing(self.failures, len(self.rows) + len(self.failures))
        return (
            f"<Sweep of {shown(self.scenario.name, 200)} over {keys}: {len(self.rows)} {what}"
            f"{missing and '. ' + missing}>"
        )

    def __rich__(self) -> RenderableType:
        from rich.console import Group
        from rich.text import Text

        keys = [(axis.short, _value(axis.key)) for axis in self.axes]
        columns = (*keys, *narrow_columns(self.ballot, self.rows))
        parts = list(shown_rows(columns, self.rows, left=range(len(keys))))
        if self.is_exact:
            parts.append(Text(f"{len(self.rows) - 1:,} weights change the best plan; all proven."))
        parts += [Text(self.region.text)] if self.region is not None else []
        parts += [Text(one) for one in sentences(self.fair, self.rows)]
        parts += [Text(f"{one.label}: {one.message}", style="red") for one in self.failures]
        return Group(*parts)


def _value(key: str) -> Callable[[Row], str]:
    return lambda one: plain(one[key])


def sweep(
    scenario: Asked,
    axes: str | Axis | Sequence[str | Axis],
    *,
    election: str | int | None = None,
    time_limit: float | None = None,
    gap: float | None = None,
    seed: int | None = None,
    iterations: int | None = None,
    sides: Sides | Mapping[str, Any] | None = None,
    within: float | None = None,
    points: int = POINTS,
    total_time: float | None = None,
    data: Data = None,
    runs: str | Path = RUNS,
    n_jobs: int | None = None,
    cluster: str | None = None,
    watch: Watch | None = None,
    fresh: bool = False,
    cold: bool = False,
    on_progress: Tracing | None = None,
    **options: Any,
) -> Sweep:
    """Solve a scenario again and again while one or two of its numbers change.

    Without limits on pieces and budgets, and with one weight that counts units or edges, nothing is
    sampled: the best plans at all weights of the range are found as minimum cuts, with every weight
    at which they change (:mod:`solvers.parametric`), unless the numbers are too large for exact
    cuts. Otherwise each point is a run of its own, from the ends inwards. Each begins with the best
    plan known for it, and at the end takes a better one that another point has found, so that the
    frontier never lies below any plan that is known. What the points of a weight prove of all
    weights between them is the region of the sweep.

    Parameters
    ----------
    scenario
        A shipped scenario's name, the path of a TOML file, or a scenario.
    axes
        One or two, as :func:`partition.studies.sweeping.axis.parse_axis` reads them, or as such;
        ``sides`` for the frontier between the shares of both sides at home. A weight from one value
        to another without a number of values, ``border=0:200``, is looked at where the best plans
        known cross, until what lies between is proven to a tolerance.
    election, time_limit, gap, seed, iterations, sides
        As for :func:`partition.solve`, for each run.
    within
        The tolerance, as a share of the objective; the gap of the runs unless given. It is also
        what the share of the range is measured by that is proven.
    points, total_time
        Where no number of values is given: most points, and seconds after which no more runs begin.
    data
        What to divide: a :class:`geopandas.GeoDataFrame`, the path of a file, a dual graph of
        networkx or GerryChain, or units; unless given, what the scenario names or the data set
        that comes with the package.
    runs, n_jobs, cluster, watch, fresh, cold
        As for :class:`partition.studies.running.jobs.Workers`.
    on_progress
        Where nothing is sampled, told how many best plans are found, and over which share of the
        range they are all there are.
    **options
        Columns of the map, and how it is read, as fields of :class:`partition.MapFiles`:
        ``id="GEOID"``, ``blue="yes"``, ``red="no"``, ``votes=`` a table or a
        :class:`pandas.DataFrame`; and values of the scenario, as for
        :meth:`partition.Scenario.but`: ``border=50``, ``weights={"border": 50}``.

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
    overrides = Overrides(election, time_limit, gap, seed, iterations, sides)
    base = ask(scenario, data, overrides, **options)
    refuse_several(base.scenario.name, base.scenario.then)
    check_election(base.units, base.election)
    given = (axes,) if isinstance(axes, str | Axis) else axes
    asked, lines = between_sides(base.scenario, given)
    base = base.asking(asked)
    if not 1 <= len(lines) <= 2 or len({axis.key for axis in lines}) < len(lines):
        raise InputError("A sweep has one axis, or two different ones.")
    n_points = math.prod(len(axis.values) for axis in lines)
    if n_points > MOST_POINTS:
        raise InputError(
            f"{n_points:,} points, {' times '.join(f'{len(one.values):,}' for one in lines)}; give "
            f"fewer values, for at most {MOST_POINTS} points together."
        )
    effort = Effort(within, points, total_time)
    check_effort(effort, lines)
    if is_traceable(base.scenario, lines):
        # Where the numbers are too large to find every breakpoint exactly, points will do.
        with suppress(CapacityError):
            rows, plans = breakpoint_rows(base, lines[0], on_progress)
            known = shipped_plans(base, Path(runs))
            return Sweep(base, lines, rows, plans, (), is_exact=True, references=known)
    planner: Grid | EnvelopeSearch
    workers = Workers(runs, n_jobs, cluster, watch, fresh, cold)
    if lines[0].is_adaptive:
        planner = EnvelopeSearch(base, lines[0], effort, workers.width(effort.points))
    else:
        planner = Grid(base, lines)
    solve_rounds(planner, workers)
    require_plans(planner.runs, planner.failures)
    found = Sweep(
        base,
        planner.axes,
        planner.rows(),
        tuple(one.plan for one in planner.runs.values()),
        tuple(planner.failures),
        is_exact=False,
        region=planner.region(effort.tolerance(base.scenario)),
        asked=lines,
        references=shipped_plans(base, Path(runs)),
        effort=effort,
    )
    warn_of_missing(found.missing)
    return found
