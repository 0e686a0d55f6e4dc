"""What ``run.json`` says of the answer, held against the plan, the scenario and the proof."""

from __future__ import annotations

from typing import Any

from partition.verify.agreement import agree, share
from partition.verify.confirmation import Confirmation
from partition.verify.counted import Counted
from partition.verify.fields import fail, show
from partition.verify.goals import Goals

NAME = "run.json"


def check_answer(
    document: dict[str, Any],
    objective: int | None,
    proof: Confirmation | None,
    certificate: dict[str, Any] | None,
) -> None:
    """Refuse an answer whose parts contradict each other or the proof.

    Parameters
    ----------
    document
        The content of ``run.json``.
    objective
        Of the plan, added up anew; None where it could not be.
    proof, certificate
        What the certificate proves, and what it claims; None without one.

    Raises
    ------
    CertificateError
        With the place and both values.
    """
    worth, bound, status = (document[name] for name in ("objective", "bound", "status"))
    if objective is not None:
        agree(worth, objective, f"{NAME}: objective")
    if certificate is not None:
        agree(bound, certificate["bound"], f"{NAME}: bound")
    if bound is not None and bound < worth:
        fail(f"{NAME}: bound", f"{bound}, but the plan is worth {worth}.")
    is_optimal = bound == worth and (proof is None or proof.bound == worth)
    if status == "OPTIMAL" and not is_optimal:
        fail(f"{NAME}: status", f"{show(status)} is not what a bound of {show(bound)} says.")
    found, asked = gap(worth, bound), document["scenario"]["limits"]["gap"]
    agree(document["gap"], found, f"{NAME}: gap")
    if status == "GAP_REACHED" and (found is None or found > asked):
        message = f"{show(status)}, but the gap is {show(found)}, and {show(asked)} was asked for."
        fail(f"{NAME}: status", message)


def gap(objective: int, bound: int | None) -> float | None:
    """Divide what the bound is above the objective by it; None where that is no number."""
    if bound is None:
        return None
    return 0.0 if bound == objective else share(bound - objective, abs(objective))


def check_account(
    document: dict[str, Any], data: Counted, goals: Goals, plan: list[int], objective: int
) -> None:
    """Refuse other goals, steps, repairs or sources than those of the scenario and the data."""
    account, together = goals.account(plan)
    if together != objective:
        fail("plan", f"its goals add up to {together}, but it is worth {objective}.")
    agree(document["steps_per_vote"], goals.scale, f"{NAME}: steps_per_vote")
    agree(document["goals"], account, f"{NAME}: goals")
    agree(document["borders_left_out"], data.left_out, f"{NAME}: borders_left_out")
    agree(document["data"]["repairs"], list(data.repairs), f"{NAME}: data.repairs")
    if data.source is not None:
        agree(document["data"]["source"], data.source, f"{NAME}: data.source")
