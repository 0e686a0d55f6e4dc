"""What has been confirmed of a run, for people and for programs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a certificate proves of a plan.

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
            f"{self.objective:,}; {proven}. Checked: {self.n_rows:,} rows, {self.n_steps:,} sums "
            f"of rows, {self.n_nodes:,} nodes."
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What has been confirmed of a bundle.

    Parameters
    ----------
    is_recounted
        Whether votes, constraints, weights and every figure were compared with the data.
    proof
        What the certificate proves; None where there is none.
    objective
        Of the plan; added up anew where it was recounted or there is a certificate.
    n_units
        Units of the plan.
    claims_bound
        Whether the run says that no plan is better than some bound.
    source
        Where votes and edges come from, or why nothing was recounted, in a sentence.
    recounted, stated
        What was recounted, and what is only a statement, in words.
    seconds
        How long the verification took.
    """

    is_recounted: bool
    proof: Confirmation | None
    objective: int
    n_units: int
    claims_bound: bool
    source: str
    recounted: tuple[str, ...]
    stated: tuple[str, ...]
    seconds: float

    @property
    def bound(self) -> int | None:
        """What no plan exceeds, as far as it is proven; None without a certificate."""
        return None if self.proof is None else self.proof.bound

    @property
    def is_confirmed(self) -> bool:
        """Whether the run is what it says: recounted from the data, its bound proven if claimed."""
        return self.is_recounted and (self.proof is not None or not self.claims_bound)

    @property
    def status(self) -> str:
        """``OPTIMAL``, ``BOUNDED``, ``PLAN`` where no bound is claimed, else ``UNCONFIRMED``."""
        if not self.is_confirmed:
            return "UNCONFIRMED"
        return "PLAN" if self.proof is None else self.proof.status

    @property
    def text(self) -> str:
        """A few lines for people; the last one says what is only a statement."""
        return "\n".join(
            [
                f"{self._finding} Checked in {self.seconds:.1f} s.",
                f"Recounted: {'; '.join(self.recounted)}.",
                f"Only stated: {'; '.join(self.stated)}.",
            ]
        )

    @property
    def _finding(self) -> str:
        if not self.is_recounted:
            return f"NOT CONFIRMED: {self.source}"
        if self.proof is not None:
            return f"{self.proof.text} {self.source}"
        plan = (
            f"The plan divides {self.n_units:,} units, meets every constraint and is worth "
            f"{self.objective:,}"
        )
        if self.claims_bound:
            return (
                f"NOT CONFIRMED: there is no certificate, so that the bound is only a statement. "
                f"{plan}. {self.source}"
            )
        return f"{plan}; no bound is claimed. {self.source}"
