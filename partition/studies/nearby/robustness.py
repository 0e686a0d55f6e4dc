"""What is known of all good plans: which units are always red, always blue, or contested."""

# ruff: noqa: PLC0415 - drawing libraries take a second to load; a table needs none of them.
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt
from rich.jupyter import JupyterMixin

from partition.answer import wording
from partition.filenames import file_name
from partition.metrics import BLUE, NATION_NAMES, RED
from partition.runs.run import Run
from partition.studies.nearby.good_plans import plan_rows, telling_plans
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
from shapefiles.table_writing import json_text, markdown_text
from solvers.plan import Plan
from solvers.robustness import Survey

if TYPE_CHECKING:
    import folium
    import geopandas as gpd
    import pandas as pd
    from rich.console import RenderableType


ALWAYS_RED, ALWAYS_BLUE, CONTESTED = "always red", "always blue", "contested"
RED_SO_FAR, BLUE_SO_FAR = "red, undecided", "blue, undecided"
CATEGORIES = (ALWAYS_RED, RED_SO_FAR, CONTESTED, BLUE_SO_FAR, ALWAYS_BLUE)
"""What a unit is: proven to be in one nation in every good plan; found in both; or neither, and
then in one nation in all good plans found."""

COLUMNS: tuple[Column, ...] = (
    ("Units that are", text("category")),
    ("Units", number("units")),
    ("People", number("people")),
    ("Voters", number("voters")),
)


MEANINGS = (
    ("Always", "Proven: no good plan puts the place into the other nation."),
    ("Contested", "Shown: of two good plans that were found, each puts it into another nation."),
    (
        "Undecided",
        "So in all good plans found; others may differ. A longer survey decides more.",
    ),
)
"""What the categories say."""

IN_SHORT = (
    "'Always' is proven; 'contested' is shown by two plans; of the others all good plans that were "
    "found agree, and no proof was."
)
"""The same for a terminal."""


def exact_votes(votes: float) -> str:
    """Write votes of an objective, with thousandths where it has some.

    Examples
    --------
    >>> exact_votes(80_200_000.0), exact_votes(12.25)
    ('80,200,000', '12.25')
    """
    return f"{votes:,.3f}".rstrip("0").rstrip(".")


