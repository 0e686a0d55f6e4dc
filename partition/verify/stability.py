"""Who would want to switch, as a run says it: every group counted anew.

Who a group is, that it is connected, borders on the other nation and tears neither, and what it
gains, is recounted. That no group gains more than is said is a statement of the search; it is
refused where a single unit contradicts it, and confirmed where the proof of the run itself says as
much, or where all that could gain add up to no more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from partition.verify.agreement import agree, whole_total
from partition.verify.counted import Counted
from partition.verify.fields import entries, fail, fields, show, text, whole
from partition.verify.figures.territory import fall_apart
from partition.verify.instance import Instance, components, neighbours
from partition.verify.writing import escaped, table

NAME = "run.json: stability"

HEADING = "## Who would want to switch"

FIELDS = (
    "is_stable",
    "most_groups",
    "most_units",
    "is_interrupted",
    "no_other_stronger_than_voters",
    "groups",
)

GROUP = (
    "group", "name", "leaves", "joins", "units", "people", "voters", "would_be_home_voters",
    "would_be_stranded_voters", "gain_voters", "no_stronger_than_voters", "is_strongest_proven",
    "states", "ids",
)  # fmt: skip

COLOURS = ("red", "blue")
"""Nation of each part."""

NAMED = 3
"""Units of a group that its name has."""


def read_stability(value: Any, place: str) -> None:
    """Read what is said of groups: types, and numbers that do not contradict each other."""
    _, most, size, is_interrupted, bound, groups = fields(value, place, FIELDS)
    whole(most, f"{place}.most_groups", 1)
    if size is not None:
        whole(size, f"{place}.most_units", 1)
    if type(is_interrupted) is not bool:
        fail(f"{place}.is_interrupted", f"{show(is_interrupted)}, expected true or false.")
    whole(bound, f"{place}.no_other_stronger_than_voters", 0)
    for number, one in enumerate(entries(groups, f"{place}.groups")):
        spot = f"{place}.groups[{number}]"
        row = dict(zip(GROUP, fields(one, spot, GROUP), strict=True))
        gain = whole(row["gain_voters"], f"{spot}.gain_voters", 1)
        whole(row["no_stronger_than_voters"], f"{spot}.no_stronger_than_voters", gain)
        if row["leaves"] not in COLOURS:
            fail(f"{spot}.leaves", f"{show(row['leaves'])}, expected blue or red.")
        for unit in entries(row["ids"], f"{spot}.ids"):
            text(unit, f"{spot}.ids")
    if len(groups) > most:
        fail(f"{place}.groups", f"{len(groups)} groups, and at most {most} were sought.")


def check_stability(
    document: dict[str, Any], data: Counted, instance: Instance, plan: list[int]
) -> None:
    """Refuse groups that are not those of the plan.

    Parameters
    ----------
    document
        Content of ``run.json``.
    data, instance
        What the run divides, and the problem that follows from it.
    plan
        Part of every row of the instance; the first ones are the units.

    Raises
    ------
    CertificateError
        With the place and both values.
    """
    said = document.get("stability")
    if said is None:
        return
    groups, bound = said["groups"], said["no_other_stronger_than_voters"]
    agree(said["is_stable"], _is_stable(groups, bound), f"{NAME}.is_stable")
    land = _Land(data, instance, plan)
    alone = list(land.could_switch_alone(min(_bounds(said))))
    taken: set[int] = set()
    for number, one in enumerate(groups):
        place = f"{NAME}.groups[{number}]"
        rows = land.rows(one["ids"], place)
        most = one["no_stronger_than_voters"]
        land.refuse_stronger(alone, taken, most, f"{place}.no_stronger_than_voters")
        if taken & set(rows):
            fail(f"{place}.ids", "a unit is in another group as well.")
        taken |= set(rows)
        agree(one, land.row(number + 1, rows, most), place)
        land.check_group(rows, said["most_units"], place)
        for before in groups[:number]:
            if before["no_stronger_than_voters"] < one["gain_voters"]:
                fail(place, f"it gains more than {before['no_stronger_than_voters']}, which no "
                     "group does that shares no unit with those before.")  # fmt: skip
    land.refuse_stronger(alone, taken, bound, f"{NAME}.no_other_stronger_than_voters")


def is_bound_proven(
    document: dict[str, Any], data: Counted, instance: Instance, plan: list[int], proven: int | None
) -> bool:
    """Whether no group can gain more than is said, by the proof of the run or by adding up.

    Parameters
    ----------
    document, data, instance, plan
        As of :func:`check_stability`.
    proven
        What the certificate proves that no plan exceeds; None without one.
    """
    said = document["stability"]
    least = _bounds(said)
    land = _Land(data, instance, plan)
    taken: set[int] = set()
    caps = []
    for one in said["groups"]:
        caps.append(land.most(taken))
        taken |= set(land.rows(one["ids"], NAME))
    caps = [land.most(taken), *caps]
    by_sums = all(cap <= most for cap, most in zip(caps, least, strict=True))
    n_units = len(data.ids)
    if by_sums or proven is None or not _asks_contiguity_alone(document, instance, n_units):
        return by_sums
    return all(proven - document["objective"] <= most for most in least)


def _asks_contiguity_alone(document: dict[str, Any], instance: Instance, n_units: int) -> bool:
    """Whether a plan after a switch is one that the bound of the run is about."""
    weights = document["scenario"]["weights"]
    is_plain = {key: one for key, one in weights.items() if one} == {"self_determination": 1}
    is_bound = any(part >= 0 for part in instance.fixed[:n_units]) or instance.budgets
    labels = [one for one in instance.groups if one >= 0]
    return is_plain and not is_bound and len(set(labels)) == len(labels)


def stated_of(said: dict[str, Any]) -> str:
    """Say what nobody can recount without the search, in words."""
    if said["is_stable"]:
        return "that no group would gain by switching"
    return "that no group would gain more by switching than is said"


def _bounds(said: dict[str, Any]) -> list[int]:
    """List what no group is said to gain more than: any other, then each of those named."""
    each = [one["no_stronger_than_voters"] for one in said["groups"]]
    return [said["no_other_stronger_than_voters"], *each]


def _is_stable(groups: list[Any], bound: int) -> bool | None:
    if groups:
        return False
    return True if bound <= 0 else None


class _Land:
    """The plan on its graph."""

    def __init__(self, data: Counted, instance: Instance, plan: list[int]) -> None:
        self.data, self.instance, self.plan = data, instance, plan
        self.graph = neighbours(len(plan), instance.edges)
        self.landmass = components(self.graph)
        self.unit_of = {name: unit for unit, name in enumerate(data.ids)}
        # Votes are red and blue; what is gained is what the other part would have more.
        self.gains = [
            votes[1 - part] - votes[part]
            for votes, part in zip(data.votes, plan[: len(data.ids)], strict=True)
        ]
        self.pieces = self._pieces(plan)

    def rows(self, ids: list[str], place: str) -> list[int]:
        """Find the units of a group, in their order, each once."""
        unknown = next((one for one in ids if one not in self.unit_of), None)
        if unknown is not None:
            fail(f"{place}.ids", f"{show(unknown)} is no unit of the run.")
        rows = [self.unit_of[one] for one in ids]
        if not rows or sorted(set(rows)) != rows:
            fail(f"{place}.ids", "expected units, each once and in their order.")
        return rows

    def row(self, number: int, rows: list[int], bound: int) -> dict[str, Any]:
        """State a group as ``run.json`` does."""
        data, part = self.data, self.plan[rows[0]]
        home, stranded = (sum(data.votes[unit][one] for unit in rows) for one in (1 - part, part))
        people = data.known("population")
        return {
            "group": number,
            "name": self._named(rows),
            "leaves": COLOURS[part],
            "joins": COLOURS[1 - part],
            "units": len(rows),
            "people": None if people is None else whole_total([people[unit] for unit in rows]),
            "voters": home + stranded,
            "would_be_home_voters": home,
            "would_be_stranded_voters": stranded,
            "gain_voters": home - stranded,
            "no_stronger_than_voters": bound,
            "is_strongest_proven": home - stranded == bound,
            "states": " ".join(sorted({data.states[unit] for unit in rows} - {""})),
            "ids": [data.ids[unit] for unit in rows],
        }

    def _named(self, rows: list[int]) -> str:
        """Name the units that gain most, and how many there are besides."""
        first = sorted(rows, key=lambda unit: -self.gains[unit])[:NAMED]
        column = self.data.columns["name"]
        names = [", ".join(filter(None, (column[one], self.data.states[one]))) for one in first]
        more = len(rows) - NAMED
        if more > 0:
            return f"{'; '.join(names)} and {more:,} more unit{'' if more == 1 else 's'}"
        return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))

    def check_group(self, rows: list[int], most_units: int | None, place: str) -> None:
        """Refuse a group that is torn, too large, away from the border, or tears a nation."""
        if len({self.plan[unit] for unit in rows}) > 1:
            fail(f"{place}.ids", "its units are in both nations.")
        if most_units is not None and len(rows) > most_units:
            fail(f"{place}.ids", f"{len(rows)} units, and at most {most_units} were asked for.")
        inside = set(rows)
        marks = [int(unit in inside) for unit in range(len(self.plan))]
        if (
            len({label for unit, label in enumerate(components(self.graph, marks)) if marks[unit]})
            > 1
        ):
            fail(f"{place}.ids", "its units are not connected.")
        if not self._borders(rows):
            fail(f"{place}.ids", "none of its units borders on the other nation.")
        if self._tears(rows):
            fail(f"{place}.ids", "a nation would be in more pieces than it may.")

    def could_switch_alone(self, bound: int) -> Iterator[int]:
        """Yield units that gain more than a bound and could switch alone."""
        plan = self.plan
        inside = [
            [other for other in near if plan[other] == plan[unit]]
            for unit, near in enumerate(self.graph)
        ]
        label, ones = components(self.graph, plan), [1] * len(plan)
        weight = Counter(label)
        for unit, gain in enumerate(self.gains):
            if gain > bound and self._borders([unit]):
                left = fall_apart(inside, ones, unit, weight[label[unit]]) if inside[unit] else []
                now = self.pieces[self.landmass[unit], plan[unit]]
                allowed = self.instance.pieces[plan[unit]]
                if not allowed or now - 1 + len(left) <= max(allowed, now):
                    yield unit

    def refuse_stronger(
        self, alone: Sequence[int], taken: set[int], bound: int, place: str
    ) -> None:
        """Refuse a bound that a unit exceeds which could switch alone and is in no group yet."""
        for unit in alone:
            if unit not in taken and self.gains[unit] > bound:
                fail(place, f"{bound}, but {self.data.ids[unit]} alone gains {self.gains[unit]}.")

    def most(self, taken: set[int]) -> int:
        """Add up what units may gain at most in a piece that borders on the other nation."""
        label = components(self.graph, self.plan)
        open_pieces = {label[unit] for unit in range(len(self.plan)) if self._borders([unit])}
        sums = dict.fromkeys(open_pieces, 0)
        for unit, gain in enumerate(self.gains):
            if label[unit] in open_pieces and unit not in taken:
                sums[label[unit]] += max(0, gain)
        return max(sums.values(), default=0)

    def _borders(self, rows: Sequence[int]) -> bool:
        part = self.plan[rows[0]]
        return any(self.plan[other] != part for unit in rows for other in self.graph[unit])

    def _tears(self, rows: Sequence[int]) -> bool:
        """Whether a nation is in more pieces afterwards than allowed, and than it is now."""
        after = list(self.plan)
        for unit in rows:
            after[unit] = 1 - after[unit]
        mass = self.landmass[rows[0]]
        now = self._pieces(after)
        return any(
            now.get((mass, part), 0) > max(allowed, self.pieces.get((mass, part), 0))
            for part, allowed in enumerate(self.instance.pieces)
            if allowed
        )

    def _pieces(self, plan: list[int]) -> dict[tuple[int, int], int]:
        """Count the pieces of each part on each landmass."""
        found: dict[tuple[int, int], set[int]] = {}
        for mass, part, label in zip(
            self.landmass, plan, components(self.graph, plan), strict=True
        ):
            found.setdefault((mass, part), set()).add(label)
        return {key: len(labels) for key, labels in found.items()}


def written(
    document: dict[str, Any], data: Counted, is_one_nation: bool
) -> tuple[list[str], list[str]]:
    """Write the table of the section and the texts that hold the numbers of its sentence."""
    said = document["stability"]
    groups, bound, size = (
        said["groups"],
        said["no_other_stronger_than_voters"],
        said["most_units"],
    )
    texts = [] if size is None or is_one_nation else [f"{size:,}"]
    if groups:
        texts = [f"{len(groups):,}", *texts]
    texts += [f"{bound:,}"] if bound and not is_one_nation else []
    if not groups:
        return [], texts
    has_people = data.known("population") is not None
    head = ("Group", "Who", "From, to", "Units", *(("People",) if has_people else ()))
    rows = [
        (
            f"{one['group']}",
            escaped(one["name"]),
            escaped(" to ".join(_nation(one[side], data) for side in ("leaves", "joins"))),
            f"{one['units']:,}",
            *((f"{one['people']:,}",) if has_people else ()),
            f"{one['gain_voters']:,}",
            "yes" if one["is_strongest_proven"] else f"{one['no_stronger_than_voters']:,}",
        )
        for one in groups
    ]
    return table((*head, "Voters gained", "None stronger, or at most"), rows), texts


def _nation(colour: str, data: Counted) -> str:
    return data.nations_in_text[0 if colour == "blue" else 1]
