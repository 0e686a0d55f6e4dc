"""What is known of the groups that would switch to the other nation of a plan."""

# ruff: noqa: PLC0415 - drawing libraries take a second to load; a table needs none of them.
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt
from rich.jupyter import JupyterMixin

from partition.answer.stability import RULES, GroupsFound
from partition.errors import InputError
from partition.filenames import file_name
from partition.metrics import NATION_NAMES
from partition.pages.switchers import (
    GROUP_NAMES,
    drawn_groups,
    group_rows,
    groups_table,
    stability_document,
    unit_gains,
)
from partition.runs.run import Run
from partition.studies.table import Row, csv_rows, page_bytes, write_files
from shapefiles.table_writing import csv_text, json_text, markdown_text
from solvers.switched import Group, Switching

if TYPE_CHECKING:
    import folium
    import geopandas as gpd
    import pandas as pd
    from rich.console import RenderableType


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

    document: ClassVar[str] = "stable.json"

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
    def found(self) -> GroupsFound:
        """The groups and what was asked for, as a report tells them."""
        return GroupsFound(self.run.plan, self.switching, self.most_groups, self.most_units)

    @property
    def is_stable(self) -> bool | None:
        """Whether nobody would switch; None where no group was found and that is not proven."""
        return self.found.is_stable

    @property
    def verdict(self) -> str:
        """What is found and what is proven, in a sentence or two."""
        return self.found.verdict

    @property
    def rows(self) -> tuple[Row, ...]:
        """A row a group: who they are, where they would go, and what that brings."""
        return group_rows(self.run.question, self.found)

    @property
    def told(self) -> Run:
        """The run, whose report, ``run.json`` and map tell what was found as well.

        ``stability.told.write("my-run")`` writes such a run to a folder of its own.
        """
        return replace(self.run, stability=self.found)

    def write_report(self) -> Run:
        """Put what was found into the folder of the run: its report, ``run.json`` and map.

        Returns
        -------
        Run
            The run, as its folder has it now.

        Raises
        ------
        BundleError
            When the folder holds another plan by now, or cannot be written to.
        IncompleteError
            When one of the files cannot be written.
        InputError
            When the plan is not that of a run in a folder, or was held against another question.
        """
        from partition.runs.retelling import write_stability

        run = self.told
        if run.folder is None:
            raise InputError(
                "This plan is in no folder of a run, whose report could tell who would switch: "
                "give the folder of one."
            )
        write_stability(run, run.folder)
        return run

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

        return switching_frame(self.run, self.labels, unit_gains(self.run.question, self.run.plan))

    def map(self) -> folium.Map:
        """Draw the plan with the groups and an arrow from each into the nation it would join.

        Returns
        -------
        folium.Map
            A notebook shows it; :func:`maps.save` writes it to one file.
        """
        from partition.pages.drawing import draw_switching, summarize

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
        drawn = drawn_groups(self.run.question, self.found)
        return draw_switching(self.run, summary, drawn)

    def write(self, folder: str | Path) -> tuple[Path, ...]:
        """Write ``stable.csv``, ``.json``, ``.md``, ``.html`` and ``stable-units.csv``.

        Without polygons there is no page.

        Returns
        -------
        tuple of Path
            The files.

        Raises
        ------
        InputError
            When one of them is a file that the study was made from, or the folder holds a run.
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
            self.document: lambda: json_text(self.to_dict()),
            "stable.md": self.markdown,
        }
        if self.run.question.units.has_polygons:
            contents["stable.html"] = lambda: page_bytes(self.map())
        return write_files(Path(folder), contents, [self.run.scenario])

    def _unit_rows(self) -> list[Row]:
        units, part = self.run.question.units, self.run.plan.assignment
        gains, labels = unit_gains(self.run.question, self.run.plan), self.labels
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
            "verdict": self.verdict,
            "rules": RULES,
            "broken_constraint": run.broken_constraint,
            **stability_document(self.run.question, self.found),
        }

    def markdown(self) -> str:
        """Write the groups as a page to read."""
        title = f"# {markdown_text(self.run.scenario.title)}: who would want to switch\n\n"
        said = f"{markdown_text(self.verdict)}\n\n{RULES}\n"
        return title + "\n".join([said, *groups_table(self.run.question, self.rows)])

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
