"""Which units all plans near the best one put into the same nation: always red, blue, contested."""

# ruff: noqa: PLC0415 - drawing libraries take a second to load; a table needs none of them.
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from rich.jupyter import JupyterMixin

from partition.answer import wording
from partition.errors import InputError, InternalError
from partition.filenames import file_name
from partition.metrics import BLUE, NATION_NAMES, RED
from partition.question.asking import Asked, ask
from partition.question.question import Question
from partition.runs.run import Run
from partition.scenario import Overrides, Sides
from partition.studies.jobs import RUNS, Watch, Workers, solve_all
from partition.studies.missing import require_plans, warn_of_missing, what_is_missing
from partition.studies.places import identify_study
from partition.studies.sharing import plans_to_share
from partition.studies.table import (
    Column,
    Row,
    csv_rows,
    in_votes,
    markdown_rows,
    number,
    page_bytes,
    text,
    write_files,
)
from partition.studies.worker import Job
from shapefiles.table_writing import json_text, markdown_text
from solvers.contiguity import broken_constraint
from solvers.plan import Plan
from solvers.robustness import Survey, survey

if TYPE_CHECKING:
    import folium
    import geopandas as gpd
    import pandas as pd
    from rich.console import RenderableType

    from partition.land.given import Data

ALWAYS_RED, ALWAYS_BLUE, CONTESTED = "always red", "always blue", "contested"
RED_SO_FAR, BLUE_SO_FAR = "red, undecided", "blue, undecided"
CATEGORIES = (ALWAYS_RED, RED_SO_FAR, CONTESTED, BLUE_SO_FAR, ALWAYS_BLUE)
"""What a unit is: proven to be in one nation in every good plan; found in both; or neither, and
then in one nation in all good plans found."""

COLUMNS: tuple[Column, ...] = (
    ("Counties that are", text("category")),
    ("Units", number("units")),
    ("People", number("people")),
    ("Voters", number("voters")),
)


MEANINGS = (
    "Always: no good plan puts the place into the other nation, proven. Contested: of two good "
    "plans each puts it into another nation. Undecided: all good plans that were found put it into "
    "this nation, and neither one that does not was found, nor a proof that there is none; more "
    "--survey-time decides more."
)
"""What the categories say."""


