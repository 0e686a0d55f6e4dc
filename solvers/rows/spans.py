"""Spans: a unit lies between two others, so that the two lie apart where a set is divided."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from solvers.model import Model
from solvers.rows.claims import arguments, number
from solvers.rows.family import Family, Needs, Point
from solvers.rows.row import Claim, Row, write_row


class Spans(Family):
    """``x[below] <= x[unit]`` and ``x[unit] <= x[above]`` hold for every span."""

    kind = "span"
    needs = Needs.RULES
    is_definition = True

    def violated(self, model: Model, point: Point, violation: float) -> Iterator[Row]:
        """Yield both halves of the spans that a point is outside of."""
        unit, below, above = point.values[model.problem.spans].reshape(-1, 3).T
        excesses = np.stack([below - unit, unit - above])
        for end, span in model.stop.checking(np.argwhere(excesses > violation).tolist()):
            yield span_row(model, span, end)

    def read(self, model: Model, claim: Claim) -> Row:
        """Read a span by its number, and 1 for its upper end or 0 for the lower one."""
        span, end = arguments(claim, 2)
        return span_row(
            model, number(span, len(model.problem.spans), "span"), number(end, 2, "end")
        )


def span_row(model: Model, span: int, end: int) -> Row:
    """Write that a unit lies below the upper end of its span, or above the lower one."""
    unit, below, above = model.problem.spans[span].tolist()
    terms = {unit: 1, above: -1} if end else {below: 1, unit: -1}
    return write_row(("span", span, end), 1, terms, 0, model.n_units)
