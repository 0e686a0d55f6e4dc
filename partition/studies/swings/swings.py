"""Best plans under votes that swing: where each unit goes, and which units decide."""

# ruff: noqa: PLC0415 - drawing libraries take a second to load; a table needs none of them.
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

import numpy as np
import numpy.typing as npt
from rich.jupyter import JupyterMixin

from partition.filenames import file_name
from partition.metrics import BLUE, NATION_NAMES
from partition.question.question import Question
from partition.runs.run import Run
from partition.studies.distinctions import but_for_votes
from partition.studies.exits.distance import Distance
from partition.studies.running.missing import Failure, count_missing, what_is_missing
from partition.studies.swings.ageing import AGEING, Regret, ageing, ageing_table
from partition.studies.swings.electorate import Electorate
from partition.studies.swings.swing_words import sentences
from partition.studies.table import (
    Column,
    Row,
    csv_rows,
    markdown_rows,
    missing_rows,
    number,
    page_bytes,
    row,
    share,
    text,
    write_files,
)
from partition.studies.terminal import MOST_SHOWN, shown_rows
from shapefiles.table_writing import json_text, markdown_text

if TYPE_CHECKING:
    import folium
    import pandas as pd
    from rich.console import RenderableType


@dataclass(frozen=True, repr=False)  # without slots: what is derived is kept
class Swings(JupyterMixin):
    """Best plans, one for each electorate: a swing and draw of the vote, or an election held.

    Parameters
    ----------
    question
        What is asked of the votes as they are; of several elections, of those of the first.
    runs
        The best plan known for each electorate.
    error
        Standard deviation of the errors of the polls, in points; 0 where there are none.
    in_proportion
        Whether the losing side keeps the same share of its voters everywhere.
    failures
        Electorates without a plan.
    identity
        Hash of all that is asked, by which a study is told from another one in its place.
    """

    document: ClassVar[str] = "swing.json"

    question: Question
    runs: Mapping[Electorate, Run]
    error: float
    in_proportion: bool
    failures: tuple[Failure, ...]
    identity: str

    @classmethod
    def of_elections(
        cls, runs: Mapping[str, Run], failures: tuple[Failure, ...], identity: str
    ) -> Self | None:
        """Take runs of a comparison as a study from election to election.

        Parameters
        ----------
        runs
            Runs of the same land, by whatever they are called.
        failures, identity
            As of the study.

        Returns
        -------
        Swings or None
            None where they are not one plan an election, of one question.
        """
        by_election = {run.scenario.election: run for run in runs.values()}
        asked = {(but_for_votes(one.scenario), one.scenario.swing) for one in runs.values()}
        if len(asked) > 1 or not 1 < len(by_election) == len(runs):
            return None
        first = next(iter(runs.values()))
        plans = {Electorate(election=one): run for one, run in by_election.items()}
        return cls(first.question, plans, 0.0, False, failures, identity)

    @property
    def is_of_elections(self) -> bool:
        """Whether electorates are elections that were held, and not swings of one."""
        return any(one.election for one in self.runs)

    @property
    def title(self) -> str:
        """What the study is about, in a few words."""
        return "from election to election" if self.is_of_elections else "if the vote swings"

    @property
    def slug(self) -> str:
        """Name of the folder that a command writes it to unless another one is given."""
        years = [one.election for one in self.runs if one.election][1:]
        return file_name("-".join(["swing", self.question.scenario.slug, *years]))

    @property
    def missing(self) -> str:
        """Which plans the study lacks, and why, in words; empty where it has them all."""
        return what_is_missing(self.failures, len(self.runs) + len(self.failures))

    @property
    def kept(self) -> tuple[Electorate, Run]:
        """The plan that is kept: that of the smallest swing, or of the first election."""
        if self.is_of_elections:
            return next(iter(self.runs.items()))
        return min(self.runs.items(), key=lambda one: (abs(one[0].points), one[0]))

    @cached_property
    def blue_shares(self) -> npt.NDArray[np.float64]:
        """Share of the best plans in which each unit is blue, shape ``(n_units,)``."""
        plans = np.array([one.plan.assignment == BLUE for one in self.runs.values()])
        shares: npt.NDArray[np.float64] = plans.mean(axis=0)
        return shares

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """A row an electorate: its best plan's figures, and what the kept plan gives up there."""
        at, kept = self.kept
        rows = []
        for point, run in self.runs.items():
            given_up = Distance.between(kept.plan, run)
            is_allowed = given_up.breaks is None
            rows.append(
                {
                    **self._moved(point),
                    **row(point.label(self.error), run),
                    "changed_units": int((run.plan.assignment != kept.plan.assignment).sum()),
                    "kept_plan": at.label(self.error),
                    "kept_plan_least_votes": given_up.least_votes if is_allowed else None,
                    "kept_plan_most_votes": given_up.most_votes if is_allowed else None,
                    "kept_plan_breaks": given_up.breaks,
                }
            )
        return tuple(rows)

    def _moved(self, point: Electorate) -> Row:
        """Say how votes have moved; nothing of an election, which a row names anyway."""
        if self.is_of_elections:
            return {}
        return {"swing_points": point.points, "draw": point.draw if self.error else None}

    @cached_property
    def regrets(self) -> tuple[Regret, ...]:
        """What the plan of each election gives up under each other one; nothing for swings."""
        if not self.is_of_elections:
            return ()
        return ageing((one.label(self.error), run) for one, run in self.runs.items())

    @cached_property
    def unit_rows(self) -> tuple[Row, ...]:
        """A row a unit: the share of best plans in which it is blue, and whether it decides."""
        units, votes = self.question.units, self.question.units.votes[self.question.election]
        people = units.attributes.get("population")
        kept = self.kept[1].plan.assignment
        return tuple(
            {
                "GEOID": str(units.ids[unit]),
                "name": str(units.names[unit]),
                "state": str(units.states[unit]),
                "blue_share_of_plans": round(float(portion), 6),
                "decides": bool(0 < portion < 1),
                "nation_in_kept_plan": NATION_NAMES[kept[unit]],
                "blue_share_of_votes": int(votes[unit, 0]) / total if total else None,
                "people": None if people is None else int(people[unit]),
                "voters": total,
            }
            for unit, portion in enumerate(self.blue_shares.tolist())
            for total in [int(votes[unit].sum())]
        )

    @property
    def deciding(self) -> tuple[Row, ...]:
        """The units that are in either nation, those first that are in both as often."""
        rows = [one for one in self.unit_rows if one["decides"]]
        rows.sort(key=lambda one: (abs(one["blue_share_of_plans"] - 0.5), -one["voters"]))
        return tuple(rows)

    @property
    def table(self) -> pd.DataFrame:
        """The rows as a table of pandas, indexed by label."""
        import pandas as pd

        return pd.DataFrame(self.rows).set_index("label")

    @property
    def units(self) -> pd.DataFrame:
        """The rows of the units as a table of pandas, indexed by id."""
        import pandas as pd

        return pd.DataFrame(self.unit_rows).set_index("GEOID")

    def map(self) -> folium.Map:
        """Draw all plans on one page that goes from swing to swing.

        Returns
        -------
        folium.Map
            A notebook shows it; :func:`maps.save` writes it to one file.

        Raises
        ------
        InputError
            When the units have no polygons.
        """
        return self._page("agreement")

    def shares_map(self) -> folium.Map:
        """Draw the same page, coloured at first by the share of best plans in which a unit is blue.

        Returns
        -------
        folium.Map
            A notebook shows it; :func:`maps.save` writes it to one file.

        Raises
        ------
        InputError
            When the units have no polygons.
        """
        return self._page("robustness")

    def _page(self, opens_with: Literal["agreement", "robustness"]) -> folium.Map:
        import maps
        from partition.pages.drawing import require_polygons
        from partition.studies.swings.swing_page import explored_swings

        question = self.question
        require_polygons(question.units)
        explored = replace(explored_swings(self), opens_with=opens_with)
        return maps.explore(question.units, explored, question.election)

    def write(self, folder: str | Path) -> tuple[Path, ...]:
        """Write the swings and the units as CSV, both as JSON, a page to read and two maps.

        Units without polygons have no maps. Returns the files.

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
            "swing.csv": lambda: csv_rows(self.rows + missing_rows(self.rows, self.failures)),
            "units.csv": lambda: csv_rows(self.unit_rows),
            self.document: lambda: json_text(self.to_dict()),
            "swing.md": self.markdown,
        }
        if self.question.units.has_polygons:
            contents["swing.html"] = lambda: page_bytes(self.map())
            contents["shares.html"] = lambda: page_bytes(self.shares_map())
        return write_files(Path(folder), contents, [self.question.scenario])

    def to_dict(self) -> dict[str, Any]:
        """State everything but the plans as plain values, ready for JSON."""
        return {
            "study_sha256": self.identity,
            "scenario": self.question.scenario.to_table(),
            "in_proportion": self.in_proportion,
            "error_points": self.error,
            "summary": self.sentences,
            "swings": list(self.rows),
            **({"regrets": [one.to_dict() for one in self.regrets]} if self.regrets else {}),
            "units": list(self.unit_rows),
            "failures": [one._asdict() for one in self.failures],
            "missing": self.missing or None,
        }

    @cached_property
    def sentences(self) -> list[str]:
        """What comes of it, in sentences."""
        return sentences(self)

    def markdown(self) -> str:
        """Write swings and deciding units as a page to read."""
        deciding = self.deciding
        blocks = [f"# {self.title[:1].upper()}{self.title[1:]}\n"]
        blocks += [f"**{markdown_text(self.missing)}**\n"] if self.missing else []
        blocks += [f"{markdown_text(one)}\n" for one in self.sentences]
        blocks += [markdown_rows((SWING, *COLUMNS), self.rows)]
        if deciding:
            blocks += ["## Who decides\n", markdown_rows(UNITS, deciding[:MOST_SHOWN])]
        if len(deciding) > MOST_SHOWN:
            more = f"{MOST_SHOWN} of {len(deciding):,}; units.csv has all units.\n"
            blocks += [more]
        if self.regrets:
            elections, lines = ageing_table(self.regrets)
            heads = [(title, text(title)) for title in ("Plan", *elections)]
            blocks += ["## How the plans age\n", f"{AGEING}\n", markdown_rows(heads, lines)]
        return "\n".join(blocks)

    def __repr__(self) -> str:
        missing = count_missing(self.failures, len(self.runs) + len(self.failures))
        return (
            f"<Swings of {self.question.scenario.name}: {len(self.runs):,} best plans, "
            f"{len(self.deciding):,} units decide{missing and '. ' + missing}>"
        )

    def __rich__(self) -> RenderableType:
        from rich.console import Group
        from rich.text import Text

        shown = list(shown_rows((SWING, *NARROW), self.rows))
        if self.regrets:
            elections, lines = ageing_table(self.regrets)
            heads = [(title, text(title)) for title in ("Plan", *elections)]
            shown = [*shown, *shown_rows(heads, lines), Text(AGEING)]
        failed = (Text(f"{one.label}: {one.message}", style="red") for one in self.failures)
        return Group(*shown, *map(Text, self.sentences), *failed)


SWING: Column = ("Votes", text("label"))

NARROW: tuple[Column, ...] = (
    ("Self-det.", share("self_determined_share", 2)),
    ("Stranded", number("stranded_voters")),
    ("Units\nchanged", number("changed_units")),
    ("Kept plan\ngives up", number("kept_plan_least_votes")),
)
"""What a terminal shows of a swing."""

COLUMNS: tuple[Column, ...] = (
    ("Self-determined", share("self_determined_share", 2)),
    ("Stranded voters", number("stranded_voters")),
    ("Units changed", number("changed_units")),
    ("The kept plan gives up, at least", number("kept_plan_least_votes")),
    ("At most", number("kept_plan_most_votes")),
    ("How good", text("quality")),
)
"""What a page says of a swing."""

UNITS: tuple[Column, ...] = (
    ("Unit", lambda one: ", ".join(filter(None, (one["name"], one["state"])))),
    ("Blue in", share("blue_share_of_plans")),
    ("Voters", number("voters")),
)
"""What a page says of a unit that decides."""
