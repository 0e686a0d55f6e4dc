"""Budgets: limits on what part 1 holds, or on what lies between the parts."""

from __future__ import annotations

from collections.abc import Iterator

from solvers.model import Model
from solvers.rows.claims import ClaimError, arguments, number
from solvers.rows.family import Family, Needs
from solvers.rows.row import Claim, Row, Units, write_row


class Budgets(Family):
    """``sum(amounts * x) - s <= upper`` and ``-sum(amounts * x) - s <= -lower``.

    A budget of pairs reads ``sum(amounts * y) <= upper``.
    """

    kind = "budget"
    needs = Needs.RULES

    def first(self, model: Model, sides: tuple[Units, Units]) -> Iterator[Row]:
        """Yield the limits of every budget."""
        return budget_rows(model)

    def read(self, model: Model, claim: Claim) -> Row:
        """Read a limit by the number of its budget, 1 for the upper one and 0 for the lower."""
        budget, end = arguments(claim, 2)
        row = budget_row(
            model, number(budget, len(model.budgets), "budget"), number(end, 2, "limit")
        )
        if row is None:
            raise ClaimError(f"budget {budget} has no limit of this kind.")
        return row


def budget_rows(model: Model) -> Iterator[Row]:
    """Yield the limits of all budgets."""
    for budget in range(len(model.budgets)):
        for end in (1, 0):
            row = budget_row(model, budget, end)
            if row is not None:
                yield row


def budget_row(model: Model, number: int, end: int) -> Row | None:
    """Write a budget's upper limit, for 1, or its lower one, for 0; None where it has none."""
    budget = model.budgets[number]
    limit = budget.upper if end == 1 else budget.lower
    if limit is None:
        return None
    sign = 1 if end == 1 else -1
    amounts = enumerate(budget.amounts.tolist())
    terms = {unit: sign * amount for unit, amount in amounts if amount}
    counted = zip(model.budget_pairs(number).tolist(), budget.pair_amounts.tolist(), strict=True)
    terms |= {model.cut(pair): amount for pair, amount in counted if amount}
    over = {} if model.over(number) < 0 else {model.over(number): -1}
    return write_row(("budget", number, end), 1, terms | over, sign * limit, model.n_units)
