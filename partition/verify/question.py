"""What a run was asked, stated anew from its scenario and the data, and compared."""

from __future__ import annotations

from typing import Any

from partition.verify.counted import Counted
from partition.verify.fields import fail
from partition.verify.goals import Goals
from partition.verify.instance import Budget, Instance
from partition.verify.rules import (
    NATIONS,
    WHERE,
    apart,
    at_home,
    beyond,
    divisible,
    fixed_parts,
    groups,
    limits,
    pieces,
    splits,
    stranded,
)


def state(scenario: dict[str, Any], data: Counted, goals: Goals) -> Instance:
    """State the problem that a scenario asks about the data.

    Parameters
    ----------
    scenario
        The table of ``run.json``.
    data
        Units and edges of the data.
    goals
        The goals of the scenario on the data.

    Returns
    -------
    Instance
        Its units are those of the data, followed by neighbours, by the seats of states, and by the
        lower and the upper end of each state's span, under names that do not matter.
    """
    n_units = len(data.ids)
    countries = list(beyond(scenario["neighbours"], data, f"{WHERE}.neighbours"))
    seated = goals.seated()
    divided = divisible(scenario, data)
    first = n_units + len(countries) + len(seated)
    ends = [(below, below + 1) for below in range(first, first + 2 * len(divided), 2)]
    n_more = len(countries) + len(seated) + 2 * len(divided)
    edges = data.edges
    for number, (_, rows) in enumerate(countries, start=n_units):
        edges += [(row, number) for row in rows]
    links = {
        (unit, seat): goals.split_cost(unit)
        for seat, units in enumerate(seated, start=n_units + len(countries))
        for unit in units
    }
    return Instance(
        ids=[*data.ids, *(f"+{number}" for number in range(n_more))],
        gains=[*map(goals.gains, range(n_units)), *[[0, 0]] * n_more],
        edges=edges,
        edge_costs=[goals.edge_cost(edge) for edge in edges],
        fixed=[
            *fixed_parts(scenario, data),
            *(part for part, _ in countries),
            *[-1] * (len(seated) + 2 * len(divided)),
        ],
        groups=[*groups(scenario, data), *range(n_units, n_units + n_more)],
        pieces=pieces(scenario),
        budgets=[
            budget._replace(amounts=[*budget.amounts, *[0] * n_more])
            for budget in (
                *limits(scenario, data),
                *stranded(scenario, data),
                *at_home(scenario, data),
                *apart(scenario, data),
                *goals.limits(list(links)),
                *goals.balances(),
                *goals.worse_off(),
            )
        ]
        + list(splits(scenario, ends, n_units + n_more)),
        links=list(links),
        link_costs=list(links.values()),
        spans=[(unit, *both) for units, both in zip(divided, ends, strict=True) for unit in units],
    )


def compare(found: Instance, wanted: Instance, n_units: int) -> None:
    """Refuse an instance of a certificate that is not the one which the scenario asks about.

    Parameters
    ----------
    found
        Of the certificate.
    wanted
        Stated anew.
    n_units
        Units of the data.

    Raises
    ------
    CertificateError
        At the first difference.
    """
    if found.ids[:n_units] != wanted.ids[:n_units]:
        fail("instance.ids", "these are not the units of the data, in their order.")
    if len(found.ids) != len(wanted.ids):
        fail("instance.ids", f"{len(found.ids)} units, expected {len(wanted.ids)}.")
    names = found.ids
    for unit, (part, asked) in enumerate(zip(found.fixed, wanted.fixed, strict=True)):
        if part != asked:
            message = f"{part}, but the scenario has {asked} for {names[unit]}."
            fail(f"instance.fixed[{unit}]", message)
    for unit, (other, asked) in enumerate(zip(_firsts(found), _firsts(wanted), strict=True)):
        if other != asked:
            message = f"{names[unit]} goes with {names[other]}, but in the scenario with "
            fail(f"instance.groups[{unit}]", f"{message}{names[asked]}.")
    for part, (most, asked) in enumerate(zip(found.pieces, wanted.pieces, strict=True)):
        if most != asked:
            place = f"{WHERE}.nations.{NATIONS[part]}.pieces"
            fail(place, f"{asked or 'any'}, but instance.pieces[{part}] is {most}.")
    if set(found.spans) != set(wanted.spans):
        fail("instance.spans", "these are not the states whose splits the scenario limits.")
    _compare_edges(found, wanted)
    _compare_budgets(found, wanted)
    _compare_goals(found, wanted)


def _firsts(instance: Instance) -> list[int]:
    """Say who stays together, whatever the labels."""
    first: dict[int, int] = {}
    return [
        unit if label < 0 else first.setdefault(label, unit)
        for unit, label in enumerate(instance.groups)
    ]


def _compare_edges(found: Instance, wanted: Instance) -> None:
    expected = set(wanted.edges)
    for number, edge in enumerate(found.edges):
        if edge not in expected:
            fail(f"instance.edges[{number}]", f"{list(edge)} is not an edge that the scenario has.")
    missing = sorted(expected - set(found.edges))
    if missing:
        fail("instance.edges", f"the edge {list(missing[0])} of the data is missing.")


def _compare_budgets(found: Instance, wanted: Instance) -> None:
    for is_soft, message in (
        (False, "these are not the shares and coasts that the scenario asks for."),
        (True, "these are not the balances that the scenario weighs."),
    ):
        both = [
            [_plain(budget) for budget in instance.budgets if (budget.price is not None) is is_soft]
            for instance in (found, wanted)
        ]
        if both[0] != both[1]:
            fail("instance.budgets", message)


def _plain(budget: Budget) -> tuple[Any, ...]:
    """State a budget without its name; a limit that limits nothing may be left out."""
    least = sum(amount for amount in budget.amounts if amount < 0)
    most = sum(amount for amount in budget.amounts if amount > 0)
    lower = least if budget.lower is None else max(least, budget.lower)
    upper = most if budget.upper is None else budget.upper
    counted = zip(budget.pairs, budget.pair_amounts, strict=True)
    between = {pair: amount for pair, amount in counted if amount}
    return budget.amounts, lower, budget.upper if between else upper, budget.price, between


def _compare_goals(found: Instance, wanted: Instance) -> None:
    for unit, (gains, asked) in enumerate(zip(found.gains, wanted.gains, strict=True)):
        if gains != asked:
            message = f"{gains}, but by the data {asked} for unit {found.ids[unit]}, red and blue."
            fail(f"instance.gains[{unit}]", message)
    costs = dict(zip(wanted.edges, wanted.edge_costs, strict=True))
    for number, (edge, cost) in enumerate(zip(found.edges, found.edge_costs, strict=True)):
        if cost != costs[edge]:
            fail(f"instance.edge_costs[{number}]", f"{cost}, but by the data {costs[edge]}.")
    links = [dict(zip(one.links, one.link_costs, strict=True)) for one in (found, wanted)]
    if links[0] != links[1]:
        fail("instance.links", "these are not the splits of states that the scenario weighs.")
