"""What has been confirmed of a run, for people and for programs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What has been confirmed of a run.

    Parameters
    ----------
    objective
        Of the plan, added up anew.
    bound
        What no plan exceeds, as far as the certificate proves it.
    n_units, n_searches, n_rows, n_nodes, n_steps
        Size of the certificate: units, searches, rows checked, nodes of the trees, and sums of
        rows.
    n_open
        Leaves of the trees that may hold a better plan.
    seconds
        How long the verification took.
    is_recounted
        Whether gains and edges were compared with the data that come with the program.
    source
        Where gains and edges come from, in a sentence.
    """

    objective: int
    bound: int
    n_units: int
    n_searches: int
    n_rows: int
    n_nodes: int
    n_steps: int
    n_open: int
    seconds: float
    is_recounted: bool = False
    source: str = "Gains and edges are those that the certificate states."

    @property
    def gap(self) -> float:
        """Share of the objective by which the bound is above it, as in ``run.json``."""
        if self.bound == self.objective:
            return 0.0
        return (
            (self.bound - self.objective) / abs(self.objective) if self.objective else float("inf")
        )

    @property
    def status(self) -> str:
        """``OPTIMAL`` where no plan is better, else ``BOUNDED``."""
        return "OPTIMAL" if self.bound == self.objective else "BOUNDED"

    @property
    def text(self) -> str:
        """One paragraph for people."""
        leaves = "1 leaf is" if self.n_open == 1 else f"{self.n_open:,} leaves are"
        proven = (
            "no plan is better: it is OPTIMAL"
            if self.status == "OPTIMAL"
            else f"no plan is worth more than {self.bound:,}, a gap of {self.gap:.4%}; "
            f"{leaves} open"
        )
        return (
            f"The plan divides {self.n_units:,} units, meets every constraint and is worth "
            f"{self.objective:,}; {proven}. {self.source} Checked in {self.seconds:.1f} s: "
            f"{self.n_rows:,} rows, {self.n_steps:,} sums of rows, {self.n_nodes:,} nodes."
        )
