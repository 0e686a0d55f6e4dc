"""Splits of cases at random, so that small problems have large trees."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from solvers.exact.branch_and_cut import BranchAndCut


@contextmanager
def splitting(rng: np.random.Generator, share: float = 0.4) -> Iterator[None]:
    """Have exact searches of this process split on any unit, roots above all, now and then."""
    advance = BranchAndCut._advance

    def split_or_advance(self: BranchAndCut) -> None:
        node = self._current
        if node is None or any(roots is None for roots in node.roots) or rng.random() >= share:
            return advance(self)
        free = np.flatnonzero(node.lower != node.upper)
        roots = np.intersect1d(np.concatenate(node.roots), free)
        units = roots if len(roots) and rng.random() < 0.5 else free
        if not len(units):
            return advance(self)
        self._current = None
        return self._split_on_unit(node, int(rng.choice(units)))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BranchAndCut, "_advance", split_or_advance)
        yield
