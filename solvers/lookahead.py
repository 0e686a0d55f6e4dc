"""What can be offered and proven while the loops are still being compiled.

With what earlier searches have learned, the best plan is there at once, and a single linear program
proves nearly as much as they did. Without, there is a simple plan at once, and a better one and a
bound come as soon as the loops that they need are kept.
None of it enters the search that follows, which is the same as one that need not wait.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from solvers.domain import Domain
from solvers.graphs.kernel_cache import NotCompiled, compiled_only
from solvers.model import Model
from solvers.params import SearchParams
from solvers.problem import FREE
from solvers.stop import Stop

PAUSE = 0.2
"""Seconds between two looks for a loop that is not kept yet."""


def looking_ahead(params: SearchParams) -> SearchParams:
    """Vary parameters so that one thread, which compiles nothing, does all the work."""
    return replace(params, cuts=replace(params.cuts, worth_threads=2**30))


def look_ahead(domains: list[Domain], seed: int, stop: Stop) -> None:
    """Search until there is a plan of every domain, and less is possible than without any search.

    Only loops that are kept are called, none is compiled: see :func:`solvers.loops.compile_first`
    for those that must be there.

    Parameters
    ----------
    domains
        What is searched; the one where bound and objective are furthest apart first.
    seed
        Seed of every random choice.
    stop
        What ends it.
    """
    trivial = {id(domain): domain.bound for domain in domains}
    planned = {id(domain) for domain in domains if domain.objective is not None}
    for domain in domains:
        if id(domain) not in planned:
            domain.exact.offer(main_pieces(domain.model))
    with compiled_only():
        while not stop.is_set():
            domain = max(domains, key=lambda one: one.distance)
            is_lowered = domain.exact.is_finished or domain.bound != trivial[id(domain)]
            is_planned = id(domain) in planned or domain.walker is not None
            if is_lowered and is_planned:
                return
            before = domain.bound, domain.exact.n_rows, domain.exact.n_nodes
            if not is_planned:
                with suppress(NotCompiled):
                    domain.begin(seed)
            if not is_lowered:
                domain.exact.step()
            if before == (domain.bound, domain.exact.n_rows, domain.exact.n_nodes):
                time.sleep(PAUSE)


def main_pieces(model: Model) -> npt.NDArray[np.int8]:
    """Divide a model without any search: the parts keep their main pieces.

    Every unit goes where it gains. On each landmass one part, and then the other, keeps the piece
    with the most absolute weight, and the units of its other pieces change sides: those of the
    second part touch none but the first, which they do not tear. The better of both orders counts.

    Returns
    -------
    numpy.ndarray
        Parts, shape ``(n_units,)``; no plan where more than pieces is limited.
    """
    plans = []
    for first in (1, 0):
        plan = np.where(model.fixed == FREE, model.weights > 0, model.fixed).astype(np.int8)
        for part in (first, 1 - first):
            if model.pieces[part]:
                plan[_strays(model, plan, part)] = 1 - part
        plans.append(plan)
    return max(plans, key=model.value)


def _strays(model: Model, plan: npt.NDArray[np.int8], part: int) -> npt.NDArray[np.bool_]:
    """Mark the units of a part outside its main piece on their landmass, shape ``(n_units,)``."""
    labels = model.graph.label(plan)
    mass = np.bincount(labels, np.abs(model.weights) + 1.0)
    members = np.flatnonzero(plan == part)
    by_mass = members[np.argsort(mass[labels[members]], kind="stable")]
    main = np.full(int(model.landmass.max()) + 1, -1)
    main[model.landmass[by_mass]] = labels[by_mass]  # the last one written is the heaviest
    strays: npt.NDArray[np.bool_] = (plan == part) & (labels != main[model.landmass])
    return strays
