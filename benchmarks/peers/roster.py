"""Who takes part, and how each of them is run."""

from __future__ import annotations

from typing import NamedTuple


class Peer(NamedTuple):
    """One way to solve the problem.

    Parameters
    ----------
    module, function, options
        What its process calls: ``function(*options, task, report)``. The module is imported
        there only, with the libraries behind it.
    is_one_run
        Whether one run tells what it has after 10, 60 and 300 seconds. The others, which hand
        over their plan at the end only or cool down towards it, run once for each.
    cores
        How many it can use; 0 for all.
    """

    module: str
    function: str
    options: tuple[str | bool, ...] = ()
    is_one_run: bool = True
    cores: int = 1


def _roster() -> dict[str, Peer]:
    roster = {"two-nations": Peer("peers.own", "run", is_one_run=False, cores=0)}
    for method in ("bursts", "tilted", "annealing", "recom"):
        for start in ("", "-own"):
            roster[f"gerrychain-{method}{start}"] = Peer(
                "peers.chains",
                "run",
                (method, bool(start)),
                is_one_run=method != "annealing",
            )
    for method in ("azp", "azp-own", "azp-annealing"):
        options = (method.endswith("annealing"), method.endswith("own"))
        roster[f"spopt-{method}"] = Peer("peers.regions", "run_azp", options)
    roster["spopt-skater"] = Peer("peers.regions", "run_skater")
    for method in ("ward", "kmeans", "spenc"):
        roster[f"spopt-{method}"] = Peer("peers.regions", "run_alike", (method,))
    for engine, module in (("cp-sat", "peers.cp_sat"), ("scip", "peers.scip")):
        for model in ("flow", "flow-rooted", "multiflow", "multiflow-rooted", "tree"):
            is_scip = engine == "scip"
            roster[f"{engine}-{model}"] = Peer(
                "peers.exact",
                "run",
                (module, model),
                is_one_run=not is_scip,
                cores=1 if is_scip else 0,
            )
    return roster


ROSTER = _roster()
"""Every peer by its name. ``-own`` starts from a plan of its own making, the others of the same
package from the plan that all are given; ``-rooted`` is told a unit of each part."""
