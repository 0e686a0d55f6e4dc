"""Verify a bundle: everything that it says of the plan, of its proof and of its figures."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from partition.verify.agreement import agree
from partition.verify.answer import check_account, check_answer
from partition.verify.checking import check
from partition.verify.confirmation import Confirmation, Verdict
from partition.verify.counted import Counted
from partition.verify.data import load
from partition.verify.document import STATEMENTS, read_document
from partition.verify.figures import Ground, main_figures, report_figures
from partition.verify.files import field, parse, read
from partition.verify.geojson import check_nations
from partition.verify.goals import Goals
from partition.verify.instance import Instance, read_instance
from partition.verify.page import check_page
from partition.verify.plan import PLAN, check_told, read_plan
from partition.verify.question import compare, state
from partition.verify.stability import check_stability, is_bound_proven, stated_of
from partition.verify.steps import check_steps, prices

DOCUMENT, CERTIFICATE = "run.json", "certificate.json.gz"
FIGURES, PAGE, NATIONS, MAP = "report.json", "report.md", "nations.geojson", "map.html"
"""Files of a bundle, beside the plan. The last four may be missing where one of them could not be
written; the map is not read."""
KNOWLEDGE = "knowledge.json.gz"
"""What a later search may go on with, and checks then; nothing in a bundle rests on it."""


class Recounted(NamedTuple):
    """A run on its data."""

    data: Counted
    goals: Goals
    instance: Instance


def verify(folder: str | Path, data: Any = None, votes: Any = None) -> Verdict:
    """Verify a bundle.

    Parameters
    ----------
    folder
        What ``partition solve`` wrote.
    data, votes
        What the run divides, where that was held in memory and is in no file: the same frames, or
        the same graph, as it was solved with.

    Returns
    -------
    Verdict
        What is confirmed. Everything that could be compared is as the bundle says; what could not
        be, because data or certificate are not at hand, is named, and the bundle is not confirmed.

    Raises
    ------
    BundleError
        When a file is missing or cannot be read.
    CertificateError
        When anything is not as claimed; the message names the file and the place.
    """
    started = time.perf_counter()
    folder = Path(folder)
    document = read_document(parse(read(folder / DOCUMENT), DOCUMENT))
    lines = read(folder / PLAN)
    certificate = _parsed(folder, CERTIFICATE)
    found = load(document["scenario"], document["data"], folder, (data, votes))
    recounted = None if isinstance(found, str) else _recount(document["scenario"], found)
    instance = _problem(certificate, recounted)
    plan: list[int] = []
    proof, objective, n_units = None, None, 0
    if instance is not None:
        known = None if recounted is None else len(recounted.data.ids)
        plan, n_units = read_plan(lines, instance, known)
        proof, objective = _prove(certificate, instance, plan, n_units)
    check_answer(document, objective, proof, certificate)
    if recounted is not None and objective is not None:
        check_told(lines, recounted.data, plan[:n_units])
        _check_figures(folder, document, recounted, plan[:n_units], objective)
        check_stability(document, recounted.data, recounted.instance, plan)
    is_proven = _is_all_proven(document, recounted, plan, proof)
    present = [
        name for name in (FIGURES, PAGE, NATIONS, MAP, KNOWLEDGE) if (folder / name).exists()
    ]
    verdict = _verdict(document, found, proof, present, n_units, time.perf_counter() - started)
    if is_proven:
        return verdict
    return replace(verdict, stated=(stated_of(document["stability"]), *verdict.stated))


def _is_all_proven(
    document: dict[str, Any], run: Recounted | None, plan: list[int], proof: Confirmation | None
) -> bool:
    """Whether nothing is only stated of those who would switch; true where nobody asked."""
    if "stability" not in document:
        return True
    if run is None:
        return False
    bound = None if proof is None else proof.bound
    return is_bound_proven(document, run.data, run.instance, plan, bound)


def _parsed(folder: Path, name: str) -> Any:
    """Read a file of JSON; None where it is missing."""
    return parse(read(folder / name), name) if (folder / name).exists() else None


def _recount(scenario: dict[str, Any], data: Counted) -> Recounted:
    goals = Goals(scenario, data)
    return Recounted(data, goals, state(scenario, data, goals))


def _problem(certificate: Any, recounted: Recounted | None) -> Instance | None:
    """State what was divided: as the certificate has it, where that is what was asked."""
    if certificate is None:
        return None if recounted is None else recounted.instance
    instance = read_instance(field(certificate, "instance", CERTIFICATE))
    if recounted is not None:
        compare(instance, recounted.instance, len(recounted.data.ids))
    return instance


def _prove(
    certificate: Any, instance: Instance, plan: list[int], n_units: int
) -> tuple[Confirmation | None, int]:
    """Check a plan, and the certificate where there is one; return its proof and the objective."""
    if certificate is not None:
        # A certificate has more rows than units of land: neighbours, and seats of states.
        proof = replace(check(certificate, plan), n_units=n_units)
        return proof, proof.objective
    instance.check_plan(plan)
    return None, instance.objective(plan)


def _check_figures(
    folder: Path,
    document: dict[str, Any],
    recounted: Recounted,
    plan: list[int],
    objective: int,
) -> None:
    """Compare every figure of ``run.json``, ``report.json``, ``report.md`` and the nations."""
    check_account(document, recounted.data, recounted.goals, plan, objective)
    check_steps(document, recounted.data, plan)
    ground = Ground(recounted.data, plan)
    main = main_figures(ground)
    agree(document["metrics"], main, f"{DOCUMENT}: metrics")
    figures = _parsed(folder, FIGURES)
    if figures is not None:
        bought = {"steps": prices(document["steps"])} if "steps" in document else {}
        asked = {key: document[key] for key in ("stability",) if key in document}
        agree(figures, report_figures(ground, main) | bought | asked, f"{FIGURES}:")
    if (folder / PAGE).exists() and figures is not None:
        check_page(read(folder / PAGE), document, figures, recounted.data)
    nations = _parsed(folder, NATIONS)
    if nations is not None:
        check_nations(nations, main["whole"], document["metrics"]["whole"])


def _verdict(
    document: dict[str, Any],
    data: Counted | str,
    proof: Confirmation | None,
    present: list[str],
    n_units: int,
    seconds: float,
) -> Verdict:
    """Say what was confirmed and what was not."""
    source, recounted, stated = (
        _nothing_recounted(data, present)
        if isinstance(data, str)
        else _all_recounted(data, present)
    )
    if not isinstance(data, str) and document.get("stability", {"groups": []})["groups"]:
        recounted.append("each group that is named as one that would switch")
    if proof is not None:
        recounted.append("the proof of the bound")
    elif document["bound"] is not None:
        stated.insert(0, "the bound and how good the plan is")
    return Verdict(
        is_recounted=not isinstance(data, str),
        proof=proof,
        objective=document["objective"],
        n_units=n_units,
        claims_bound=document["bound"] is not None,
        source=source,
        recounted=tuple(recounted),
        stated=tuple(stated),
        seconds=seconds,
    )


def _nothing_recounted(reason: str, present: list[str]) -> tuple[str, list[str], list[str]]:
    """Say why nothing was compared with the data, what was compared, and what was not."""
    source = f"Nothing was recounted from the data: {reason}."
    stated = ["votes, edges, constraints and every figure", *STATEMENTS, *present]
    return source, ["the fields of run.json against each other"], stated


def _all_recounted(data: Counted, present: list[str]) -> tuple[str, list[str], list[str]]:
    """Say what the data were, what was compared with them, and what nobody can recount."""
    files = "the program's data" if data.source is None else "the files of its map"
    where = ", its borders found another way" if data.has_polygons else ""
    source = (
        f"Its votes of {data.election}, its weights, its edges and its constraints were "
        f"recounted from {files}{where}."
    )
    # What the page rounds cannot be told without report.json.
    told = [name for name in present if name not in {MAP, KNOWLEDGE}]
    compared = [name for name in told if name != PAGE or FIGURES in present]
    recounted = [
        "every vote, edge, weight and constraint",
        "objective, gap and goals",
        f"names and votes in {PLAN}",
        f"every figure of {', '.join((DOCUMENT, *compared))}",
    ]
    stated = [*STATEMENTS]
    stated += [f"the words of {PAGE}"] if PAGE in compared else []
    stated += [f"the lines of {NATIONS} within their area"] if NATIONS in compared else []
    return source, recounted, [*stated, *(name for name in present if name not in compared)]
