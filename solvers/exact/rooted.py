"""Relaxations of one search: which of them has the rows that hold under some roots.

All nodes of a region share one relaxation, so that GLOP goes on from where it is. Where the roots
are others altogether, because a part is to hold none of those that it was thought to have, most of
its rows are of no use or do not hold; a program of 8,000 rows took 5,619 pivots and 2.1 s of
computing on the way there, and 804 and 0.4 s on the way back, to close a case that 2,100 rows of
its own close within a second. So a large relaxation is put aside meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain

from solvers.exact.basis import Basis
from solvers.exact.cuts import are_among, first_rows, holds
from solvers.exact.node import Units
from solvers.exact.relaxation import Relaxation
from solvers.model import Model
from solvers.rows.row import Row

Sides = tuple[Units, Units]
"""Roots of both parts."""

MOST_ASIDE = 3
"""Relaxations that are kept while others are at work."""


@dataclass(slots=True, eq=False)
class _Rooted:
    """A relaxation, the roots that its region has, and those that its rows hold under now."""

    relaxation: Relaxation
    region: Sides
    roots: Sides | None = None


@dataclass(slots=True, eq=False)
class Relaxations:
    """The relaxations of a search, one at work at a time.

    Parameters
    ----------
    model
        What to divide.
    known
        Rows that hold for the model, learned before; each is added once the roots are such that it
        holds under them.
    basis
        What the first of them begins with besides those rows, if anything.
    """

    model: Model
    known: list[Row] = field(default_factory=list)
    basis: Basis | None = None
    _latest: _Rooted | None = None
    _aside: list[_Rooted] = field(default_factory=list)
    """Those that are not at work, the one that was last."""
    _effort: float = 0.0

    @property
    def latest(self) -> Relaxation | None:
        """The relaxation at work; None before the first."""
        return None if self._latest is None else self._latest.relaxation

    @property
    def effort(self) -> float:
        """What the solves of all of them have taken so far (:mod:`solvers.effort`)."""
        return self._effort + sum(one.relaxation.effort for one in self._kept())

    def rows(self) -> list[Row]:
        """List the rows there are, those of the relaxation at work first."""
        rows = (one.relaxation.rows for one in self._kept())
        return list(dict.fromkeys(chain.from_iterable(rows)))

    def _kept(self) -> list[_Rooted]:
        aside = self._aside[::-1]
        return aside if self._latest is None else [self._latest, *aside]

    def state(self) -> Basis | None:
        """State the basis of the largest relaxation; None where it has not been solved."""
        kept = (one.relaxation for one in self._kept())
        largest = max(kept, key=lambda one: len(one.rows), default=None)
        return None if largest is None else largest.basis()

    def under(self, roots: Sides) -> Relaxation:
        """Give the relaxation for roots; the rows that do not hold under them go.

        Raises
        ------
        Halted
            When the search is to end.
        """
        latest = self._latest
        if latest is None or not are_among(roots, latest.region):
            latest = self._latest = self._around(roots)
        relaxation, before = latest.relaxation, latest.roots
        if before is None or not are_among(roots, before):
            rows = list(relaxation.rows)
            relaxation.drop([row for row in rows if not holds(self.model, row, roots)])
            for row in first_rows(self.model, roots):
                relaxation.add(row)
        if before is None or not are_among(before, roots):
            self._add_known(relaxation, roots)
        latest.roots = roots
        return relaxation

    def _around(self, roots: Sides) -> _Rooted:
        """Give the relaxation of the region that roots are of.

        A small one is taken along to the next region, and whatever is large waits.
        """
        latest = self._latest
        home = next((one for one in self._aside[::-1] if are_among(roots, one.region)), None)
        if latest is not None and latest.relaxation.is_large:
            self._aside.append(latest)
        elif latest is not None and home is None:
            latest.region = roots
            return latest
        elif latest is not None:
            self._effort += latest.relaxation.effort
        if home is None:
            home = _Rooted(Relaxation(self.model), roots)
        else:
            self._aside.remove(home)
        while len(self._aside) > MOST_ASIDE:
            self._effort += self._aside.pop(0).relaxation.effort
        return home

    def _add_known(self, relaxation: Relaxation, roots: Sides) -> None:
        """Add the rows known before that hold under roots, once each."""
        if not self.known:
            return
        is_first = relaxation.n_rounds == 0 and not self._aside
        waiting = []
        for row in self.known:
            if holds(self.model, row, roots):
                relaxation.add(row)
            else:
                waiting.append(row)
        self.known = waiting
        if is_first and self.basis is not None and self._is_most_here(self.basis, relaxation):
            relaxation.begin_from(self.basis, waiting)

    @staticmethod
    def _is_most_here(basis: Basis, relaxation: Relaxation) -> bool:
        """Whether half of a basis is here at least: what is left of less is of no use."""
        n_here = sum(row.claim in basis.tight for row in relaxation.rows)
        return 2 * n_here >= len(basis.tight)
