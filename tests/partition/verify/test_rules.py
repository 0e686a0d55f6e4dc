"""Certificates of scenarios with constraints and weights: recounted, and refused where changed."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import partition
from partition.errors import CertificateError
from partition.runs.bundle import CERTIFICATE, DOCUMENT
from partition.scenario import Scenario
from partition.verify import verify
from tests.partition.verify.drawn import rehash

EVERYTHING = {
    "nations.blue.pieces": 3,
    "nations.red.pieces": "any",
    "nations.blue.least.population": 0.3,
    "nations.red.most.gdp": 0.55,
    "nations.blue.most.area": 0.5,
    "nations.red.least.votes": 0.25,
    "nations.red.sea_access": True,
    "units.blue": ["VT", "06"],
    "units.red": ["53033"],
    "units.whole": ["NY", "TX", "36061"],
    "units.only": ["all"],
    "neighbours.canada": "blue",
    "neighbours.mexico": "red",
    "weights.self_determination": 2,
    "weights.intensity": 0.25,
    "weights.border": 3.3,
    "weights.cut_edges": 7,
    "weights.state_splits": 0.05,
    "weights.status_quo": 0.1,
    "weights.population_balance": 0.01,
    "weights.gdp_balance": 0.02,
    "weights.area_balance": 0.03,
    "edges.off": ["ferry"],
}


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a run with every key that a scenario has, after one round of the search."""
    scenario = Scenario.shipped("counties").override(settings=EVERYTHING, iterations=1)
    run = partition.solve(scenario, certify=True)
    return run.write(tmp_path_factory.mktemp("verify") / "everything")


def test_a_run_with_every_constraint_and_every_weight_is_recounted(everything: Path) -> None:
    confirmation = verify(everything)
    assert confirmation.is_recounted
    assert confirmation.n_units == 3113  # neighbours and seats are none
    assert confirmation.proof is not None
    assert confirmation.proof.n_units == 3113
    assert "divides 3,113 units" in confirmation.text
    document = json.loads((everything / DOCUMENT).read_text(encoding="utf-8"))
    assert confirmation.objective == document["objective"]


def setting(key: str, value: object) -> Callable[[Any, Any], None]:
    """Change what the run says was asked."""

    def change(_instance: Any, scenario: Any) -> None:
        *tables, last = key.split(".")
        for table in tables:
            scenario = scenario[table]
        scenario[last] = value

    return change


CHANGES = [
    (setting("nations.blue.pieces", 4), "scenario.nations.blue.pieces: 4, but"),
    (setting("nations.blue.least.population", 0.31), "instance.budgets: these are not the shares"),
    (setting("nations.red.most.gdp", None), "instance.budgets: these are not the shares"),
    (setting("nations.blue.most.votes", 0.6), "instance.budgets: these are not the shares"),
    (setting("nations.red.sea_access", False), "instance.budgets: these are not the shares"),
    (setting("nations.red.sea_access", 1), "nations.red.sea_access: 1, expected true or false"),
    (setting("nations.red.most.gdp", 7), "nations.red.most.gdp: 7, expected a share"),
    (setting("units.blue", ["VT"]), r"instance.fixed\[\d+\]: 1, but the scenario has -1"),
    (
        setting("units.red", ["53033", "53035"]),
        r"instance.fixed\[\d+\]: -1, but .* has 0 for 53035",
    ),
    (setting("units.only", ["CA"]), r"instance.fixed\[0\]: -1, but the scenario has 0 for 01001"),
    (setting("units.whole", ["NY"]), r"instance.groups\[\d+\]: 48"),
    (setting("units.whole", ["NY", "TX", "FL"]), r"instance.groups\[\d+\]: 12"),
    (setting("units.blue", ["XX"]), "units.blue: 'XX' is no unit and no state"),
    (setting("units.rest", "green"), "units.rest: 'green', expected red or blue"),
    (setting("neighbours.canada", "red"), r"instance.fixed\[3113\]: 1, but the scenario has 0"),
    (setting("neighbours.mexico", None), "instance.ids: 3164 units, expected 3163"),
    (setting("neighbours.canada", "x"), "neighbours.canada: 'x', expected red or blue"),
    (setting("edges.off", []), "instance.edges: the edge .* of the data is missing"),
    (setting("weights.self_determination", 1), r"instance.gains\[0\]: "),
    (setting("weights.intensity", 0), r"instance.gains\[0\]: "),
    (setting("weights.status_quo", 0.2), r"instance.gains\[0\]: "),
    (setting("weights.border", 3.4), r"instance.edge_costs\[0\]: "),
    (setting("weights.cut_edges", 8), r"instance.edge_costs\[0\]: "),
    (setting("weights.state_splits", 0.06), "instance.links: these are not the splits"),
    (setting("weights.state_splits", 0), "instance.ids: 3164 units, expected 3115"),
    (setting("weights.gdp_balance", 0.03), "instance.budgets: these are not the balances"),
    (setting("weights.area_balance", 0), "instance.budgets: these are not the balances"),
    (setting("weights.border", -1), "weights.border: -1, expected a number of at least 0"),
    (setting("weights.more", 1), "weights: 'more' is not a known key"),
    (setting("nations.blue.colour", 1), "nations.blue: 'colour' is not a known key"),
]


@pytest.mark.parametrize(("change", "message"), CHANGES, ids=[str(n) for n in range(len(CHANGES))])
def test_a_scenario_that_asks_for_anything_else_is_refused(
    everything: Path, tmp_path: Path, change: Callable[[Any, Any], None], message: str
) -> None:
    with gzip.open(everything / CERTIFICATE) as stream:
        certificate = json.load(stream)
    document = json.loads((everything / DOCUMENT).read_text(encoding="utf-8"))
    change(certificate["instance"], document["scenario"])
    (tmp_path / DOCUMENT).write_text(json.dumps(rehash(document)), encoding="utf-8")
    for name in ("plan.csv", "report.json", CERTIFICATE):
        (tmp_path / name).write_bytes((everything / name).read_bytes())
    with pytest.raises(CertificateError, match=message):
        verify(tmp_path)


def test_a_plan_that_leaves_out_a_county_is_refused(everything: Path, tmp_path: Path) -> None:
    for name in (DOCUMENT, "report.json", CERTIFICATE):
        (tmp_path / name).write_bytes((everything / name).read_bytes())
    lines = (everything / "plan.csv").read_text(encoding="utf-8").splitlines()
    without = [line for line in lines if not line.startswith("01001")]
    (tmp_path / "plan.csv").write_text("\n".join(without), encoding="utf-8")
    with pytest.raises(CertificateError, match=r"plan\.csv: unit .01001. is left out"):
        verify(tmp_path)
