"""A cascade of exits: its rounds, its end against the best line, and its end for any threshold."""

# ruff: noqa: PLC0415 - drawing libraries take a second to load; a table needs none of them.
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from rich.jupyter import JupyterMixin

from partition.answer import Report, wording
from partition.filenames import file_name
from partition.question.constraints import PARTS
from partition.question.question import Question
from partition.runs.run import Run
from partition.studies.exits import cascade_tables as tables
from partition.studies.exits.course import Course, Marks
from partition.studies.exits.distance import Distance
from partition.studies.exits.endings import Ending
from partition.studies.exits.ground import Ground
from partition.studies.exits.rules import ExitRules, fraction_text
from partition.studies.running.missing import Failure, what_is_missing
from partition.studies.table import Row, csv_rows, markdown_rows, page_bytes, write_files
from partition.studies.terminal import MOST_SHOWN, shown_rows
from shapefiles.table_writing import csv_text, json_text, markdown_text
from solvers.plan import Plan

if TYPE_CHECKING:
    import folium
    import geopandas as gpd
    import pandas as pd
    from rich.console import RenderableType


def plan_of(question: Question, leaves: Marks, side: str) -> Plan:
    """State who has left as a plan of the units."""
    part = PARTS[side]
    return Plan(np.where(leaves[: question.units.n_units], part, 1 - part).astype(np.int8))


