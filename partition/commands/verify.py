"""``partition verify``: check a run by code independent of the solver."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import typer

from partition.commands.console import print_json, say
from partition.commands.options import AsJson, Bundle

if TYPE_CHECKING:
    from partition.verify import Verdict


def verify(
    bundle: Bundle,
    as_json: AsJson = False,
) -> None:
    """Recount a run from its data and check the certificate of its bound, by independent code.

    Exit code 0: all that it says is confirmed. 1: something differs, or could not be recounted.
    """
    from partition.verify import verify as verify_bundle

    verdict = verify_bundle(bundle)
    if as_json:
        print_json(_plain(verdict))
    else:
        say(verdict.text)
    if not verdict.is_confirmed:
        raise typer.Exit(1)


def _plain(verdict: Verdict) -> dict[str, Any]:
    """State a verdict as plain values."""
    table = asdict(verdict)
    proof = table.pop("proof") or {}
    size = {key: value for key, value in proof.items() if key.startswith("n_") and key != "n_units"}
    return {"status": verdict.status, **table, "bound": verdict.bound, **size}
