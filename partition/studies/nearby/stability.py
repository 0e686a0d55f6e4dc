"""What is known of the groups that would switch to the other nation of a plan."""

# ruff: noqa: PLC0415 - drawing libraries take a second to load; a table needs none of them.
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import shapely
from rich.jupyter import JupyterMixin

from partition.filenames import file_name
from partition.metrics import NATION_NAMES
from partition.question.naming import name_first
from partition.runs.run import Run
from partition.studies.table import (
    Column,
    Row,
    csv_rows,
    markdown_rows,
    number,
    page_bytes,
    text,
    write_files,
)
from shapefiles.errors import counted
from shapefiles.table_writing import csv_text, json_text, markdown_text
from solvers.switching import Group, Switching

if TYPE_CHECKING:
    import folium
    import geopandas as gpd
    import pandas as pd
    from rich.console import RenderableType

RULES = (
    "A group is connected, borders on the other nation, and leaves neither nation in more pieces "
    "than the question allows, or than it has where that is more. Each is held against the plan as "
    "it is: nobody else moves."
)
"""What counts as a group that could switch."""

GROUP_NAMES = (
    "group", "name", "leaves", "joins", "units", "people", "voters", "would_be_home_voters",
    "would_be_stranded_voters", "gain_voters", "no_stronger_than_voters", "is_strongest_proven",
    "states", "ids",
)  # fmt: skip
"""Columns of the table of groups, which has them without any group as well."""