@dataclass(frozen=True, slots=True, repr=False)
class Robustness(JupyterMixin):
    """What all plans within a gap of the best one agree on.

    Parameters
    ----------
    best
        Run with the best plan known.
    within
        Plans whose objective is at most this share below the best one's are good.
    survey
        What is found and proven, unit by unit; objectives are in steps of the solvers.
    threshold_votes
        Least objective of a good plan.
    missing
        Which of the runs to begin with were lost, and why, in words; empty where none was. What is
        found and proven holds all the same.
    identity
        Hash of all that is asked, by which a study is told from another one in its place.
    """

    best: Run
    within: float
    survey: Survey
    threshold_votes: float
    missing: str = ""
    identity: str = ""

    @property
    def slug(self) -> str:
        """Name of the folder that a command writes it to unless another one is given."""
        return file_name(f"robust-{self.best.scenario.slug}")

    @property
    def categories(self) -> npt.NDArray[np.str_]:
        """One of :data:`CATEGORIES` for each unit, shape ``(n_units,)``."""
        found, excluded = self.survey.is_found, self.survey.is_excluded
        return np.select(
            [
                found.all(axis=1),
                excluded[:, BLUE],
                excluded[:, RED],
                found[:, BLUE],
            ],
            [CONTESTED, ALWAYS_RED, ALWAYS_BLUE, BLUE_SO_FAR],
            RED_SO_FAR,
        )

    @property
    def rows(self) -> tuple[Row, ...]:
        """A row a unit: its nation in the best plan, its category, its share of good plans."""
        units = self.best.question.units
        votes = units.votes[self.best.scenario.election]
        people = units.attributes.get("population")
        return tuple(
            {
                "GEOID": str(units.ids[unit]),
                "name": str(units.names[unit]),
                "state": str(units.states[unit]),
                "nation_in_best_plan": NATION_NAMES[self.best.plan.assignment[unit]],
                "category": str(category),
                "blue_share_of_plans_found": round(float(self.survey.share_of_1[unit]), 6),
                "people": None if people is None else int(people[unit]),
                "voters": int(votes[unit].sum()),
            }
            for unit, category in enumerate(self.categories)
        )

    @property
    def totals(self) -> tuple[Row, ...]:
        """A row a category: units, people and voters."""
        rows = self.rows
        return tuple(
            {
                "category": category,
                "units": len(members),
                "people": None
                if any(one["people"] is None for one in rows)
                else sum(one["people"] for one in members),
                "voters": sum(one["voters"] for one in members),
            }
            for category in CATEGORIES
            for members in [[one for one in rows if one["category"] == category]]
        )

    @property
    def table(self) -> pd.DataFrame:
        """The rows as a table of pandas, indexed by the id of the unit."""
        import pandas as pd

        return pd.DataFrame(self.rows).set_index("GEOID")

    @property
    def units(self) -> gpd.GeoDataFrame:
        """The units with their polygons, a row each, indexed by id.

        Columns: ``id``, ``name``, ``state``; ``nation`` in the best plan; ``category``, one of
        :data:`CATEGORIES`; ``blue_share``, that of the good plans found which put the unit into the
        blue nation; ``votes`` of both sides; and the polygon.
        """
        from partition.pages.frames import robustness_frame

        return robustness_frame(self)

    def map(self) -> folium.Map:
        """Draw the best plan, with a view of how sure each unit's nation is.

        Returns
        -------
        folium.Map
            A notebook shows it; :func:`maps.save` writes it to one file.
        """
        from partition.pages.drawing import draw_robustness, summarize

        known = summarize(self.best)
        settled = self._settled
        summary = replace(
            known,
            title=f"{known.title}: how sure is the line?",
            headline=wording.percent(settled) if settled is not None else known.headline,
            headline_text=f"of {self._counted} live where every good plan agrees, proven"
            if settled is not None
            else known.headline_text,
            subtitle="Which places all good plans put into the same nation, and which they do not.",
            status=self.caution or self._threshold(),
            notes=tuple(
                filter(
                    None,
                    (
                        self.missing,
                        self._threshold() if self.caution else "",
                        MEANINGS,
                        f"Best plan known: {known.headline} {known.headline_text}. {known.status}.",
                        *known.notes,
                    ),
                )
            ),
        )
        return draw_robustness(self.best, self.categories, summary)

    @property
    def caution(self) -> str:
        """A warning where the best plan may be further from the best possible than good plans."""
        gap = self.best.result.gap
        if gap is None or gap <= self.within:
            return ""
        return (
            f"The best plan known is proven to be within {wording.gap_percent(gap)} of the best "
            f"possible, and good plans are within {wording.gap_percent(self.within)} of it. Should "
            "a better one be found, what is 'always' so stays so; what is 'contested' need not."
        )

    @property
    def _counted(self) -> str:
        return "the voters" if self.totals[0]["people"] is None else "the people"

    @property
    def _settled(self) -> float | None:
        """Share of the people, or of the voters, who live where a nation is proven."""
        name = "voters" if self.totals[0]["people"] is None else "people"
        counts = {one["category"]: one[name] for one in self.totals}
        total = sum(counts.values())
        return (counts[ALWAYS_RED] + counts[ALWAYS_BLUE]) / total if total else None

    def _threshold(self) -> str:
        return (
            f"Good plans are within {wording.gap_percent(self.within)} of the best one known: "
            f"{self.threshold_votes:,.0f} votes of the objective or more. "
            f"{self.survey.n_plans:,} were found."
        )

    def write(self, folder: str | Path) -> tuple[Path, ...]:
        """Write ``robust.csv``, ``.json``, ``.md`` and ``.html``; returns the files.

        Raises
        ------
        IncompleteError
            When some of them cannot be drawn or written; the others are.
        WriteError
            When the folder cannot be written to.
        """
        contents: dict[str, Callable[[], str | bytes]] = {
            "robust.csv": lambda: csv_rows(self.rows),
            "robust.json": lambda: json_text(self.to_dict()),
            "robust.md": self.markdown,
            "robust.html": lambda: page_bytes(self.map()),
        }
        return write_files(Path(folder), contents)

    def to_dict(self) -> dict[str, Any]:
        """State everything as plain values, ready for JSON."""
        return {
            "study_sha256": self.identity,
            "scenario": self.best.scenario.to_table(),
            "within_share": self.within,
            "threshold_votes": self.threshold_votes,
            "good_plans_found": self.survey.n_plans,
            "missing": self.missing or None,
            "caution": self.caution or None,
            "totals": list(self.totals),
            "units": list(self.rows),
        }

    def markdown(self) -> str:
        """Write the totals as a page to read."""
        missing = "".join(
            f"**{markdown_text(one)}**\n\n" for one in (self.missing, self.caution) if one
        )
        return f"# What good plans agree on\n\n{missing}{self._sentence()}\n\n" + markdown_rows(
            COLUMNS, self.totals
        )

    def _sentence(self) -> str:
        return (
            f"Among all plans within {wording.gap_percent(self.within)} of the best one known. "
            "'Always' is proven; 'contested' is shown by two plans; of the others all "
            f"{self.survey.n_plans:,} good plans that were found agree, and no proof was."
        )

    def __repr__(self) -> str:
        counts = ", ".join(f"{one['units']:,} {one['category']}" for one in self.totals)
        return f"<Robustness within {wording.gap_percent(self.within)}: {counts}>"

    def __rich__(self) -> RenderableType:
        from rich.table import Table

        said = " ".join(filter(None, (self._sentence(), self.caution)))
        table = Table(caption=said, caption_justify="left")
        for place, (title, _) in enumerate(COLUMNS):
            table.add_column(title, justify="right" if place else "left")
        for one in self.totals:
            table.add_row(*(write(one) for _, write in COLUMNS))
        return table


