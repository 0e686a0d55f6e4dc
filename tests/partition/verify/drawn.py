"""Certificates of small instances, drawn at random."""

from __future__ import annotations

import gzip
import json
import random
import re
from pathlib import Path
from typing import Any

from partition.errors import CertificateError
from partition.verify import check
from partition.verify.document import inputs_sha256
from partition.verify.goals import WEIGHTS
from tests.partition.certificates import all_plans, draw_instance, worth, write_certificate

PLACE = re.compile(r"^[\w.\[\], :]+: ")
UNBOUNDED = 2**62
STEP = {"rows": [0], "multipliers": [1], "scale": 1, "excludes": False, "zero": [], "one": []}


def drawn_certificate(
    seed: int,
    *,
    best: bool = True,
    max_units: int = 7,
    max_nodes: int = 60,
    plain: bool | None = None,
    pieces: list[int] | None = None,
) -> tuple[dict[str, Any], list[int], int]:
    """Draw an instance that has plans, one of them, and a certificate."""
    rng = random.Random(seed)
    while True:
        is_plain = rng.random() < 0.3 if plain is None else plain
        instance = draw_instance(rng, max_units, plain=is_plain)
        instance["pieces"] = pieces or instance["pieces"]
        plans = all_plans(instance)
        values = [worth(instance, plan) for plan in plans]
        is_easy = sum(map(max, instance["gains"])) == max(values, default=0)
        if plans and (not is_easy or rng.random() < 0.1):
            break
    plan = plans[values.index(max(values))] if best else rng.choice(plans)
    return write_certificate(rng, instance, plan, max_nodes), list(plan), max(values)


def refusal(certificate: dict[str, Any], plan: list[int]) -> str | None:
    """Say why a certificate is refused, None where it is accepted."""
    try:
        check(certificate, plan)
    except CertificateError as error:
        return str(error)
    return None


def stated(objective: int, bound: int, status: str) -> dict[str, Any]:
    """Write a run.json about data that nobody has."""
    share = {"population": None, "gdp": None, "votes": None, "area": None}
    rules = {"pieces": 1, "sea_access": False, "least": share, "most": share}
    document = {
        "schema_version": 1,
        "scenario": {
            "name": "drawn",
            "title": "Drawn",
            "description": "By chance.",
            "election": "2016",
            "nations": {"blue": rules, "red": rules},
            "units": {"blue": [], "red": [], "whole": [], "only": ["all"], "rest": "red"},
            "neighbours": {"canada": None, "mexico": None},
            "weights": dict.fromkeys(WEIGHTS, 0.0) | {"self_determination": 1.0},
            "edges": {"on": [], "off": []},
            "limits": {"time_limit": 60.0, "gap": 0.0, "seed": 0, "iterations": None},
        },
        "data": {"source": "", "sha256": {"units": "0" * 64}, "repairs": []},
        "packages": {"python": "3", "two-nations": "0"},
        "seed": 0,
        "status": status,
        "start": None,
        "inequalities_from": [],
        "windows": 0,
        "objective": objective,
        "bound": bound,
        "gap": (bound - objective) / abs(objective),
        "steps_per_vote": 1,
        "borders_left_out": [],
        "goals": [],
        "runtime_seconds": 0.0,
        "trace": [],
        "metrics": {},
    }
    return rehash(document)


def rehash(document: dict[str, Any]) -> dict[str, Any]:
    """Let the hash of the inputs be that of what was changed, as a forger would."""
    document["inputs_sha256"] = inputs_sha256(document)
    return document


def write_bundle(
    folder: Path,
    certificate: dict[str, Any],
    plan: list[int],
    document: dict[str, Any],
    report: dict[str, Any] | None = None,
) -> Path:
    """Write the files that are verified."""
    names = ("red", "blue")
    lines = [
        f"{unit},{names[part]}"
        for unit, part in zip(certificate["instance"]["ids"], plan, strict=True)
    ]
    (folder / "plan.csv").write_text("\n".join(["GEOID,nation", *lines, ""]))
    (folder / "run.json").write_text(json.dumps(document))
    (folder / "report.json").write_text(json.dumps(report or {}))
    packed = gzip.compress(json.dumps(certificate).encode(), compresslevel=1)
    (folder / "certificate.json.gz").write_bytes(packed)
    return folder