@dataclass(frozen=True, slots=True, repr=False)
class Stability(JupyterMixin):
    """Which connected groups of either nation would gain by switching to the other one.

    Parameters
    ----------
    run
        The plan.
    switching
        The groups, and what is proven of all others; numbers are voters.
    most_groups, most_units
        Most groups that were sought, and most units that each may have.
    identity
        Hash of all that is asked, by which a study is told from another one in its place.
    """

    run: Run
    switching: Switching
    most_groups: int
    most_units: int | None = None
    identity: str = ""
    missing: str = ""
    """What it lacks, as every study says it: nothing."""

    @property
    def slug(self) -> str:
        """Name of the folder that a command writes it to unless another one is given."""
        return file_name(f"stable-{self.run.scenario.slug}")

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups that were found."""
        return self.switching.groups

    @property
    def bound(self) -> int:
        """Voters that no further group gains more than, proven; 0 where none gains anything."""
        return self.switching.bound

    @property
    def is_stable(self) -> bool | None:
        """Whether nobody would switch; None where no group was found and that is not proven."""
        if self.groups:
            return False
        return True if self.bound <= 0 else None

    @property
    def verdict(self) -> str:
        """What is found and what is proven, in a sentence or two."""
        size = "" if self.most_units is None else f" of at most {counted(self.most_units, 'unit')}"
        if len(np.unique(self.run.plan.assignment)) == 1:
            return "Everybody is in one nation: nobody borders on another one that could be joined."
        if self.is_stable:
            return f"Stable: no group{size} would gain a voter at home by switching, proven."
        if not self.groups:
            return (
                f"No group{size} was found that would gain by switching, and none gains more than "
                f"{self.bound:,} voters at home, proven. More --search-time may tell."
            )
        found = f"{counted(len(self.groups), 'group')}{size} would"
        others = "no other group that shares no unit with"
        others += " it" if len(self.groups) == 1 else " them"
        rest = f"gains more than {self.bound:,}" if self.bound else "gains any"
        return f"Not stable: {found} gain voters at home by switching; {others} {rest}, proven."

    @property
    def rows(self) -> tuple[Row, ...]:
        """A row a group: who they are, where they would go, and what that brings."""
        return tuple(self._row(place, one) for place, one in enumerate(self.groups, 1))

    def _row(self, place: int, group: Group) -> Row:
        units = self.run.question.units
        votes, people = units.votes[self.run.question.election], units.attributes.get("population")
        blue, red = votes[group.rows].sum(axis=0).tolist()
        home, stranded = (red, blue) if group.part else (blue, red)
        states = np.unique(units.states[group.rows]).tolist()
        return {
            "group": place,
            "name": name_group(self.run, group),
            "leaves": NATION_NAMES[group.part],
            "joins": NATION_NAMES[1 - group.part],
            "units": len(group.rows),
            "people": None if people is None else round(float(people[group.rows].sum())),
            "voters": blue + red,
            "would_be_home_voters": home,
            "would_be_stranded_voters": stranded,
            "gain_voters": group.gain,
            "no_stronger_than_voters": group.bound,
            "is_strongest_proven": group.gain == group.bound,
            "states": " ".join(filter(None, states)),
            "ids": " ".join(units.ids[group.rows].tolist()),
        }

    @property
    def labels(self) -> npt.NDArray[np.int64]:
        """Number of the group of each unit, from 1; 0 for none; shape ``(n_units,)``."""
        labels = np.zeros(self.run.question.units.n_units, np.int64)
        for place, group in enumerate(self.groups, 1):
            labels[group.rows] = place
        return labels

    @property
    def table(self) -> pd.DataFrame:
        """The groups as a table of pandas, indexed by their number."""
        import pandas as pd

        return pd.DataFrame(self.rows, columns=GROUP_NAMES).set_index("group")

    @property
    def units(self) -> gpd.GeoDataFrame:
        """The units with their polygons, a row each, indexed by id.

        Columns: ``id``, ``name``, ``state``; ``nation`` in the plan; ``group``, the number of the
        group that the unit would switch with, 0 for none; ``gain``, voters who would be at home
        less those who would be stranded, should the unit switch; ``votes`` of both sides; and the
        polygon.
        """
        from partition.pages.frames import switching_frame

        return switching_frame(self.run, self.labels, unit_gains(self.run))

    def map(self) -> folium.Map:
        """Draw the plan with the groups and an arrow from each into the nation it would join.

        Returns
        -------
        folium.Map
            A notebook shows it; :func:`maps.save` writes it to one file.
        """
        from maps.switching import SwitchingGroup
        from partition.pages.drawing import draw_view, summarize

        known = summarize(self.run)
        broken = self.run.broken_constraint if self.run.is_measured else None
        summary = replace(
            known,
            title=f"{known.title}: who would want to switch?",
            headline=f"{self.groups[0].gain:,}" if self.groups else "0",
            headline_text="more voters would be at home, if group 1 switched"
            if self.groups
            else "groups found that would gain by switching",
            subtitle="Connected groups that border on the other nation and voted for it on "
            "balance, the strongest first.",
            status=self.verdict,
            notes=tuple(
                filter(
                    None,
                    (
                        RULES,
                        f"The plan breaks a constraint of the question: {broken}."
                        if broken
                        else "",
                        f"The plan: {known.headline} {known.headline_text}. {known.status}.",
                        *known.notes,
                    ),
                )
            ),
        )
        drawn = [
            SwitchingGroup(
                number=place,
                name=name_group(self.run, group),
                amount=f"+{group.gain:,}",
                rows=group.rows,
                part=1 - group.part,
                way=self._way(group),
            )
            for place, group in enumerate(self.groups, 1)
        ]
        return draw_view(self.run, summary, switching=drawn)

    def _way(self, group: Group) -> tuple[int, int]:
        """Choose two units that an arrow leads over the border between, of the group and beyond it.

        They are the nearest to where most is gained. Where only a neighbouring country connects
        the group with the other nation, it stays in one unit.
        """
        question = self.run.question
        part, gains = self.run.plan.assignment, np.maximum(0, unit_gains(self.run)[group.rows])
        is_in = np.zeros(len(part), np.bool_)
        is_in[group.rows] = True
        pairs = question.units.edges.pairs[question.edges]
        pairs = pairs[is_in[pairs].any(axis=1) & (part[pairs[:, 0]] != part[pairs[:, 1]])]
        if not len(pairs):
            largest = int(group.rows[np.argmax(gains)])
            return largest, largest
        middles = shapely.get_coordinates(shapely.centroid(question.units.polygons))
        heart = np.average(middles[group.rows], axis=0, weights=gains)
        away = np.hypot(*(middles[pairs].mean(axis=1) - heart).T)
        first, second = pairs[np.argmin(away)].tolist()
        return (first, second) if is_in[first] else (second, first)

    def write(self, folder: str | Path) -> tuple[Path, ...]:
        """Write ``stable.csv``, ``.json``, ``.md``, ``.html`` and ``stable-units.csv``.

        Without polygons there is no page.

        Returns
        -------
        tuple of Path
            The files.

        Raises
        ------
        IncompleteError
            When some of them cannot be drawn or written; the others are.
        WriteError
            When the folder cannot be written to.
        """
        contents: dict[str, Callable[[], str | bytes]] = {
            "stable.csv": lambda: csv_text(
                GROUP_NAMES, ([one[name] for name in GROUP_NAMES] for one in self.rows)
            ),
            "stable-units.csv": lambda: csv_rows(self._unit_rows()),
            "stable.json": lambda: json_text(self.to_dict()),
            "stable.md": self.markdown,
        }
        if self.run.question.units.has_polygons:
            contents["stable.html"] = lambda: page_bytes(self.map())
        return write_files(Path(folder), contents)

    def _unit_rows(self) -> list[Row]:
        units, part = self.run.question.units, self.run.plan.assignment
        gains, labels = unit_gains(self.run), self.labels
        return [
            {
                "GEOID": str(units.ids[unit]),
                "name": str(units.names[unit]),
                "state": str(units.states[unit]),
                "nation": NATION_NAMES[part[unit]],
                "group": int(labels[unit]) or None,
                "gain_voters": int(gains[unit]),
            }
            for unit in range(units.n_units)
        ]

    def to_dict(self) -> dict[str, Any]:
        """State everything as plain values, ready for JSON."""
        run = self.run
        return {
            "study_sha256": self.identity,
            "scenario": run.scenario.to_table(),
            "folder": None if run.folder is None else str(run.folder),
            "is_stable": self.is_stable,
            "verdict": self.verdict,
            "rules": RULES,
            "most_groups": self.most_groups,
            "most_units": self.most_units,
            "no_other_stronger_than_voters": self.bound,
            "is_interrupted": self.switching.is_interrupted,
            "broken_constraint": run.broken_constraint,
            "groups": [{**one, "ids": str(one["ids"]).split()} for one in self.rows],
        }

    def markdown(self) -> str:
        """Write the groups as a page to read."""
        title = f"# {markdown_text(self.run.scenario.title)}: who would want to switch\n\n"
        said = f"{markdown_text(self.verdict)}\n\n{RULES}\n"
        return title + said + (f"\n{markdown_rows(self._columns, self.rows)}" if self.rows else "")

    @property
    def _columns(self) -> tuple[Column, ...]:
        ballot = self.run.question.ballot

        def way(one: Row) -> str:
            return f"{ballot.nation(one['leaves'])} to {ballot.nation(one['joins'])}"

        def proof(one: Row) -> str:
            return "yes" if one["is_strongest_proven"] else f"{one['no_stronger_than_voters']:,}"

        columns: tuple[Column, ...] = (
            ("Group", text("group")),
            ("Who", text("name")),
            ("From, to", way),
            ("Units", number("units")),
            ("People", number("people")),
            ("Voters gained", number("gain_voters")),
            ("None stronger, or at most", proof),
        )
        has_people = "population" in self.run.question.units.attributes
        return columns if has_people else tuple(one for one in columns if one[0] != "People")

    def __repr__(self) -> str:
        return f"<Stability of {self.run.scenario.name}: {self.verdict}>"

    def __rich__(self) -> RenderableType:
        from rich.console import Group as Lines
        from rich.table import Table
        from rich.text import Text

        if not self.groups:
            return Text(self.verdict)
        ballot = self.run.question.ballot
        table = Table()
        table.add_column("", justify="right")
        table.add_column("Who would switch", ratio=1)
        table.add_column("To")
        for title in ("Units", "Voters gained", "None gains above"):
            table.add_column(title, justify="right", min_width=max(map(len, title.split())))
        for one in self.rows:
            figures = (one["units"], one["gain_voters"], one["no_stronger_than_voters"])
            table.add_row(
                str(one["group"]),
                Text(one["name"]),
                Text(ballot.nation(one["joins"])),
                *(f"{figure:,}" for figure in figures),
            )
        return Lines(table, Text(self.verdict))


def unit_gains(run: Run) -> npt.NDArray[np.int64]:
    """Count what each unit would gain by switching alone: voters at home less those stranded.

    Returns
    -------
    numpy.ndarray
        Whole votes, shape ``(n_units,)``; negative where the unit is in the nation of its majority.
    """
    blue, red = run.question.units.votes[run.question.election].T
    gains: npt.NDArray[np.int64] = np.where(run.plan.assignment == 1, red - blue, blue - red)
    return gains


def name_group(run: Run, group: Group) -> str:
    """Name a group by the units that gain most, and how many there are besides.

    Returns
    -------
    str
        ``"Kern, CA; Shasta, CA; Placer, CA and 25 more units"``.
    """
    order = group.rows[np.argsort(-unit_gains(run)[group.rows], kind="stable")]
    return name_first(run.question.units, order)