def robust(
    scenario: Asked = "counties",
    *,
    within: float = 0.001,
    seeds: int | Sequence[int] = (0, 1),
    survey_time: float = 120.0,
    election: str | int | None = None,
    time_limit: float | None = None,
    gap: float | None = None,
    iterations: int | None = None,
    sides: Sides | Mapping[str, Any] | None = None,
    data: Data = None,
    runs: str | Path = RUNS,
    n_jobs: int | None = None,
    cluster: str | None = None,
    watch: Watch | None = None,
    fresh: bool = False,
    on_progress: Callable[[int, float], None] | None = None,
    **options: Any,
) -> Robustness:
    """Find out which units all plans near the best one put into the same nation.

    The scenario is solved with several seeds; from the best of these plans, others are sought that
    give units to the other nation and are still good, and proofs that there are none.

    Parameters
    ----------
    scenario
        A shipped scenario's name, the path of a TOML file, or a scenario.
    within
        How much worse than the best plan known a good plan may be, as a share of its objective.
    seeds
        Seeds of the runs.
    survey_time
        Seconds for the search from there on; more of them leave fewer units undecided.
    election, time_limit, gap, iterations, sides
        As for :func:`partition.solve`, for each run.
    data
        What to divide: a :class:`geopandas.GeoDataFrame`, the path of a file, a dual graph of
        networkx or GerryChain, or units; unless given, what the scenario names or the data set
        that comes with the package.
    runs, n_jobs, cluster, watch, fresh
        As for :class:`partition.studies.jobs.Workers`.
    on_progress
        Told how many units are undecided yet, and the seconds since the search began.
    **options
        Columns of the map, and how it is read, as fields of :class:`partition.MapFiles`:
        ``id="GEOID"``, ``blue="yes"``, ``red="no"``, ``votes=`` a table or a
        :class:`pandas.DataFrame`; and values of the scenario, as for
        :meth:`partition.Scenario.but`: ``border=50``, ``weights={"border": 50}``.

    Returns
    -------
    Robustness
        The category of every unit.

    Warns
    -----
    IncompleteStudyWarning
        When plans are missing that another try may find, because a disk was full or workers died.

    Raises
    ------
    InputError
        When a value is not allowed, or nothing is proven of the best plan.
    NoPlanError
        When none of the runs has a plan.
    """
    if isinstance(seeds, int):
        seeds = (seeds,)
    _check_values(within, seeds, survey_time)
    overrides = Overrides(election, time_limit, gap, None, iterations, sides)
    base = ask(scenario, data, overrides, **options)
    jobs = [
        Job(f"seed {seed}", base.asking(base.scenario.override(seed=seed)))
        for seed in dict.fromkeys(seeds)
    ]
    known = plans_to_share([job.question for job in jobs], Path(runs), fresh=fresh)
    solved = solve_all(jobs, Workers(runs, n_jobs, cluster, watch, fresh), known)
    require_plans(solved.runs, solved.failures)
    missing = what_is_missing(solved.failures, len(jobs))
    finished = list(solved.runs.values())
    best = max(finished, key=lambda one: one.result.objective or 0)
    starts = [one.plan for one in (finished if known is None else known)]
    found = _survey(base, finished, starts, within, survey_time, on_progress)
    votes = in_votes(found.threshold, base.scale)
    if votes is None:
        raise InternalError(f"A threshold of {found.threshold} steps is none in votes.")
    warn_of_missing(missing)
    questions = [job.question for job in jobs]
    identity = identify_study("robust", questions, within=within, survey_time=survey_time)
    return Robustness(best, within, found, float(votes), missing, identity)


def _check_values(within: float, seeds: Sequence[int], survey_time: float) -> None:
    """Refuse values of which nothing could come, before the first run."""
    if not 0 <= within <= 1:
        raise InputError(f"within = {within}: give a share from 0 to 1 (0.001 is 0.1 %).")
    if not seeds:
        raise InputError("Give at least one seed.")
    if not 0 < survey_time <= 7 * 86_400:
        raise InputError(f"survey time = {survey_time}: give seconds above 0, at most a week.")


def _survey(
    question: Question,
    finished: Sequence[Run],
    starts: Sequence[Plan],
    within: float,
    seconds: float,
    on_progress: Callable[[int, float], None] | None,
) -> Survey:
    """Look from known plans for other good ones, and for proofs, unit by unit."""
    bounds = [one.result.bound for one in finished if one.result.bound is not None]
    if not bounds:
        raise InputError("No bound is proven; allow more with --time-limit.")
    formulation = question.formulation
    problem = formulation.problem
    plans = [formulation.expand(one).assignment for one in starts]
    plans = [plan for plan in plans if broken_constraint(problem, plan) is None]
    objective = max(problem.objective(plan) for plan in plans)
    threshold = objective - int(within * abs(objective))
    found = survey(
        problem,
        [plan for plan in plans if problem.objective(plan) >= threshold],
        min(bounds),
        threshold,
        time_limit=seconds,
        on_progress=on_progress,
    )
    units = slice(0, question.units.n_units)
    return Survey(
        found.threshold,
        found.is_found[units],
        found.is_excluded[units],
        found.n_plans,
        found.share_of_1[units],
        found.runtime,
    )
