"""A bundle is compared with the data and the scenario of its run."""

from __future__ import annotations

import copy
import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import partition
from partition.answer.document import report_document
from partition.errors import BundleError, CertificateError
from partition.runs.bundle import describe
from partition.verify import files, verify
from tests.partition.verify.drawn import drawn_certificate, rehash, stated, write_bundle

Contents = tuple[dict[str, Any], list[int], dict[str, Any], dict[str, Any]]
"""A certificate, a plan, and the documents of a run and of its report."""


@pytest.fixture(scope="module")
def archipelago() -> Contents:
    """The country without contiguity, whose optimum every unit decides for itself."""
    run = partition.solve("archipelago")
    data = run.dataset
    votes = data.units.votes["2016"].tolist()
    gains = [[red, blue] for blue, red in votes]
    active = data.units.edges.select()
    edges = data.units.edges.pairs[active].tolist()
    plan = [int(blue > red) for red, blue in gains]
    objective = sum(map(max, gains))
    instance = {
        "ids": data.units.ids.tolist(),
        "gains": gains,
        "edges": edges,
        "edge_costs": [],
        "fixed": [-1] * len(plan),
        "groups": [-1] * len(plan),
        "pieces": [0, 0],
        "budgets": [],
        "links": [],
        "link_costs": [],
    }
    node = {"parent": -1, "branch": None, "steps": [], "split": None}
    certificate = {
        "format": "two-nations certificate",
        "version": 1,
        "instance": instance,
        "objective": objective,
        "bound": objective,
        "searches": [
            {"members": list(range(len(plan))), "rotation": None, "rows": [], "nodes": [node]}
        ],
    }
    documents = json.loads(
        json.dumps({"run": describe(run), "report": report_document(run.report)})
    )
    return certificate, plan, documents["run"], documents["report"]


def test_a_run_on_the_embedded_data_is_recounted(tmp_path: Path, archipelago: Contents) -> None:
    confirmation = verify(write_bundle(tmp_path, *archipelago))
    assert confirmation.is_recounted
    assert confirmation.status == "OPTIMAL"
    assert confirmation.n_units == 3113
    assert "2016" in confirmation.text
    # 64.78 % of two-party voters, as the README says, here without any of the program's metrics
    total = sum(map(sum, archipelago[0]["instance"]["gains"]))
    assert round(100 * confirmation.objective / total, 2) == 64.78


def swap_votes(certificate: dict[str, Any], plan: list[int], document: dict[str, Any]) -> None:
    gains = certificate["instance"]["gains"]
    gains[7] = gains[7][::-1]
    plan[7] = 1 - plan[7]
    assert document["objective"] == sum(map(max, gains))


def fix_unit(certificate: dict[str, Any], plan: list[int], _document: dict[str, Any]) -> None:
    certificate["instance"]["fixed"][0] = plan[0]


def one_piece(_certificate: dict[str, Any], _plan: list[int], document: dict[str, Any]) -> None:
    document["scenario"]["nations"]["blue"]["pieces"] = 1


def drop_edge(certificate: dict[str, Any], _plan: list[int], _document: dict[str, Any]) -> None:
    del certificate["instance"]["edges"][100]