@dataclass(frozen=True, repr=False)  # without slots: what is derived is kept
class Cascade(JupyterMixin):
    """Who follows a nation that leaves.

    Parameters
    ----------
    question
        What is asked of which land.
    places
        Who left first, by code or id, beside the units that the scenario fixes.
    side
        ``blue`` or ``red``: the side of the leaving nation.
    rules
        When the others follow.
    ground, course
        The land, and the rounds on it.
    lowest, endings
        The lowest threshold that was looked at, and the end for every one from there on.
    best
        The run with the best line of the same scenario; None where none was asked for or found.
    failures
        What became of it where there is none.
    identity
        Hash of all that is asked, by which a study is told from another one in its place.
    """

    document: ClassVar[str] = "cascade.json"

    question: Question
    places: tuple[str, ...]
    side: str
    rules: ExitRules
    ground: Ground
    course: Course
    lowest: Fraction
    endings: tuple[Ending, ...]
    best: Run | None
    failures: tuple[Failure, ...]
    identity: str

    @property
    def slug(self) -> str:
        """Name of the folder that a command writes it to unless another one is given."""
        threshold = fraction_text(self.rules.threshold).replace("/", "-")
        words = ["cascade", self.question.scenario.slug, *self.places, threshold]
        return file_name("-".join(words))

    @property
    def missing(self) -> str:
        """Why there is no best line to hold the end against, in words; empty where there is."""
        return what_is_missing(self.failures, len(self.failures))

    def plan_of(self, leaves: Marks) -> Plan:
        """State who has left as a plan of the units."""
        return plan_of(self.question, leaves, self.side)

    @cached_property
    def plans(self) -> tuple[Plan, ...]:
        """The plan at the beginning, and after each round."""
        return tuple(self.plan_of(one) for one in self.course.leaves)

    @cached_property
    def reports(self) -> tuple[Report, ...]:
        """All figures of each plan."""
        return tuple(self.question.measure(one) for one in self.plans)

    @property
    def report(self) -> Report:
        """All figures of the line that comes about."""
        return self.reports[-1]

    @cached_property
    def distance(self) -> Distance | None:
        """How far the end is from the best line; None where that is not known."""
        return None if self.best is None else Distance.between(self.plans[-1], self.best)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """A row a round, the first of them the beginning, with the figures of the line after it."""
        return tables.round_rows(self, self.reports)

    @cached_property
    def threshold_rows(self) -> tuple[Row, ...]:
        """A row a stretch of thresholds with the same end, from the lowest threshold upwards."""
        return tables.threshold_rows(self)

    @property
    def table(self) -> pd.DataFrame:
        """The rounds as a table of pandas."""
        import pandas as pd

        return pd.DataFrame(self.rows).set_index("round")

    @property
    def moves(self) -> pd.DataFrame:
        """Every move in its order as a table of pandas: who, when, where to, with which share."""
        import pandas as pd

        return pd.DataFrame(tables.move_rows(self), columns=list(tables.MOVES))

    @property
    def thresholds(self) -> pd.DataFrame:
        """The end for each stretch of thresholds as a table of pandas."""
        import pandas as pd

        return pd.DataFrame(self.threshold_rows)

    @property
    def units(self) -> gpd.GeoDataFrame:
        """The units with their polygons, a row each, indexed by id.

        Columns: ``id``, ``name``, ``state``; ``nation`` at the end; ``round`` in which the unit
        changed its nation, 0 where it never did; ``votes`` of both sides; and the polygon.
        """
        from partition.pages.frames import cascade_frame

        return cascade_frame(self.question, self.plans)

    def map(self) -> folium.Map:
        """Draw the rounds on one page that goes from one to the next.

        Returns
        -------
        folium.Map
            A notebook shows it; :func:`maps.save` writes it to one file.

        Raises
        ------
        InputError
            When the units have no polygons.
        """
        import maps
        from partition.pages.drawing import require_polygons
        from partition.studies.exits.cascade_page import explored_cascade

        require_polygons(self.question.units)
        return maps.explore(self.question.units, explored_cascade(self), self.question.election)

    def write(self, folder: str | Path) -> tuple[Path, ...]:
        """Write the rounds, the moves and the thresholds as CSV, all as JSON, and pages to read.

        Units without polygons have no map. Returns the files.

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
            "cascade.csv": lambda: csv_rows(self.rows),
            "moves.csv": lambda: csv_text(
                tables.MOVES, (tuple(one.values()) for one in tables.move_rows(self))
            ),
            "thresholds.csv": lambda: csv_rows(self.threshold_rows),
            self.document: lambda: json_text(self.to_dict()),
            "cascade.md": self.markdown,
        }
        if self.question.units.has_polygons:
            contents["cascade.html"] = lambda: page_bytes(self.map())
        return write_files(Path(folder), contents, [self.question.scenario])

    def to_dict(self) -> dict[str, Any]:
        """State everything but the plans of the rounds as plain values, ready for JSON."""
        ids = self.question.units.ids
        end = self.course.end[: len(ids)]
        return {
            "study_sha256": self.identity,
            "scenario": self.question.scenario.to_table(),
            "from": list(self.places),
            "side": self.side,
            "rules": self.rules.to_dict(),
            "summary": self.summary,
            "rounds": list(self.rows),
            "moves": list(tables.move_rows(self)),
            "waiting": list(tables.waiting_rows(self)),
            "leaving_units": ids[end].tolist(),
            "best_line": None if self.distance is None else self.distance.to_dict(),
            "thresholds": list(self.threshold_rows),
            "missing": self.missing or None,
        }

    @cached_property
    def summary(self) -> list[str]:
        """What comes of it, in sentences."""
        from partition.studies.exits.cascade_words import sentences

        return list(sentences(self))

    def markdown(self) -> str:
        """Write rounds, waiting places and thresholds as a page to read."""
        blocks = ["# Who follows\n"]
        blocks += [f"**{markdown_text(self.missing)}**\n"] if self.missing else []
        blocks += [f"{markdown_text(one)}\n" for one in self.summary]
        blocks += ["## Round by round\n", markdown_rows(tables.round_columns(self.rows), self.rows)]
        waiting = tables.waiting_rows(self)
        if waiting:
            blocks += ["## Who would follow and cannot\n", markdown_rows(tables.WAITING, waiting)]
        blocks += [
            "## How the end depends on the threshold\n",
            markdown_rows(tables.THRESHOLDS, tables.around(self, MOST_SHOWN)),
        ]
        if len(self.endings) > MOST_SHOWN:
            shown = f"{MOST_SHOWN} of {len(self.endings):,} stretches, those around the threshold"
            blocks += [f"{shown}; thresholds.csv has all of them.\n"]
        return "\n".join(blocks)

    def __repr__(self) -> str:
        at_home = wording.percent(self.report.self_determination, 2)
        return (
            f"<Cascade of {len(self.course.rounds):,} rounds from {', '.join(self.places)}: "
            f"{at_home} self-determined>"
        )

    def __rich__(self) -> RenderableType:
        from rich.console import Group
        from rich.text import Text

        columns = tables.round_columns(self.rows)
        shown = shown_rows(columns, self.rows, left=(len(columns) - 1,))
        return Group(*shown, *map(Text, self.summary))
