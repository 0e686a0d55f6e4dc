"""Let a nation leave, and see who follows: a cascade of exits, held against the best line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from partition.errors import InputError, InternalError, nearest
from partition.land.ballot import COLOURS
from partition.question.asking import Asked, ask
from partition.question.gazetteer import Gazetteer
from partition.question.question import Question
from partition.scenario import STATES, Overrides, Sides
from partition.scenario.then import refuse_several
from partition.studies.exits.cascaded import Cascade, plan_of
from partition.studies.exits.course import Course, follow
from partition.studies.exits.endings import Ending, endings
from partition.studies.exits.ground import Ground, survey_ground
from partition.studies.exits.rules import ExitRules, Share, read_share
from partition.studies.running.jobs import RUNS, Solved, Watch, Workers, solve_all
from partition.studies.running.missing import warn_of_missing
from partition.studies.running.places import identify_study
from partition.studies.running.sharing import plans_to_share
from partition.studies.running.worker import Job
from solvers.plan import Plan

if TYPE_CHECKING:
    from partition.land.given import Data

MOVERS = ("unit", "state")
"""What may follow at a time."""

BEST = "best line"
"""What the run that the end is held against is called."""

END = "end of the cascade"
"""What the plan at the end is called where a search begins with it."""


def cascade(
    scenario: Asked = "counties",
    leaving: str | Sequence[str] = (),
    *,
    threshold: Share = 0.5,
    side: str = "blue",
    by: str = "unit",
    in_one_piece: bool = False,
    no_enclaves: bool = False,
    both_sides: bool = False,
    quorum: Share | None = None,
    between: tuple[Share, Share] = (0, 1),
    with_best: bool = True,
    election: str | int | None = None,
    time_limit: float | None = None,
    gap: float | None = None,
    seed: int | None = None,
    iterations: int | None = None,
    sides: Sides | Mapping[str, Any] | None = None,
    data: Data = None,
    runs: str | Path = RUNS,
    cluster: str | None = None,
    watch: Watch | None = None,
    fresh: bool = False,
    cold: bool = False,
    on_progress: Callable[[int, float], None] | None = None,
    **options: Any,
) -> Cascade:
    """Let a nation leave, and in round after round those who border on it and agree with it.

    In each round every unit that borders on the leaving nation joins it if enough of its voters
    voted for that side; it ends when nobody else leaves (:mod:`partition.studies.exits.course`).
    The line that comes about is measured, and held against the best one of the scenario, which is
    taken from a finished run or sought. All thresholds at which the end would be another one are
    found (:mod:`partition.studies.exits.endings`).

    Parameters
    ----------
    scenario
        A shipped scenario's name, the path of a TOML file, or a scenario: which edges connect, who
        is fixed, which places move as a whole, and what the best line is. Its limits on pieces
        and shares bind the best line alone.
    leaving
        Who leaves first: states or units, by code, id or name. Units that the scenario fixes to
        the nation of that side leave as well.
    threshold
        Least share of its voters on the side of the leaving nation with which a unit follows, from
        0 to 1, exactly as it is written: ``0.5``, ``"1/3"``.
    side
        ``blue`` or ``red``: the side of the leaving nation.
    by
        ``unit``, or ``state`` where whole states follow; the best line then keeps states whole.
    in_one_piece
        Whether a unit waits that would tear the nation it leaves.
    no_enclaves
        Whether a unit waits that would leave a piece without a coast or foreign border.
    both_sides
        Whether units of the leaving nation return where they border on the rest and are below the
        threshold.
    quorum
        Least share of its people who must have voted for a unit to move.
    between
        The lowest and the highest threshold for which the end is looked at.
    with_best
        Whether the end is held against the best line.
    election, time_limit, gap, seed, iterations, sides
        As for :func:`partition.solve`, for the run of the best line.
    data
        What to divide: a :class:`geopandas.GeoDataFrame`, the path of a file, a dual graph of
        networkx or GerryChain, or units; unless given, what the scenario names or the data set
        that comes with the package.
    runs, cluster, watch, fresh, cold
        As for :class:`partition.studies.running.jobs.Workers`.
    on_progress
        Told how many ends are found, and over which share of the range of thresholds.
    **options
        Columns of the map, and how it is read, as fields of :class:`partition.MapFiles`:
        ``id="GEOID"``, ``blue="yes"``, ``red="no"``, ``votes=`` a table or a
        :class:`pandas.DataFrame`; and values of the scenario, as for
        :meth:`partition.Scenario.but`: ``border=50``, ``weights={"border": 50}``.

    Returns
    -------
    Cascade
        The rounds with their figures, the ends, and the best line.

    Warns
    -----
    IncompleteStudyWarning
        When the best line is missing and another try may find it.

    Raises
    ------
    InputError
        When a place, a share or a value is not allowed, or the data lack what a rule needs.
    """
    for name, given, allowed in (("side", side, COLOURS), ("by", by, MOVERS)):
        if given not in allowed:
            raise InputError(f"{name} = {given!r}: {nearest(str(given), allowed)}")
    rules = ExitRules(
        read_share(threshold, "threshold"),
        in_one_piece=in_one_piece,
        no_enclaves=no_enclaves,
        both_sides=both_sides,
        quorum=None if quorum is None else read_share(quorum, "quorum"),
    )
    low, high = (read_share(one, "between") for one in between)
    if low > high:
        raise InputError(f"between = {between[0]}, {between[1]}: give the lower threshold first.")
    question = ask(
        scenario, data, Overrides(election, time_limit, gap, seed, iterations, sides), **options
    )
    refuse_several(question.scenario.name, question.scenario.then)
    if by == "state":
        whole = tuple(dict.fromkeys((*question.scenario.units.whole, STATES)))
        question = question.asking(question.scenario.varied({"units.whole": whole}))
    places = _spelled(question, leaving)
    ground = survey_ground(question, places, side, rules)
    course = follow(ground, rules, ground.cut(rules.threshold))
    found = _all_endings(ground, rules, (low, high), on_progress)
    _check_end(course, found, rules)
    plan = plan_of(question, course.end, side)
    workers = Workers(runs, None, cluster, watch, fresh, cold)
    solved = _solved(question, plan, workers) if with_best else Solved({}, {}, ())
    identity = identify_study(
        "cascade",
        [question],
        places=places,
        side=side,
        rules=rules.to_dict(),
        between=[str(low), str(high)],
        with_best=with_best,
    )
    cascaded = Cascade(
        question,
        places,
        side,
        rules,
        ground,
        course,
        low,
        found,
        solved.runs.get(BEST),
        solved.failures,
        identity,
    )
    warn_of_missing(cascaded.missing)
    return cascaded


def _spelled(question: Question, leaving: str | Sequence[str]) -> tuple[str, ...]:
    """Give ids and codes of who leaves first, each once."""
    given = [leaving] if isinstance(leaving, str) else leaving
    gazetteer = Gazetteer(question.units)
    return tuple(dict.fromkeys(gazetteer.spell(one, "from") for one in given))


def _all_endings(
    ground: Ground,
    rules: ExitRules,
    between: tuple[Any, Any],
    on_progress: Callable[[int, float], None] | None,
) -> tuple[Ending, ...]:
    found = []
    low, high = between
    for one in endings(ground, rules, between):
        found.append(one)
        if on_progress is not None:
            share = (one.up_to - low) / (high - low) if high > low else 1
            on_progress(len(found), float(share))
    return tuple(found)


def _check_end(course: Course, found: Sequence[Ending], rules: ExitRules) -> None:
    """Compare the end with that which was found for its threshold by another way."""
    for one in found:
        if one.holds_for(rules.threshold) and not np.array_equal(one.leaves, course.end):
            raise InternalError(
                f"The cascade ends with {int(course.end.sum())} units in the leaving nation, and "
                f"with {int(one.leaves.sum())} at the same threshold, {rules.threshold}."
            )


def _solved(question: Question, plan: Plan, workers: Workers) -> Solved:
    """Find the best line, or seek it, with the end of the cascade among the plans known."""
    known = plans_to_share([question], Path(workers.runs), fresh=workers.fresh)
    if known is not None and question.scenario.limits.iterations is None:
        known.add(plan, END)
    return solve_all([Job(BEST, question)], workers, known)
