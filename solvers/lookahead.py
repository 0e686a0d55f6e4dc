"""What can be offered and proven while the loops are still being compiled.

With what earlier searches have learned, the best plan is there at once, and a single linear program
proves nearly as much as they did. Without, both come as soon as the loops that they need are kept.
None of it enters the search that follows, which is the same as one that need not wait.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace

from solvers.domain import Domain
from solvers.graphs.kernel_cache import NotCompiled, compiled_only
from solvers.params import SearchParams
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
    with compiled_only():
        while not stop.is_set():
            domain = max(domains, key=lambda one: one.distance)
            is_lowered = domain.exact.is_finished or domain.bound != trivial[id(domain)]
            if is_lowered and domain.objective is not None:
                return
            before = domain.bound, domain.exact.n_rows, domain.exact.n_nodes
            if domain.objective is None:
                with suppress(NotCompiled):
                    domain.begin(seed)
            if not is_lowered:
                domain.exact.step()
            if before == (domain.bound, domain.exact.n_rows, domain.exact.n_nodes):
                time.sleep(PAUSE)
