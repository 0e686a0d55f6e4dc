"""Why no plan meets the constraints of a scenario: which one to drop, or which of them clash."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict
from enum import Enum
from typing import Any

import solvers.solve
from partition.errors import ScenarioError
from partition.question.goal_limits import limited_goals
from partition.question.naming import listed
from partition.question.question import Question
from partition.scenario import ALL, QUANTITIES, STRANDED, ApartRules, Scenario, Weights
from solvers.result import Limits, Progress, Status

SECONDS = 5.0
"""Longest search without some of the constraints."""

TRIES = 3
"""So many searches at most for each constraint."""


class Answer(Enum):
    """What is known of a scenario without some of its constraints."""

    PLAN = "there is a plan"
    NO_PLAN = "there is none, proven"
    UNKNOWN = "none was found"


def advise(question: Question, should_stop: Callable[[], bool] | None = None) -> str:
    """Say which constraint to relax, where no plan of a scenario was found.

    The scenario is tried again without each of its constraints, until any plan is found. Where no
    single one is the reason, constraints are left out for good as long as the others are proven to
    clash, which leaves a group that clashes and none of which can be spared: a deletion filter
    [1]_.

    Parameters
    ----------
    question
        Question that no plan answers, as far as is known.
    should_stop
        Asked several times a second; True ends the search for reasons.

    Returns
    -------
    str
        A sentence or two.

    References
    ----------
    .. [1] J. W. Chinneck, E. W. Dravnieks, "Locating Minimal Infeasible Constraint Sets in Linear
       Programs", ORSA Journal on Computing 3(2), 1991, doi:10.1287/ijoc.3.2.157.
    """
    trials = Trials(question, should_stop or (lambda: False))
    names = list(trials.constraints)
    enough = [name for name in names if trials.without({name}) is Answer.PLAN]
    if enough:
        relax = "one of them" if len(enough) > 1 else "that"
        return f"There are plans without {listed(enough, 'or')}: relax {relax}."
    group, is_least = clashing_group(trials)
    if group and is_least:
        alone = f"{group[0]}, whatever else is asked: relax that"
        together = f"{listed(group)} together: relax one of them"
        return (
            f"No plan meets {together if len(group) > 1 else alone}. Others may clash as well, and "
            "are named then."
        )
    if group:
        return (
            f"No plan meets {listed(group)} together: relax one of them, though some of "
            "them may not matter."
        )
    if trials.is_stopped() or not names:
        return "Which constraint to relax was not found out."
    return (
        "Relax two or more of its constraints: without any single one of them no plan was found "
        f"in {SECONDS:g} s ({', '.join(names)})."
    )


class Trials:
    """Short searches without some of the constraints of a scenario, each made once."""

    def __init__(self, question: Question, is_stopped: Callable[[], bool] = lambda: False) -> None:
        self.question, self.is_stopped = question, is_stopped
        self.constraints = dict(relaxations(question.scenario))
        self._left = TRIES * len(self.constraints)
        self._answers: dict[frozenset[str], Answer] = {}

    def without(self, names: Collection[str]) -> Answer:
        """Drop some constraints and look for any plan, unless there were too many searches."""
        dropped = frozenset(names)
        if dropped not in self._answers:
            if self.is_stopped() or not self._left:
                return Answer.UNKNOWN
            self._left -= 1
            settings = {
                key: value for name in dropped for key, value in self.constraints[name].items()
            }
            relaxed = self.question.scenario.override(settings=settings)
            self._answers[dropped] = _try(self.question.asking(relaxed), self.is_stopped)
        return self._answers[dropped]


def clashing_group(trials: Trials) -> tuple[list[str], bool]:
    """Find constraints that no plan meets together, as few as can be.

    Returns
    -------
    group
        Their names; empty where nothing is proven.
    is_least
        Whether there are plans without any one of them, the constraints outside left aside.
    """
    names = list(trials.constraints)
    # Contiguity is what takes long to prove anything of: it is the first to go, if it can.
    pieces = {name for name in names if ".pieces = " in name}
    dropped = pieces if pieces and trials.without(pieces) is Answer.NO_PLAN else set()
    while True:
        n_before = len(dropped)
        for name in names:
            if name not in dropped and trials.without({*dropped, name}) is Answer.NO_PLAN:
                dropped.add(name)
        # Edges and neighbours do not only relax: who was needed before may be spared now.
        if len(dropped) == n_before:
            break
    group = [name for name in names if name not in dropped] if dropped else []
    return group, all(trials.without({*dropped, name}) is Answer.PLAN for name in group)


def relaxations(scenario: Scenario) -> Iterator[tuple[str, dict[str, Any]]]:
    """List the constraints of a scenario, and what drops each of them.

    Examples
    --------
    >>> list(relaxations(Scenario.shipped("confederation")))[0]
    ('nations.blue.pieces = 4', {'nations.blue.pieces': 'any'})
    """
    table = scenario.to_table()
    for nation in ("blue", "red"):
        yield from _of_nation(nation, table["nations"][nation])
    given = {
        "voters.at_home": scenario.voters.at_home,
        "states.split_most": scenario.states.split_most,
    }
    least = {key: amount for key, amount in given.items() if amount is not None}
    for key, amount in (least | limited_goals(scenario)).items():
        yield f"{key} = {amount:.12g}", {key: None}
    if scenario.apart.plans:
        yield "apart", {"apart": asdict(ApartRules())}
    yield from _bound_places(table["units"])
    for country, nation in table["neighbours"].items():
        if nation is not None:
            yield f"neighbours.{country}", {f"neighbours.{country}": None}
    if table["edges"]["off"]:
        yield "edges.off", {"edges.off": []}


def _of_nation(nation: str, rules: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """List the constraints of one nation, likewise."""
    if rules["pieces"] != "any":
        key = f"nations.{nation}.pieces"
        yield f"{key} = {rules['pieces']}", {key: "any"}
    shares = {
        f"{side}.{quantity}": rules[side][quantity]
        for side in ("least", "most")
        for quantity in QUANTITIES
    }
    for limit, share in (shares | {one: rules.get(one) for one in STRANDED}).items():
        if share is not None:
            key = f"nations.{nation}.{limit}"
            yield f"{key} = {share}", {key: None}
    if rules["sea_access"]:
        yield f"nations.{nation}.sea_access", {f"nations.{nation}.sea_access": False}


def _bound_places(units: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for key, nothing in (("blue", []), ("red", []), ("whole", []), ("only", [ALL])):
        if list(units[key]) != nothing:
            yield f"units.{key}", {f"units.{key}": nothing}


def _try(question: Question, is_stopped: Callable[[], bool]) -> Answer:
    """Look for any plan for a few seconds; which one does not matter."""
    is_found = False

    def watch(progress: Progress) -> None:
        nonlocal is_found
        is_found = is_found or progress.incumbent is not None

    plain = question.scenario.override(settings={"weights": asdict(Weights())})
    try:
        problem = question.asking(plain).formulation.problem
    except ScenarioError:  # what is left contradicts itself as well
        return Answer.NO_PLAN
    result = solvers.solve.solve(
        problem,
        Limits(time_limit=SECONDS),
        seed=plain.limits.seed,
        on_progress=watch,
        should_stop=lambda: is_found or is_stopped(),
    )
    if result.plan is not None:
        return Answer.PLAN
    return Answer.NO_PLAN if result.status is Status.INFEASIBLE else Answer.UNKNOWN