@dataclass(frozen=True, repr=False)  # without slots: what is derived is kept
class Robustness(JupyterMixin):
    """What all plans within a gap of the best one agree on.

    Parameters
    ----------
    best
        Run with the best plan known.
    within
        Plans whose objective is at most this share below the best one's are good.
    survey
        What is found and proven, unit by unit; objectives are in steps of the solvers.
    threshold_votes
        Least objective of a good plan.
    missing
        Which of the runs to begin with were lost, and why, in words; empty where none was. What is
        found and proven holds all the same.
    identity
        Hash of all that is asked, by which a study is told from another one in its place.
    """

    document: ClassVar[str] = "robust.json"

    best: Run
    within: float
    survey: Survey
    threshold_votes: float
    missing: str = ""
    identity: str = ""

    @property
    def slug(self) -> str:
        """Name of the folder that a command writes it to unless another one is given."""
        return file_name(f"robust-{self.best.scenario.slug}")

    @property
    def categories(self) -> npt.NDArray[np.str_]:
        """One of :data:`CATEGORIES` for each unit, shape ``(n_units,)``."""
        found, excluded = self.survey.is_found, self.survey.is_excluded
        return np.select(
            [
                found.all(axis=1),
                excluded[:, BLUE],
                excluded[:, RED],
                found[:, BLUE],
            ],
            [CONTESTED, ALWAYS_RED, ALWAYS_BLUE, BLUE_SO_FAR],
            RED_SO_FAR,
        )

    @property
    def rows(self) -> tuple[Row, ...]:
        """A row a unit: its nation in the best plan, its category, its share of good plans."""
        units = self.best.question.units
        votes = units.votes[self.best.scenario.election]
        people = units.attributes.get("population")
        return tuple(
            {
                "GEOID": str(units.ids[unit]),
                "name": str(units.names[unit]),
                "state": str(units.states[unit]),
                "nation_in_best_plan": NATION_NAMES[self.best.plan.assignment[unit]],
                "category": str(category),
                "blue_share_of_plans_found": round(float(self.survey.share_of_1[unit]), 6),
                "people": None if people is None else int(people[unit]),
                "voters": int(votes[unit].sum()),
            }
            for unit, category in enumerate(self.categories)
        )

    @property
    def totals(self) -> tuple[Row, ...]:
        """A row a category: units, people and voters."""
        rows = self.rows
        return tuple(
            {
                "category": category,
                "units": len(members),
                "people": None
                if any(one["people"] is None for one in rows)
                else sum(one["people"] for one in members),
                "voters": sum(one["voters"] for one in members),
            }
            for category in CATEGORIES
            for members in [[one for one in rows if one["category"] == category]]
        )

    @property
    def table(self) -> pd.DataFrame:
        """The rows as a table of pandas, indexed by the id of the unit."""
        import pandas as pd

        return pd.DataFrame(self.rows).set_index("GEOID")

    @property
    def units(self) -> gpd.GeoDataFrame:
        """The units with their polygons, a row each, indexed by id.

        Columns: ``id``, ``name``, ``state``; ``nation`` in the best plan; ``category``, one of
        :data:`CATEGORIES`; ``blue_share``, that of the good plans found which put the unit into the
        blue nation; ``votes`` of both sides; and the polygon.
        """
        from partition.pages.frames import robustness_frame

        return robustness_frame(self)

    @cached_property
    def plans(self) -> tuple[Plan, ...]:
        """The best plan known, and other good ones that show what good plans disagree on."""
        return telling_plans(self.best, self.survey)

    @cached_property
    def plan_rows(self) -> tuple[Row, ...]:
        """A row a plan: what it is worth, how it differs from the best one, and its figures.

        ``objective_votes`` is its objective, ``below_best_votes`` what it lacks to that of the best
        plan, and ``units_elsewhere`` how many units it has in another nation; ``shows`` is the one
        of these with most voters that no plan before has in that nation, ``shows_in``.
        """
        return tuple(plan_rows(self.best.question, self.plans))

    def map(self) -> folium.Map:
        """Draw how sure each unit's nation is, with good plans that show what is contested.

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
        from partition.studies.nearby.robustness_page import explored_robustness

        question = self.best.question
        require_polygons(question.units)
        return maps.explore(question.units, explored_robustness(self), question.election)

    @property
    def caution(self) -> str:
        """A warning where the best plan may be further from the best possible than good plans."""
        gap = self.best.result.gap
        if gap is not None and gap <= self.within:
            return ""
        proven = "Nothing is proven of the best plan known"
        if gap is not None:
            proven = (
                f"The best plan known is proven to be within {wording.gap_percent(gap)} of the "
                "best possible"
            )
        return (
            f"{proven}, and good plans are within {wording.gap_percent(self.within)} of it. Should "
            "a better one be found, what is 'always' so stays so; what is 'contested' need not."
        )

    @property
    def settled(self) -> float | None:
        """Share of the people, or of the voters, who live where a nation is proven."""
        counts = {one["category"]: one[self.counted] for one in self.totals}
        total = sum(counts.values())
        return (counts[ALWAYS_RED] + counts[ALWAYS_BLUE]) / total if total else None

    @property
    def counted(self) -> str:
        """Who is counted: people, or voters where people are not known."""
        return "voters" if self.totals[0]["people"] is None else "people"

    @property
    def rule(self) -> str:
        """Which plans are good, and how many of them were found, in sentences."""
        least = exact_votes(self.threshold_votes)
        if self.best.scenario.weights.is_plain:
            what = f"{least} voters or more live in the nation they voted for"
        else:
            what = f"its objective is {least} votes or more"
        return (
            f"A plan is good if {what}: at most {wording.gap_percent(self.within)} below the best "
            f"one known. {self.survey.n_plans:,} {'was' if self.survey.n_plans == 1 else 'were'} "
            "found."
        )

    def write(self, folder: str | Path) -> tuple[Path, ...]:
        """Write ``robust.csv``, ``.json``, ``.md`` and ``.html``; without polygons no page.

        Returns the files.

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
            "robust.csv": lambda: csv_rows(self.rows),
            self.document: lambda: json_text(self.to_dict()),
            "robust.md": self.markdown,
        }
        if self.best.question.units.has_polygons:
            contents["robust.html"] = lambda: page_bytes(self.map())
        return write_files(Path(folder), contents, [self.best.scenario])

    def to_dict(self) -> dict[str, Any]:
        """State everything as plain values, ready for JSON."""
        return {
            "study_sha256": self.identity,
            "scenario": self.best.scenario.to_table(),
            "within_share": self.within,
            "threshold_votes": self.threshold_votes,
            "good_plans_found": self.survey.n_plans,
            "rule": self.rule,
            "missing": self.missing or None,
            "caution": self.caution or None,
            "totals": list(self.totals),
            "plans": list(self.plan_rows),
            "units": list(self.rows),
        }

    @property
    def columns(self) -> tuple[Column, ...]:
        """What a table of the totals has, with the year of the people."""
        year = self.best.question.years.get("people")
        people = f"People, {year}" if year else "People"
        return tuple((people if one == "People" else one, write) for one, write in COLUMNS)

    def markdown(self) -> str:
        """Write the totals as a page to read."""
        missing = "".join(
            f"**{markdown_text(one)}**\n\n" for one in (self.missing, self.caution) if one
        )
        words = "".join(f"- *{word}*: {markdown_text(meaning)}\n" for word, meaning in MEANINGS)
        return (
            f"# What good plans agree on\n\n{missing}{markdown_text(self.rule)}\n\n"
            f"{markdown_rows(self.columns, self.totals)}\n{words}"
        )

    def __repr__(self) -> str:
        counts = ", ".join(f"{one['units']:,} {one['category']}" for one in self.totals)
        return f"<Robustness within {wording.gap_percent(self.within)}: {counts}>"

    def __rich__(self) -> RenderableType:
        from rich.table import Table

        said = " ".join(filter(None, (self.rule, IN_SHORT, self.caution)))
        table = Table(caption=said, caption_justify="left")
        for place, (title, _) in enumerate(self.columns):
            table.add_column(title, justify="right" if place else "left")
        for one in self.totals:
            table.add_row(*(write(one) for _, write in self.columns))
        return table
