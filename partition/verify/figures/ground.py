"""A plan on its land: landmasses, pieces, and what units add up to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from partition.verify.agreement import share, total, whole_total
from partition.verify.counted import Counted
from partition.verify.instance import Edge, components, neighbours

RED, BLUE = 0, 1


class Ground:
    """What a plan makes of the data.

    Parameters
    ----------
    data
        Units and edges.
    plan
        Part of each unit.
    """

    def __init__(self, data: Counted, plan: list[int]) -> None:
        self.data, self.plan = data, plan
        self.units = range(len(plan))
        self.votes = data.votes
        self.voters = data.voters
        self.people = data.people
        self.size = self.voters if self.people is None else self.people
        """What makes a piece large: people, or voters where the data have no population."""
        graph = neighbours(len(plan), data.edges)
        self.landmass = components(graph)
        self.piece = components(graph, plan)

    @cached_property
    def inside(self) -> list[list[int]]:
        """Neighbours of each unit in its own nation."""
        return neighbours(len(self.plan), [edge for edge in self.data.edges if not self.cut(edge)])

    def cut(self, edge: Edge) -> bool:
        """Whether an edge lies between the nations."""
        return self.plan[edge[0]] != self.plan[edge[1]]

    def of(self, part: int) -> list[int]:
        """List the units of a nation."""
        return [unit for unit in self.units if self.plan[unit] == part]

    def by_piece(self) -> dict[int, list[int]]:
        """List the units of each piece, in the order of their first units."""
        return group(self.units, self.piece)

    def by_landmass(self) -> list[list[int]]:
        """List the units of each landmass, the most voters first."""
        masses = group(self.units, self.landmass).values()
        return sorted(masses, key=lambda units: -sum(self.voters[unit] for unit in units))

    def tally(self, units: list[int], electoral_votes: int | None = None) -> dict[str, Any]:
        """Add up what some units hold, under the names of ``run.json``."""
        red = sum(self.votes[unit][RED] for unit in units)
        blue = sum(self.votes[unit][BLUE] for unit in units)
        matched = sum(self.votes[unit][self.plan[unit]] for unit in units)
        people, gdp = (self._values(name, units) for name in ("population", "gdp"))
        area = self._values("area", units)
        return {
            "units": len(units),
            "blue_votes": blue,
            "red_votes": red,
            "self_determined": matched,
            "pieces": len({self.piece[unit] for unit in units}),
            "people": None if people is None else whole_total(people),
            "land_km2": None if area is None else total(area, 1e-6),
            "gdp_dollars": None if gdp is None else whole_total(gdp, 1000),
            "electoral_votes": electoral_votes,
            "voters": blue + red,
            "stranded": blue + red - matched,
            "self_determination": share(matched, blue + red),
        }

    def division(
        self, title: str, units: list[int], electoral_votes: tuple[Any, Any, Any] = (None,) * 3
    ) -> dict[str, Any]:
        """Say how some land is divided: together, each nation, and the line between them."""
        both, blue, red = electoral_votes
        here = set(units)
        edges = [edge for edge in self.data.edges if edge[0] in here and self.cut(edge)]
        return {
            "title": title,
            "both": self.tally(units, both),
            "blue": self.tally([unit for unit in units if self.plan[unit] == BLUE], blue),
            "red": self.tally([unit for unit in units if self.plan[unit] == RED], red),
            "cut_edges": len(edges),
            "border_km": total([self.data.borders[edge] for edge in edges], 0.001)
            if self.data.has_lengths
            else None,
        }

    def title(self, units: list[int]) -> str:
        """Call a landmass after its unit with the most voters, of equal ones the first."""
        most = max(units, key=lambda unit: (self.voters[unit], -unit))
        columns = self.data.columns
        place = ", ".join(filter(None, (columns["name"][most], columns["state"][most])))
        return f"the landmass of {place} ({len(units):,} units)" if len(units) > 1 else place

    def _values(self, name: str, units: list[int]) -> list[Any] | None:
        column = self.data.known(name)
        return None if column is None else [column[unit] for unit in units]


def group(units: Iterable[int], label: list[int]) -> dict[int, list[int]]:
    """List the units of each label, in the order of their first units."""
    groups: dict[int, list[int]] = defaultdict(list)
    for unit in units:
        groups[label[unit]].append(unit)
    return groups
