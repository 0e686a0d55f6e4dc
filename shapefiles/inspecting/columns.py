"""Inspect ids and votes: which columns they may be, what is wrong with them, and what fits."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from shapefiles.counts.counting import REMEDIES, VoteProblem
from shapefiles.counts.votes import Votes
from shapefiles.errors import shown
from shapefiles.identifiers import what_is_wrong
from shapefiles.inspecting.findings import Finding
from shapefiles.own.matching import MAX_COMPARED, Match, leaving_out, nearest_id
from shapefiles.own.repair import BORDER_KINDS, Repair

_VOTE_TEXTS = {
    "doubt": "Units with figures that can be read in several ways",
    "rounded": "Units with votes that are not written in full",
    "percent": "Units with percentages in place of votes",
    "missing": "Units without a figure of votes",
    "negative": "Units with negative votes",
    "fractional": "Units with fractions of votes",
    "number": "Units with votes that are no whole numbers",
    "impossible": "Units with impossible votes: both sides above the total, or above the world",
    "id": "Rows without an id",
    "duplicate": "Units with votes in several rows",
    "repeated": "Rows of votes that are given twice",
}
_ALONE = (
    ("Units without votes", "unit without votes"),
    ("Votes without a unit", "votes without unit"),
)
_SETTLED = {
    "crosswalk": "Rules of the crosswalk that apply",
    "invalid": "Invalid polygons that --repair mends",
    "type": "Geometries that --repair turns into polygons",
    "coverage": "Groups of units between which --repair closes overlaps and gaps",
    "border gained": "Borders that there are only after --repair",
    "border lost": "Borders that there are no longer after --repair",
}
_WISHES = ("dropped", "zero votes")  # reported with the ids that they are about


def inspect_ids(ids: Sequence[str], source: str, *, can_merge: bool = False) -> list[Finding]:
    """Look for ids that are missing, given twice (unless they are merged), or cannot be ids."""
    findings = []
    wrong = [(row, reason) for row, one in enumerate(ids) if (reason := what_is_wrong(one))]
    if wrong:
        examples = tuple(f"row {row + 1}: {shown(ids[row], 40)} {why}" for row, why in wrong[:20])
        text = f"Ids in {source} that cannot be used: {len(wrong):,}."
        findings.append(Finding("error", "id", len(wrong), text, examples))
    names, counts = np.unique(np.array([one for one in ids if one], object), return_counts=True)
    repeated = [(str(name), int(n)) for name, n in zip(names, counts, strict=True) if n > 1]
    if repeated and not can_merge:
        examples = tuple(f"{name}: {n} rows" for name, n in repeated[:20])
        text = f"Ids in several rows of {source}: {len(repeated):,}."
        remedy = "--repair makes one unit of such rows."
        findings.append(Finding("error", "duplicate id", len(repeated), text, examples, remedy))
    return findings


def inspect_votes(votes: Votes, ids: Collection[str] | None = None) -> list[Finding]:
    """Report what is wrong with votes, one finding a kind.

    Parameters
    ----------
    votes
        The votes.
    ids
        Ids of the units, where they are known: other rows can be left out.
    """
    findings = []
    kinds: dict[str, list[VoteProblem]] = {}
    for problem in votes.problems:
        kinds.setdefault(problem.kind, []).append(problem)
    for kind, problems in kinds.items():
        examples = tuple(problem.message for problem in problems[:20])
        text = f"{_VOTE_TEXTS[kind]}: {len(problems):,}."
        is_own = ids is None or any(problem.unit in ids for problem in problems)
        remedy = problems[0].remedy if is_own else REMEDIES["id"]
        findings.append(Finding("error", f"votes: {kind}", len(problems), text, examples, remedy))
    empty = votes.ids[votes.counts.sum(axis=1) == 0].tolist()
    if empty and not votes.problems:
        text = f"Units where nobody voted for either side: {len(empty):,}."
        findings.append(Finding("note", "no voters", len(empty), text, tuple(empty[:20])))
    return findings


def inspect_match(
    match: Match, *, missing: str = "refuse", extra: str = "refuse", encoding: str = ""
) -> list[Finding]:
    """Report ids that only the units or only the votes have.

    Parameters
    ----------
    match
        Ids that both sides have, and those of one side.
    missing, extra
        What becomes of units without votes and of votes without a unit; what is not refused is
        only noted.
    encoding
        What is known of encodings that would bring the ids together.
    """
    findings = []
    hints = (match.explain(), encoding or leaving_out(match, missing=missing, extra=extra))
    remedy = " ".join(filter(None, hints))
    sides = (
        (match.without_votes, match.without_polygon, missing, *_ALONE[0]),
        (match.without_polygon, match.without_votes, extra, *_ALONE[1]),
    )
    for alone, others, wish, text, kind in sides:
        if not alone:
            continue
        said = f"{text}: {len(alone):,}"
        if wish == "refuse":
            examples = tuple(one + nearest_id(one, others) for one in alone[:MAX_COMPARED])
            findings.append(Finding("error", kind, len(alone), f"{said}.", examples, remedy))
        else:
            done = "they count zero" if wish == "zero" else "they are left out"
            findings.append(Finding("note", kind, len(alone), f"{said}; {done}.", alone[:20]))
    return findings


def inspect_repairs(repairs: Sequence[Repair]) -> list[Finding]:
    """Note what repair and crosswalk settle, one finding a kind."""
    findings = []
    kinds: dict[str, list[Repair]] = {}
    for repair in repairs:
        kinds.setdefault(repair.kind, []).append(repair)
    for kind, same in kinds.items():
        if kind not in _WISHES:
            messages = tuple(one.message for one in same)
            text = messages[0] if len(same) == 1 else f"{_SETTLED[kind]}: {len(same):,}."
            examples = () if len(same) == 1 else messages
            severity = "warning" if kind in BORDER_KINDS else "note"
            findings.append(Finding(severity, f"settled: {kind}", len(same), text, examples))
    return findings
