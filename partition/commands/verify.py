"""``partition verify``: check a run by code independent of the solver."""

# ruff: noqa: PLC0415 - imports wait for their command, so that --help is instant.
from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from partition.commands.console import print_json


def verify(
    bundle: Annotated[Path, typer.Argument(help="A folder written by partition solve.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document on standard output.")
    ] = False,
) -> None:
    """Check a run's plan and the certificate of its bound, by code independent of the solver."""
    from partition.verify import verify as verify_bundle

    confirmation = verify_bundle(bundle)
    if as_json:
        print_json({**asdict(confirmation), "status": confirmation.status})
    else:
        typer.echo(confirmation.text)