def add_edge(certificate: dict[str, Any], _plan: list[int], _document: dict[str, Any]) -> None:
    certificate["instance"]["edges"].append([0, 3000])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (swap_votes, r"instance.gains\[7\]: .* but by the data"),
        (drop_edge, r"instance.edges: the edge \[\d+, \d+\] of the data is missing"),
        (add_edge, r"instance.edges\[8757|instance.edges\[\d+\]: \[0, 3000\] is not an edge"),
        (lambda c, _p, _d: c["instance"]["ids"].__setitem__(0, "x"), "instance.ids: "),
        (fix_unit, r"instance.fixed\[0\]: "),
        (lambda _c, p, _d: p.__setitem__(3, 1 - p[3]), "objective: "),
        (lambda _c, _p, d: d.update(objective=d["objective"] + 1), "run.json: objective: "),
        (lambda _c, _p, d: d.update(bound=d["bound"] - 1), "run.json: bound: "),
        (lambda _c, _p, d: d.update(status="INFEASIBLE"), "run.json: status: "),
        (lambda _c, _p, d: d.update(status="SURE"), "run.json: status: "),
        (lambda _c, _p, d: d.pop("bound"), "run.json: bound is missing"),
        (lambda _c, _p, d: d["scenario"].update(election="2020"), r"instance.gains\[0\]: "),
        (lambda _c, _p, d: d["scenario"].update(election="1789"), "run.json: scenario.election: "),
        (one_piece, "run.json: scenario.nations.blue.pieces: "),
        (lambda _c, _p, d: d["scenario"]["edges"].update(off=["bridge"]), "is not an edge that"),
        (lambda _c, _p, d: d["scenario"]["edges"].update(on=["ferry"]), "of the data is missing"),
        (lambda _c, _p, d: d["scenario"]["edges"].update(on=[3]), r"scenario.edges.on\[0\]: "),
    ],
)
def test_what_differs_from_the_data_or_the_run_is_refused(
    tmp_path: Path,
    archipelago: Contents,
    change: Callable[[dict[str, Any], list[int], dict[str, Any]], object],
    message: str,
) -> None:
    certificate, plan, document, report = copy.deepcopy(archipelago)
    change(certificate, plan, document)
    certificate["instance"]["edges"].sort()
    folder = write_bundle(tmp_path, certificate, plan, rehash(document), report)
    with pytest.raises(CertificateError, match=message):
        verify(folder)


def test_status_optimal_needs_the_bound(tmp_path: Path) -> None:
    certificate, plan, optimum = drawn_certificate(8)
    certificate["bound"] = optimum + 1
    document = stated(certificate["objective"], optimum + 1, "OPTIMAL")
    with pytest.raises(CertificateError, match="status: 'OPTIMAL' is not what"):
        verify(write_bundle(tmp_path, certificate, plan, document))
    document["status"] = "TIME_LIMIT"
    assert verify(write_bundle(tmp_path, certificate, plan, document)).bound == optimum
    document["status"] = "GAP_REACHED"
    with pytest.raises(CertificateError, match=r"status: 'GAP_REACHED', but the gap is 0\.1, "):
        verify(write_bundle(tmp_path, certificate, plan, document))


def test_what_could_not_be_recounted_is_not_confirmed(
    tmp_path: Path, archipelago: Contents
) -> None:
    """One other hash turns the recount off, so that invented votes could pass: nothing does."""
    certificate, plan, document, report = copy.deepcopy(archipelago)
    certificate["instance"]["gains"][7][plan[7]] += 10_000_000
    for table in (certificate, document):
        table |= {name: table[name] + 10_000_000 for name in ("objective", "bound")}
    document["data"]["sha256"]["units.parquet"] = "0" * 64
    folder = write_bundle(tmp_path, certificate, plan, rehash(document), report)
    verdict = verify(folder)
    assert (verdict.status, verdict.is_confirmed, verdict.is_recounted) == (
        "UNCONFIRMED",
        False,
        False,
    )
    assert verdict.text.startswith("NOT CONFIRMED: Nothing was recounted from the data: the run us")
    assert "Only stated: votes, edges, constraints and every figure; " in verdict.text
    document["scenario"]["more"] = 1
    folder = write_bundle(tmp_path, certificate, plan, rehash(document), report)
    with pytest.raises(CertificateError, match=r"run\.json: scenario: 'more' is not a known key"):
        verify(folder)


def test_without_a_certificate_plan_and_figures_are_confirmed_and_the_bound_is_not(
    tmp_path: Path, archipelago: Contents
) -> None:
    certificate, plan, document, report = copy.deepcopy(archipelago)
    folder = write_bundle(tmp_path, certificate, plan, document, report)
    (folder / "certificate.json.gz").unlink()
    verdict = verify(folder)
    assert (verdict.status, verdict.is_recounted, verdict.bound) == ("UNCONFIRMED", True, None)
    assert "there is no certificate, so that the bound is only a statement" in verdict.text
    assert "Only stated: the bound and how good the plan is; " in verdict.text
    write_bundle(tmp_path, certificate, plan, document | {"bound": None, "gap": None}, report)
    (folder / "certificate.json.gz").unlink()
    with pytest.raises(CertificateError, match="status: 'OPTIMAL' is not what a bound of None"):
        verify(folder)
    nothing = {"bound": None, "gap": None, "status": "TIME_LIMIT"}
    write_bundle(tmp_path, certificate, plan, document | nothing, report)
    (folder / "certificate.json.gz").unlink()
    assert (verify(folder).status, verify(folder).is_confirmed) == ("PLAN", True)
    assert "no bound is claimed" in verify(folder).text


