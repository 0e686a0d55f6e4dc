"""Solve scenarios, or find their finished runs, and set their plans side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from partition.errors import InputError
from partition.filenames import file_name
from partition.question.asking import Asked, ask_each
from partition.question.formulate import check_election
from partition.question.question import Question
from partition.runs.steps import take_steps
from partition.scenario import Overrides, Sides
from partition.scenario.then import Then
from partition.studies.comparing.comparison import Comparison
from partition.studies.running.chains import Chain, solve_chains
from partition.studies.running.jobs import RUNS, Watch, Workers
from partition.studies.running.missing import require_plans, warn_of_missing
from partition.studies.running.places import identify_study
from partition.studies.swings.ageing import ageing

if TYPE_CHECKING:
    from partition.land.given import Data


def compare(
    scenarios: Asked | Sequence[Asked] | Mapping[str, Asked] = "counties",
    *,
    elections: str | int | Sequence[str | int] | None = None,
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
    then: Then = (),
    cold: bool = False,
    **options: Any,
) -> Comparison:
    """Solve some scenarios, or find their finished runs, and set their plans side by side.

    Parameters
    ----------
    scenarios
        Names of shipped scenarios, paths of TOML files, or scenarios, each perhaps varied
        (``counties@border=50``); or a mapping of what to call them to them.
    elections
        Elections whose votes count; each scenario is solved for each of them. The scenario's own
        unless given.
    time_limit, gap, seed, iterations, sides
        As for :func:`partition.solve`.
    data
        What to divide: a :class:`geopandas.GeoDataFrame`, the path of a file, a dual graph of
        networkx or GerryChain, or units; unless given, what the scenario names or the data set
        that comes with the package.
    runs, n_jobs, cluster, watch, fresh, cold
        As for :class:`partition.studies.running.jobs.Workers`.
    then
        Goals that come after the one that each scenario weighs, as for :func:`partition.solve`; in
        place of those of a scenario (``[[then]]``).
    **options
        Columns of the map, and how it is read, as fields of :class:`partition.MapFiles`:
        ``id="GEOID"``, ``blue="yes"``, ``red="no"``, ``votes=`` a table or a
        :class:`pandas.DataFrame`; and values of the scenario, as for
        :meth:`partition.Scenario.but`: ``border=50``, ``weights={"border": 50}``.

    Returns
    -------
    Comparison
        A row for each scenario and election, and for each goal that comes after; those have what
        the step brings and costs.

    Warns
    -----
    IncompleteStudyWarning
        When plans are missing that another try may find, because a disk was full or workers died.

    Raises
    ------
    InputError
        When a scenario or value is not allowed, or the cluster cannot be used.
    NoPlanError
        When none of the runs has a plan.
    """
    if isinstance(scenarios, Sequence | Mapping) and not scenarios:
        raise InputError("There is nothing to compare: name a scenario, such as counties.")
    if isinstance(elections, str | int):
        elections = (elections,)
    if elections is not None and not elections:
        raise InputError("No election is named: give one or more, such as 2016,2020,2024.")
    overrides = Overrides(None, time_limit, gap, seed, iterations, sides)
    questions = ask_each(scenarios, data, overrides, **options)
    chains: list[Chain] = []
    titles = (
        list(scenarios)
        if isinstance(scenarios, Mapping)
        else [one.scenario.name for one in questions]
    )
    _check_names(questions)
    for title, question in zip(titles, questions, strict=True):
        for election in elections or (question.election,):
            check_election(question.units, str(election))
            label = title if len(elections or ()) < 2 else f"{title} {election}"
            asked = question.asking(question.scenario.override(election=election))
            chains.append(Chain(label, *take_steps(asked, then)))
    solved = solve_chains(chains, Workers(runs, n_jobs, cluster, watch, fresh, cold))
    require_plans(solved.runs, solved.failures)
    steps = [[[step.goal, step.within] for step in one.steps] for one in chains]
    identity = identify_study(
        "compare",
        [one.question for one in chains],
        labels=[one.label for one in chains],
        **({"then": steps} if any(steps) else {}),
    )
    comparison = Comparison(
        solved.runs,
        solved.folders,
        solved.failures,
        ageing(solved.runs.items()),
        identity,
        file_name("-".join(["compare", *(_slug(one) for one in chains)])),
    )
    warn_of_missing(comparison.missing)
    return comparison


def _slug(chain: Chain) -> str:
    """Name a chain for a folder: its question, and the goals that come after."""
    then = (f"then-{step.goal}{step.within:g}" for step in chain.steps)
    return "-".join([chain.question.scenario.slug, *then])


def _check_names(questions: Sequence[Question]) -> None:
    """Refuse plans whose sides are called otherwise: one table has one name for a side."""
    first = questions[0].scenario
    for one in questions:
        if one.scenario.sides.names != first.sides.names:
            both = [
                f"{asked.name!r} {asked.sides.names or ('Blue', 'Red')}"
                for asked in (first, one.scenario)
            ]
            raise InputError(
                f"The sides are not called the same: {' and '.join(both)}. Name them for all of "
                "the plans (--blue-name, --red-name)."
            )
