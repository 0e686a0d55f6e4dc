"""Swing the vote, and see which units the best plan gives to the other nation then."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from partition.errors import InputError
from partition.question.asking import Asked, ask
from partition.question.formulate import check_election
from partition.question.question import Question
from partition.scenario import Overrides, Sides
from partition.scenario.swing import MOST_POINTS, Swing
from partition.scenario.then import refuse_several
from partition.studies.running.jobs import RUNS, Watch, Workers, solve_all
from partition.studies.running.missing import require_plans, warn_of_missing
from partition.studies.running.places import identify_study
from partition.studies.running.worker import Job
from partition.studies.swings.electorate import Electorate
from partition.studies.swings.swings import Swings

if TYPE_CHECKING:
    from partition.land.given import Data

POINTS = "-5:5:11"
"""Swings that are looked at unless others are asked for."""

_NUMBER = re.compile(r"[+-]?([0-9]{1,9}(\.[0-9]{0,12})?|\.[0-9]{1,12})", re.ASCII)

MOST_RUNS = 10_000
"""More runs than anybody waits for."""


def swing(
    scenario: Asked = "counties",
    *,
    points: str | float | Sequence[float] | None = None,
    elections: str | int | Sequence[str | int] | None = None,
    in_proportion: bool = False,
    error: float = 0.0,
    draws: int = 1,
    first_draw: int = 0,
    election: str | int | None = None,
    time_limit: float | None = None,
    gap: float | None = None,
    seed: int | None = None,
    iterations: int | None = None,
    sides: Sides | Mapping[str, Any] | None = None,
    data: Data = None,
    runs: str | Path = RUNS,
    n_jobs: int | None = None,
    cluster: str | None = None,
    watch: Watch | None = None,
    fresh: bool = False,
    cold: bool = False,
    **options: Any,
) -> Swings:
    """Solve a scenario again for votes that swing from one side to the other, or for elections.

    Each swing is a question of its own (``swing.points`` of its scenario), whose voters are whole
    numbers and as many in every unit as before (:mod:`partition.question.swung`); no swing is the
    scenario itself. Elections that were held are another list of electorates. For every unit the
    study tells in which share of the best plans it is blue.

    Parameters
    ----------
    scenario
        A shipped scenario's name, the path of a TOML file, or a scenario.
    points
        Swings in points of the two-party vote, to the blue side where positive:
        ``"FROM:TO:N"``, ``"-2,0,2"``, or numbers; ``"-5:5:11"`` unless given.
    elections
        Elections whose votes count in place of swings, ``"2016,2020,2024"`` or a list; the plan of
        the first one is held against the others.
    in_proportion
        Whether the losing side keeps the same share of its voters everywhere; otherwise every unit
        swings by as many points.
    error
        Standard deviation, in points, of an error of the polls that each unit has for itself.
    draws, first_draw
        How many times errors are drawn for each swing, and the number of the first draw.
    election, time_limit, gap, seed, iterations, sides
        As for :func:`partition.solve`, for each run.
    data
        What to divide: a :class:`geopandas.GeoDataFrame`, the path of a file, a dual graph of
        networkx or GerryChain, or units; unless given, what the scenario names or the data set
        that comes with the package.
    runs, n_jobs, cluster, watch, fresh, cold
        As for :class:`partition.studies.running.jobs.Workers`.
    **options
        Columns of the map, and how it is read, as fields of :class:`partition.MapFiles`:
        ``id="GEOID"``, ``blue="yes"``, ``red="no"``, ``votes=`` a table or a
        :class:`pandas.DataFrame`; and values of the scenario, as for
        :meth:`partition.Scenario.but`: ``border=50``, ``weights={"border": 50}``.

    Returns
    -------
    Swings
        A plan for each swing and draw, and for every unit the share of plans in which it is blue.

    Warns
    -----
    IncompleteStudyWarning
        When plans are missing that another try may find, because a disk was full or workers died.

    Raises
    ------
    InputError
        When a value is not allowed, or the cluster cannot be used.
    NoPlanError
        When none of the runs has a plan.
    """
    base = ask(
        scenario, data, Overrides(election, time_limit, gap, seed, iterations, sides), **options
    )
    refuse_several(base.scenario.name, base.scenario.then)
    if base.scenario.swing != Swing():
        raise InputError(
            f"{base.scenario.name} swings already: leave [swing] out of it; --points says how the "
            "vote swings here."
        )
    check_election(base.units, base.election)
    if not base.units.votes[base.election].any():
        raise InputError("Nobody voted, and so nobody can swing.")
    if elections is None:
        values = read_points(POINTS if points is None else points)
        _check_draws(draws, first_draw, error, len(values))
        asked = [
            Electorate(value, draw if error else 0)
            for value, draw in product(values, range(first_draw, first_draw + draws))
        ]
    else:
        refuse_both(election, points, in_proportion=in_proportion, error=error, draws=draws)
        asked = [Electorate(election=one) for one in read_elections(elections, base)]
        base = _held(base, asked[0].election)
    jobs = [
        Job(
            one.label(error),
            _held(base, one.election)
            if one.election
            else _swung(base, one, error, in_proportion=in_proportion),
        )
        for one in asked
    ]
    solved = solve_all(jobs, Workers(runs, n_jobs, cluster, watch, fresh, cold))
    require_plans(solved.runs, solved.failures)
    found = Swings(
        base,
        {
            one: solved.runs[job.label]
            for one, job in zip(asked, jobs, strict=True)
            if job.label in solved.runs
        },
        error,
        in_proportion,
        solved.failures,
        identify_study("swing", [job.question for job in jobs]),
    )
    warn_of_missing(found.missing)
    return found


def _swung(base: Question, point: Electorate, error: float, *, in_proportion: bool) -> Question:
    settings: dict[str, Any] = {
        "swing.points": point.points,
        "swing.in_proportion": in_proportion,
        "swing.error": error,
        "swing.draw": point.draw,
    }
    # Where nothing moves, the question is the base itself, and has its name.
    if not (point.points or error):
        return base
    return base.asking(base.scenario.varied(settings))


def _held(base: Question, election: str) -> Question:
    """Ask the same of the votes of an election that was held."""
    return base.asking(base.scenario.override(election=election))


def refuse_both(
    election: str | int | None,
    points: object,
    *,
    in_proportion: bool,
    error: float,
    draws: int,
) -> None:
    """Refuse elections beside what says how votes swing.

    Raises
    ------
    InputError
        When anything of that is given.
    """
    if election is not None:
        raise InputError("Give --election or --elections, not both.")
    if points is not None or in_proportion or error or draws != 1:
        raise InputError(
            "Elections that were held do not swing: leave out --elections, or what says how the "
            "vote swings (--points, --proportional, --sd, --draws)."
        )


def read_elections(given: str | int | Sequence[str | int], base: Question) -> tuple[str, ...]:
    """Read which elections are looked at.

    Parameters
    ----------
    given
        ``"2016,2020"``, or a list.
    base
        The question, whose data have the elections.

    Raises
    ------
    InputError
        When they are fewer than two, twice the same, or not in the data.
    """
    words = (
        given.split(",") if isinstance(given, str) else [given] if isinstance(given, int) else given
    )
    names = [one for word in words if (one := str(word).strip())]
    known = sorted(base.units.votes)
    if len(names) < 2 or len(set(names)) < len(names):
        raise InputError(
            f"elections = {','.join(names)[:60]}: give two or more, each once, such as "
            f"{','.join(known[:3]) if len(known) > 1 else '2016,2020,2024'}."
        )
    for one in names:
        check_election(base.units, one)
    return tuple(names)


def read_points(given: str | float | Sequence[float]) -> tuple[float, ...]:
    """Read which swings are looked at, in points.

    Parameters
    ----------
    given
        ``"FROM:TO:N"`` for N values evenly spaced, rounded to millionths; ``"A,B,C"``; or numbers.

    Raises
    ------
    InputError
        When they are none, too many, not in order, or beyond what a vote can swing.

    Examples
    --------
    >>> read_points("-5:5:5"), read_points("-2,0,2"), read_points(1)
    ((-5.0, -2.5, 0.0, 2.5, 5.0), (-2.0, 0.0, 2.0), (1.0,))
    """
    words = given if isinstance(given, str) else ",".join(map(str, _listed(given)))
    exact = _exact([one.strip() for one in words.split(":" if ":" in words else ",")], words)
    if exact is None:
        raise InputError(
            f"points = {words[:60]}: give FROM:TO:N, such as -5:5:11, with N from 2 to "
            f"{MOST_RUNS:,}, or a list, such as -2,0,2."
        )
    values = [round(float(one), 6) + 0.0 for one in exact]
    if any(abs(one) > MOST_POINTS for one in values):
        raise InputError(
            f"points = {words[:60]}: a vote swings by {MOST_POINTS} points at most, either way."
        )
    if sorted(set(values)) != values:
        raise InputError(f"points = {words[:60]}: give each swing once, in ascending order.")
    return tuple(values)


def _exact(parts: Sequence[str], words: str) -> list[Fraction] | None:
    """Read the numbers of a list or a range; None where they are none."""
    if not all(_NUMBER.fullmatch(one) for one in parts):
        return None
    numbers = [Fraction(one) for one in parts]
    if ":" not in words:
        return numbers
    if len(numbers) != 3 or numbers[2].denominator != 1 or not 2 <= numbers[2] <= MOST_RUNS:
        return None
    low, high, count = numbers[0], numbers[1], int(numbers[2])
    return [low + (high - low) * step / (count - 1) for step in range(count)]


def _listed(given: float | Sequence[float]) -> list[float]:
    return [given] if isinstance(given, int | float | Fraction) else list(given)


def _check_draws(draws: int, first_draw: int, error: float, n_points: int) -> None:
    """Refuse draws of which nothing could come, before the first run."""
    if draws < 1:
        raise InputError(f"draws = {draws}: give a whole number, at least 1.")
    if first_draw < 0:
        raise InputError(f"first draw = {first_draw}: give a whole number, 0 or more.")
    if not 0 <= error <= MOST_POINTS:  # false for nan as well
        raise InputError(
            f"error = {error}: give a standard deviation in points, from 0 to {MOST_POINTS}."
        )
    if draws > 1 and not error:
        raise InputError(
            f"draws = {draws}: without an error all of them are the same; give one (--sd 3)."
        )
    if draws * n_points > MOST_RUNS:
        raise InputError(
            f"{n_points:,} swings and {draws:,} draws are {draws * n_points:,} runs; ask for at "
            f"most {MOST_RUNS:,}."
        )
