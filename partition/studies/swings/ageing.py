"""How plans age: what a plan made for one election gives up under another.

The regret of a plan under an election is the objective of the best plan for that election, less
that of the plan, both with the votes of that election. Where the best plan is not proven, its
objective lies between that of the best plan known and the proven bound, and so the regret is an
interval.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from partition.runs.run import Run
from partition.scenario.swing import Swing
from partition.studies.distinctions import but_for_votes
from partition.studies.table import in_votes

AGEING = (
    "Votes that a plan gives up under each election against the best plan for it: against the best "
    "one known, to the most that is possible."
)
"""What stands above the table of regrets."""


class Regret(NamedTuple):
    """What a plan gives up under an election, in votes of the objective.

    All figures but the name of the rule are None where the plan breaks a rule under that election.
    """

    label: str
    scenario: str
    made_for: str
    election: str
    value_votes: float | None
    """Objective of the plan with the votes of the election."""
    least_votes: float | None
    """Regret against the best plan known, at least 0."""
    most_votes: float | None
    """Regret against the proven bound; None where nothing is proven."""
    breaks: str | None
    """The rule that the plan breaks under the election, or None."""

    def to_dict(self) -> dict[str, Any]:
        """State the figures as plain values."""
        return self._asdict()


def regret_text(regret: Regret) -> str:
    """Write a regret as an interval.

    Examples
    --------
    >>> regret_text(Regret("a", "a", "2016", "2020", 90, 10, 12.4, None))
    '10 to 13'
    >>> regret_text(Regret("a", "a", "2016", "2016", 90, 0, 0, None))
    '0'
    """
    if regret.breaks is not None:
        return f"not allowed: {regret.breaks}"
    least, most = regret.least_votes or 0, regret.most_votes
    if most is None:
        return f"at least {least:,.0f}"
    # Rounded outwards, so that the interval holds what is true.
    low, high = int(least), -int(-most // 1)
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def ageing_table(regrets: Sequence[Regret]) -> tuple[list[str], list[dict[str, str]]]:
    """Write regrets as a table: the elections, and a row a plan with a text for each of them."""
    elections = sorted({one.election for one in regrets})
    lines: dict[str, dict[str, str]] = {}
    for one in regrets:
        line = lines.setdefault(one.label, {"Plan": one.label, **dict.fromkeys(elections, "-")})
        line[one.election] = regret_text(one)
    return elections, list(lines.values())


def ageing(runs: Iterable[tuple[str, Run]]) -> tuple[Regret, ...]:
    """Measure the regret of every plan under every election that its scenario was solved for.

    Parameters
    ----------
    runs
        Runs with their labels. Those that ask the same of different elections, or of votes that
        swing, are held against each other, however long each was searched for.

    Returns
    -------
    tuple of Regret
        Plan by plan, election by election; nothing for a scenario with one election.
    """
    families: dict[str, list[tuple[str, Run]]] = {}
    for label, run in runs:
        families.setdefault(but_for_votes(run.scenario), []).append((label, run))
    return tuple(one for family in families.values() for one in _family_regrets(family))


def _votes(run: Run) -> str:
    """Name the votes that a run counts: an election, and how they swing."""
    words = run.scenario.swing.words(("blue", "red"))
    return ", ".join(filter(None, (run.scenario.election, words)))


def _family_regrets(family: Sequence[tuple[str, Run]]) -> list[Regret]:
    electorates: dict[tuple[str, Swing], list[Run]] = {}
    for _, run in family:
        votes = (run.scenario.election, run.scenario.swing)
        electorates.setdefault(votes, []).append(run)
    if len(electorates) < 2:
        return []
    regrets = []
    for targets in electorates.values():
        target = targets[0]
        asked = target.question.asking(target.scenario)  # one that ends with this turn
        breaks = [asked.broken_constraint(one.plan) for _, one in family]
        values = [
            None if broken else asked.objective(one.plan)
            for (_, one), broken in zip(family, breaks, strict=True)
        ]
        best = max(value for value in values if value is not None)
        bounds = [one.result.bound for one in targets if one.result.bound is not None]
        bound = min(bounds, default=None)
        for (label, run), value, broken in zip(family, values, breaks, strict=True):
            least = None if value is None else best - value
            most = None if value is None or bound is None else bound - value
            regrets.append(
                Regret(
                    label,
                    run.scenario.name,
                    _votes(run),
                    _votes(target),
                    value_votes=in_votes(value, asked.scale),
                    least_votes=in_votes(least, asked.scale),
                    most_votes=in_votes(most, asked.scale),
                    breaks=broken,
                )
            )
    order = {label: place for place, (label, _) in enumerate(family)}
    return sorted(regrets, key=lambda one: order[one.label])