def test_a_report_that_could_not_be_written_is_not_said_to_be_recounted(
    tmp_path: Path, archipelago: Contents
) -> None:
    folder = write_bundle(tmp_path, *archipelago)
    assert "every figure of run.json, report.json; " in verify(folder).text
    (folder / "report.json").unlink()
    verdict = verify(folder)
    assert verdict.is_confirmed
    assert "every figure of run.json; " in verdict.text


def test_another_figure_is_refused_with_its_place_and_both_values(
    tmp_path: Path, archipelago: Contents
) -> None:
    certificate, plan, document, report = copy.deepcopy(archipelago)
    report["country"]["price_of_contiguity_voters"] = 7
    folder = write_bundle(tmp_path, certificate, plan, document, report)
    with pytest.raises(CertificateError) as refused:
        verify(folder)
    place = "report.json: country.price_of_contiguity_voters: "
    assert str(refused.value) == f"{place}7, but recounted 0."


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A small bundle that is confirmed, and its folder."""
    certificate, plan, optimum = drawn_certificate(8)
    certificate["bound"] = optimum
    folder = write_bundle(tmp_path, certificate, plan, stated(optimum, optimum, "OPTIMAL"))
    verdict = verify(folder)
    assert verdict.proof.status == "OPTIMAL"
    assert (verdict.status, verdict.is_confirmed) == ("UNCONFIRMED", False)  # of no data at hand
    return folder


@pytest.mark.parametrize("name", ["plan.csv", "run.json"])
def test_a_missing_file_is_no_bundle(bundle: Path, name: str) -> None:
    (bundle / name).unlink()
    with pytest.raises(BundleError, match=re.escape(name)):
        verify(bundle)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not a whole gzip file|not JSON"),
        (b"plain text", "not a whole gzip file"),
        (gzip.compress(b"{}")[:-9], "not a whole gzip file"),
        (gzip.compress(b"{}")[:12] + b"\xff" * 20, "not a whole gzip file"),
        (gzip.compress(b"[" * 200_000), "nested too deeply"),
        (gzip.compress(b'{"a":' * 200_000), "nested too deeply"),
        (gzip.compress(b"[" * 5_000_001), "more than 5000000 lists"),
        (gzip.compress(b"[1, 2"), "not JSON"),
        (gzip.compress(b"\xff\xfe"), "not JSON"),
        (gzip.compress(b"1" * 5000), "not JSON"),
        (gzip.compress(b"NaN"), "'NaN' is no number of JSON"),
        (gzip.compress(b"[]"), "instance: is missing"),
        (gzip.compress(b'{"bound": 1, "bound": 2}'), "the key 'bound' is given twice"),
        (gzip.compress(b'{"instance": 1e999}'), "'1e999' is no number of JSON"),
        (gzip.compress(b'{"instance": {"ids": []}}'), "instance: gains is missing"),
    ],
    ids=range(15),
)
def test_a_damaged_certificate_is_refused_in_one_line(
    bundle: Path, content: bytes, message: str
) -> None:
    (bundle / "certificate.json.gz").write_bytes(content)
    with pytest.raises(CertificateError, match=message) as raised:
        verify(bundle)
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 400


def test_a_file_that_unpacks_to_too_much_is_refused(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 100_000)
    (bundle / "certificate.json.gz").write_bytes(gzip.compress(b" " * 10_000_000))
    with pytest.raises(CertificateError, match="more than 100000 bytes"):
        verify(bundle)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("GEOID", "geoid", "plan.csv, line 1: "),
        ("u1,", "u99,", "plan.csv, line 3: "),
        ("u1,", "u0,", "plan.csv, line 3: unit u0 is assigned twice"),
        ("u1,", "u1,x,", "plan.csv, line 3: "),
        ("u1,", '"u1,', "plan.csv"),
    ],
)
def test_a_damaged_plan_is_refused(bundle: Path, old: str, new: str, message: str) -> None:
    text = (bundle / "plan.csv").read_text()
    (bundle / "plan.csv").write_text(text.replace(old, new, 1))
    with pytest.raises(CertificateError, match=message):
        verify(bundle)
    (bundle / "plan.csv").write_text("GEOID,nation\n")
    with pytest.raises(CertificateError, match=r"unit 'u0' is left out"):
        verify(bundle)
