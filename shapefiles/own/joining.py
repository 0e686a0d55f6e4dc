"""Join units and votes by their ids: restore, translate, put together, and say what was done."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from shapefiles.counts.votes import Votes
from shapefiles.errors import DataError, counted, listed, shown
from shapefiles.mapfiles import MapFiles
from shapefiles.own.crosswalk import Crossing, cross, load_crosswalk
from shapefiles.own.draft import Draft, group_votes, merge_rows
from shapefiles.own.matching import Match, Restoration, check_match, match_ids
from shapefiles.own.misread import encoding_hint
from shapefiles.own.repair import Repair


def bring_together(
    draft: Draft, votes: Votes, files: MapFiles, repairs: list[Repair]
) -> tuple[Draft, Votes]:
    """Restore lost zeros, make one unit of its rows, and follow the crosswalk.

    Parameters
    ----------
    draft
        Units as they stand in their file.
    votes
        Votes as they stand in theirs.
    files
        What was asked for.
    repairs
        List to which what is done is added.

    Raises
    ------
    DataError
        When an id is in several rows and repair was not asked for, or the crosswalk refuses.
    """
    match = match_ids(draft.ids, votes.ids.tolist())
    if match.restored and files.repair:
        draft, votes = _restored(draft, votes, match.restored, repairs)
    draft = _one_row_a_unit(draft, files, repairs)
    if files.crosswalk:
        rules = load_crosswalk(files.crosswalk)
        crossing = cross(draft.ids, votes.ids.tolist(), rules)
        if crossing.refused:
            raise DataError(
                f"The crosswalk {shown(files.crosswalk)}: {crossing.refused[0].reason}."
            )
        repairs += _crossings(crossing)
        votes = group_votes(votes, [crossing.votes.get(one, one) for one in votes.ids.tolist()])
        draft = merge_rows(draft, [crossing.polygons.get(one, one) for one in draft.ids])
    return draft, votes


def join_votes(
    draft: Draft, votes: Votes, files: MapFiles, repairs: list[Repair]
) -> tuple[Draft, npt.NDArray[np.int64]]:
    """Bring the votes, and the attributes beside them, into the order of the units.

    Parameters
    ----------
    draft, votes
        Both sides, with each id once.
    files
        What becomes of ids on one side only.
    repairs
        List to which what is done is added.

    Returns
    -------
    tuple
        The units with all attributes, and their votes, shape ``(n_units, 2)``: -1 for units to
        drop.

    Raises
    ------
    DataError
        When an id is on one side only and nothing was said of that, or none is on both.
    """
    match = match_ids(draft.ids, votes.ids.tolist())
    source = shown(files.votes or files.units, 200)
    check_match(
        match,
        source,
        missing=files.without_votes,
        extra=files.without_polygon,
        encoding=encoding_hint(match, files),
    )
    row_of = {identifier: row for row, identifier in enumerate(votes.ids.tolist())}
    rows = np.array([row_of.get(identifier, -1) for identifier in draft.ids])
    has_votes = rows >= 0
    if not has_votes.any():
        raise DataError(f"{source} has no id in common with {shown(files.units, 200)}.")
    counts = np.full((len(draft.ids), 2), 0 if files.without_votes == "zero" else -1, np.int64)
    counts[has_votes] = votes.counts[rows[has_votes]]
    _list_blanks(votes, has_votes, draft, files, repairs)
    _list_wishes(match, int(votes.counts.sum() - counts[has_votes].sum()), files, repairs)
    attributes = dict(draft.attributes)
    for name, values in votes.figures.items():
        if files.without_votes == "zero" and not has_votes.all():
            raise DataError(
                f"{source} has no {shown(name)} for {counted(len(match.without_votes), 'unit')}: "
                f"{listed(match.without_votes)}. Leave the attribute out, or drop such units."
            )
        attributes[name] = values[rows]
    return replace(draft, attributes=attributes), counts


def units_meant(draft: Draft, votes: Votes, files: MapFiles) -> set[str]:
    """List the ids of the units, and those of votes that are theirs as far as can be told.

    An id that has only lost its zeros, or that a crosswalk or another encoding would bring to its
    unit, belongs to one: what is wrong with its votes is not mended by leaving them out. Where no
    id is on both sides, nothing tells which votes belong to no unit.
    """
    match = match_ids(draft.ids, votes.ids.tolist())
    known = set(draft.ids)
    theirs = set(match.without_polygon)
    ours = set(match.restored.apply(draft.ids))
    found = {one for one in theirs if match.restored.apply([one])[0] in ours}
    crossed = {match.crossing.polygons.get(one, one) for one in draft.ids}
    found |= {one for one in theirs if match.crossing.votes.get(one, one) in crossed}
    is_unknown = not (match.n_common or found) or bool(encoding_hint(match, files))
    return known | (theirs if is_unknown else found)


def _restored(
    draft: Draft, votes: Votes, way: Restoration, repairs: list[Repair]
) -> tuple[Draft, Votes]:
    before = [*draft.ids, *votes.ids.tolist()]
    after = way.apply(before)
    changed = list(dict.fromkeys(a for a, b in zip(before, after, strict=True) if a != b))
    number = counted(len(changed), "id")
    done = []
    if way.is_composed:
        done.append("letters and their accents were made one character (Unicode NFC)")
    if way.is_stripped:
        done.append("'.0' behind or an apostrophe before was taken away")
    zeros = f"zeros were put before, up to {way.width} digits" if way.width else ""
    message = f"Of {number} {' and '.join([*done, *filter(None, [zeros])])}: {listed(changed)}."
    if not done:
        message = f"Zeros were put before {number}, up to {way.width} digits: {listed(changed)}."
    repairs.append(Repair("ids" if done else "zeros", tuple(changed[:100]), message))
    n_units = len(draft.ids)
    return replace(draft, ids=after[:n_units]), group_votes(votes, after[n_units:])


def _one_row_a_unit(draft: Draft, files: MapFiles, repairs: list[Repair]) -> Draft:
    """Refuse ids in several rows, or make one unit of them."""
    first: dict[str, int] = {}
    repeated = [
        row for row, identifier in enumerate(draft.ids) if first.setdefault(identifier, row) != row
    ]
    if not repeated:
        return draft
    row = repeated[0]
    names = tuple(dict.fromkeys(draft.ids[row] for row in repeated))
    can_merge = all(polygon is not None for polygon in draft.polygons[repeated])
    if not (files.repair and can_merge):
        number = counted(len(names), "id")
        remedy = " --repair makes one unit of such rows." if can_merge else ""
        if remedy and files.names_votes and not files.votes and files.repeated_votes == "refuse":
            remedy += " It asks what becomes of their votes (--repeated-votes)."
        raise DataError(
            f"{shown(files.units, 200)} has the id {shown(draft.ids[row])} twice, in rows "
            f"{first[draft.ids[row]] + 1} and {row + 1}; {number} in all.{remedy}"
        )
    message = f"{counted(len(names), 'unit')} in several rows put together: {listed(names)}."
    repairs.append(Repair("merged", names[:100], message))
    return merge_rows(draft, draft.ids)


def _crossings(crossing: Crossing) -> list[Repair]:
    repairs = []
    for rule in crossing.applied:
        both = {**crossing.polygons, **crossing.votes}
        units = tuple(sorted(one for one, now in both.items() if now == rule.new))
        message = f"{rule.reason}: {listed(units)} became {shown(rule.new)}."
        repairs.append(Repair("crosswalk", units[:100], message))
    return repairs


def _list_blanks(
    votes: Votes,
    has_votes: npt.NDArray[np.bool_],
    draft: Draft,
    files: MapFiles,
    repairs: list[Repair],
) -> None:
    """Say what became of rows without an id, of repeated ones, and of missing figures."""
    known = set(np.array(draft.ids, object)[has_votes].tolist())
    blank = tuple(one for one in votes.blank if one in known)
    if blank and files.without_votes == "zero":
        message = (
            f"Missing figures of {counted(len(blank), 'unit')} counted as zero: {listed(blank)}."
        )
        repairs.append(Repair("blank", blank[:100], message))
    again = tuple(one for one in votes.again if one in known)
    if again:
        done = "counted once" if files.repeated_votes == "once" else "added up"
        message = f"Votes of {counted(len(again), 'unit')} in several rows {done}: {listed(again)}."
        repairs.append(Repair("repeated", again[:100], message))
    if votes.n_nameless and files.without_polygon == "drop":
        rows = counted(votes.n_nameless, "row")
        repairs.append(Repair("nameless", (), f"{rows} of votes without an id left out."))


def _list_wishes(match: Match, lost: int, files: MapFiles, repairs: list[Repair]) -> None:
    """Say what became of ids on one side only."""
    alone, homeless = match.without_votes, match.without_polygon
    if alone:
        is_zero = files.without_votes == "zero"
        done = "counted as zero" if is_zero else "left out"
        message = f"{counted(len(alone), 'unit')} without votes {done}: {listed(alone)}."
        repairs.append(Repair("zero votes" if is_zero else "dropped", alone[:100], message))
    if homeless:
        whose = f"{counted(lost, 'vote')} of {counted(len(homeless), 'unit')}"
        message = f"{whose} without a polygon left out: {listed(homeless)}."
        repairs.append(Repair("dropped", homeless[:100], message))
