"""Plans near the best one that differ from it and from each other, and whether there are more."""

# ruff: noqa: PLC0415 - drawing libraries take a second to load; a table needs none of them.
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt
from rich.jupyter import JupyterMixin

from partition.answer import wording
from partition.filenames import file_name
from partition.metrics import BLUE, RED
from partition.question.apart import QUANTITY, moved
from partition.question.naming import name_first
from partition.question.quantities import Ints, amounts
from partition.question.question import Question
from partition.runs.run import Run
from partition.studies.table import (
    Column,
    Row,
    csv_rows,
    in_votes,
    known,
    markdown_rows,
    number,
    page_bytes,
    row,
    share,
    text,
    write_files,
)
from shapefiles.errors import counted
from shapefiles.table_writing import json_text, markdown_text

if TYPE_CHECKING:
    import folium
    import pandas as pd
    from rich.console import RenderableType

Assignment = npt.NDArray[np.int8]


class Ending(Enum):
    """Why there is no further plan."""

    ENOUGH = "as many as were asked for"
    NONE_NEAR = "proven: no further plan is so near the best"
    NONE_APART = "proven: no further plan is so far from the others at all"
    NOT_FOUND = "none was found in time, and none is excluded"
    LOST = "the run was lost"


@dataclass(frozen=True, slots=True, repr=False)
class Alternatives(JupyterMixin):
    """Plans near the best one that are apart from it and from each other.

    Parameters
    ----------
    runs
        The runs of the best plan and of the alternatives, the best first.
    bounds
        Proven, for each of them: no plan that is apart from those before it has a larger objective,
        in steps of the solvers.
    within
        Share of the best possible that a plan may lack.
    apart
        Least people, or voters, who live where any two of the plans have different nations.
    quantity
        ``people`` or ``voters``.
    threshold
        Least objective of a plan that is near, in steps of the solvers.
    ending
        Why there is no further plan.
    tried
        The last run, where its plan is not near enough or its search ended first.
    missing
        Which run was lost, and why; empty where none was.
    identity
        Hash of all that is asked, by which a study is told from another one in its place.
    """

    document: ClassVar[str] = "alternatives.json"

    runs: tuple[Run, ...]
    bounds: tuple[int, ...]
    within: float
    apart: int
    quantity: str
    threshold: int
    ending: Ending
    tried: Run | None = None
    missing: str = ""
    identity: str = ""

    @property
    def question(self) -> Question:
        """What the best plan answers."""
        return self.runs[0].question

    @property
    def slug(self) -> str:
        """Name of the folder that a command writes it to unless another one is given."""
        return file_name(f"alternatives-{self.question.scenario.slug}")

    @property
    def labels(self) -> tuple[str, ...]:
        """What each plan is called."""
        return ("best", *(f"alternative {place}" for place in range(1, len(self.runs))))

    @property
    def verdict(self) -> str:
        """How many there are, and what is proven of all others, in a sentence or two."""
        n_found = len(self.runs) - 1
        plans = counted(n_found, "alternative")
        others = "the best plan" if not n_found else f"all {n_found + 1} plans"
        asked = (
            f"within {wording.gap_percent(self.within)} of {self._measured_from} and with "
            f"{self.apart:,} {self.quantity} or more on another side than in"
        )
        match self.ending:
            case Ending.ENOUGH:
                return f"{plans} found, as many as were asked for: each {asked} the others."
            case Ending.NONE_NEAR:
                return f"{plans} found. Proven: no further plan is {asked} {others}."
            case Ending.NONE_APART:
                return (
                    f"{plans} found. Proven: no further plan has {self.apart:,} {self.quantity} or "
                    f"more on another side than in {others}, however good."
                )
            case Ending.NOT_FOUND:
                said = f"{plans} found. No further one was found in time that is"
                return f"{said} {asked} {others}{self._near()}."
            case Ending.LOST:
                return f"{plans} found. {self.missing}"

    @property
    def _measured_from(self) -> str:
        """What plans are near to: the best there is, or what none exceeds where it is not known."""
        bound = self.bounds[0]
        if bound == self.runs[0].result.objective:
            return "the best possible"
        votes = in_votes(bound, self.question.scale)
        return f"the {votes:,.15g} votes that no plan exceeds"

    def _near(self) -> str:
        """Say how near the last run has come, and that its bound excludes nothing."""
        if self.tried is None:
            return ""
        lacks = self._share_below(self.tried)
        return (
            f": the best so far lacks {wording.gap_percent(max(0.0, lacks))}, and that none is "
            "near is not proven. More --time-limit may tell"
        )

    def _share_below(self, run: Run) -> float:
        """Share of the best known objective that a plan lacks."""
        best, has = self.runs[0].result.objective or 0, run.result.objective or 0
        return (best - has) / abs(best) if best else 0.0

    @property
    def _held(self) -> Ints:
        return held(self.question, self.quantity)

    @property
    def distances(self) -> npt.NDArray[np.int64]:
        """People, or voters, on different sides in each two plans, shape ``(n_plans, n_plans)``."""
        own = self._held
        plans = [one.plan.assignment for one in self.runs]
        return np.array([[moved(own, one, other) for other in plans] for one in plans], np.int64)

    @property
    def rows(self) -> tuple[Row, ...]:
        """A row a plan: its figures, how far it is from the others, what it does differently."""
        distances = self.distances
        return tuple(
            {
                **row(label, run),
                f"{self.quantity}_moved_from_best": int(distances[place, 0]),
                f"{self.quantity}_moved_from_nearest": min(
                    (int(one) for at, one in enumerate(distances[place]) if at != place),
                    default=None,
                ),
                "below_best_share": self._share_below(run),
                "no_better_than_votes": in_votes(self.bounds[place], self.question.scale),
                "quality": self._quality(place),
                "differs": self.differences(run),
            }
            for place, (label, run) in enumerate(zip(self.labels, self.runs, strict=True))
        )

    def _quality(self, place: int) -> str:
        """Say what is proven of a plan: of the first of all plans, of another of those apart."""
        objective, bound = self.runs[place].result.objective or 0, self.bounds[place]
        best = "best possible" if not place else "best that is apart from the plans before it"
        if bound <= objective:
            return f"The {best}, proven"
        gap = wording.gap_percent((bound - objective) / abs(objective)) if objective else "reach"
        return f"Within {gap} of the {best}"

    def differences(self, run: Run) -> str:
        """Say in words which places a plan gives to another nation than the best one."""
        return " ".join(_moves(self.question, self.runs[0].plan.assignment, run.plan.assignment))

    @property
    def table(self) -> pd.DataFrame:
        """The rows as a table of pandas, indexed by what the plans are called."""
        import pandas as pd

        return pd.DataFrame(self.rows).set_index("label")

    def map(self) -> folium.Map:
        """Draw all plans on one page: side by side, as small maps, and as points of a chart.

        Returns
        -------
        folium.Map
            A notebook shows it; :func:`maps.save` writes it to one file.
        """
        import maps
        from partition.pages.drawing import draw_run
        from partition.studies.comparing.comparison_page import explored_plans

        if len(self.runs) == 1:
            return draw_run(self.runs[0], note=self.verdict)
        named = dict(zip(self.labels, self.runs, strict=True))
        explored = explored_plans(named, self.rows, note=self.verdict)
        plans = tuple(
            replace(
                one,
                title=f"{label[:1].upper()}{label[1:]}",
                about=self._title(run),
                status=self._quality(place),
            )
            for place, (one, (label, run)) in enumerate(
                zip(explored.plans, named.items(), strict=True)
            )
        )
        page = replace(
            explored,
            title=f"{self.question.scenario.title}: other lines as good",
            subtitle=self.verdict,
            plans=plans,
        )
        return maps.explore(self.question.units, page, self.question.election)

    def _title(self, run: Run) -> str:
        if run is self.runs[0]:
            return "The best plan known."
        return self.differences(run)

    def write(self, folder: str | Path) -> tuple[Path, ...]:
        """Write ``alternatives.csv``, ``.json``, ``.md`` and ``.html``; without polygons no page.

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
            "alternatives.csv": lambda: csv_rows(self.rows),
            self.document: lambda: json_text(self.to_dict()),
            "alternatives.md": self.markdown,
        }
        if self.question.units.has_polygons:
            contents["alternatives.html"] = lambda: page_bytes(self.map())
        return write_files(Path(folder), contents, [one.scenario for one in self.runs])

    def to_dict(self) -> dict[str, Any]:
        """State everything as plain values, ready for JSON."""
        return {
            "study_sha256": self.identity,
            "scenario": self.question.scenario.to_table(),
            "within_share": self.within,
            "apart": self.apart,
            "apart_in": self.quantity,
            "threshold_votes": in_votes(self.threshold, self.question.scale),
            "ending": self.ending.name,
            "verdict": self.verdict,
            "missing": self.missing or None,
            "distances": self.distances.tolist(),
            "plans": list(self.rows),
        }

    @property
    def _columns(self) -> tuple[Column, ...]:
        columns: tuple[Column, ...] = (
            ("Plan", text("label")),
            ("Self-determined", share("self_determined_share", 2)),
            ("Below the best", share("below_best_share", 3)),
            (f"{self.quantity.capitalize()} moved", number(f"{self.quantity}_moved_from_best")),
            ("Frontier (km)", number("border_km")),
            ("What it does differently", text("differs")),
        )
        return known(columns, self.rows)

    def markdown(self) -> str:
        """Write the plans as a page to read."""
        title = f"# {markdown_text(self.question.scenario.title)}: other lines as good\n\n"
        return f"{title}{markdown_text(self.verdict)}\n\n" + markdown_rows(self._columns, self.rows)

    def __repr__(self) -> str:
        return f"<Alternatives to {self.question.scenario.name}: {self.verdict}>"

    def __rich__(self) -> RenderableType:
        from rich.console import Group
        from rich.table import Table
        from rich.text import Text

        table = Table()
        table.add_column("Plan")
        for title in ("Self-det.", "Below best", f"{self.quantity.capitalize()} moved"):
            table.add_column(title, justify="right", min_width=max(map(len, title.split())))
        table.add_column("What it does differently", ratio=1)
        for place, one in enumerate(self.rows):
            table.add_row(
                str(place) if place else "best",
                wording.percent(one["self_determined_share"], 2),
                wording.percent(one["below_best_share"], 3),
                f"{one[f'{self.quantity}_moved_from_best']:,}",
                Text(one["differs"]),
            )
        return Group(table, Text(self.verdict))


def held(question: Question, quantity: str) -> Ints:
    """Count the people, or the voters, of each unit as constraints do, shape ``(n_units,)``."""
    return amounts(question.units, QUANTITY[quantity], question.election, f"apart.{quantity}")


def _moves(question: Question, best: Assignment, plan: Assignment) -> Iterator[str]:
    """Say who joins which nation, where a plan differs from the best one."""
    units, people = question.units, question.units.attributes.get("population")
    weight = units.votes[question.election].sum(axis=1) if people is None else people
    for part, colour in ((BLUE, "blue"), (RED, "red")):
        rows = np.flatnonzero((plan == part) & (best != part))
        if not len(rows):
            continue
        order = rows[np.argsort(-weight[rows], kind="stable")]
        nation = question.ballot.nation(colour)
        amount = f"{round(float(weight[rows].sum())):,} {'voters' if people is None else 'people'}"
        yield f"To the {nation} nation: {name_first(units, order)}, {amount}."
