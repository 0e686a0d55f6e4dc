"""Plans side by side: one table, one page with all of them, and how each of them ages."""

# ruff: noqa: PLC0415 - drawing libraries take a second to load; a table needs none of them.
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from partition.answer import wording
from partition.answer.steps import price_text, prices
from partition.land.ballot import Ballot
from partition.runs.run import Run
from partition.studies.distinctions import distinctions, short_keys
from partition.studies.running.missing import Failure, count_missing, what_is_missing
from partition.studies.running.places import COMPARISON
from partition.studies.swings.ageing import AGEING, Regret, ageing_table
from partition.studies.swings.swings import Swings
from partition.studies.table import (
    STEP_COLUMNS,
    Column,
    Row,
    csv_rows,
    head,
    known,
    markdown_rows,
    missing_rows,
    narrow_columns,
    narrow_sides_columns,
    number,
    page_bytes,
    plan_columns,
    row,
    share,
    sides_columns,
    step_row,
    text,
    typed,
    write_files,
)
from shapefiles.errors import shown
from shapefiles.table_writing import json_text, markdown_text

if TYPE_CHECKING:
    import folium
    import pandas as pd
    from rich.console import RenderableType


LABEL = ("Plan", text("label"))


@dataclass(frozen=True, slots=True, repr=False)
class Comparison:
    """Several plans of the same land.

    Parameters
    ----------
    runs
        The runs, by label.
    folders
        Folders of their bundles.
    failures
        Runs that ended without a plan.
    regrets
        What each plan gives up under each other election of its scenario.
    identity
        Hash of all that is asked, by which a study is told from another one in its place.
    slug
        Name of the folder that a command writes it to unless another one is given: all that is
        asked, with a plan or without.
    """

    document: ClassVar[str] = COMPARISON

    runs: Mapping[str, Run]
    folders: Mapping[str, Path]
    failures: tuple[Failure, ...]
    regrets: tuple[Regret, ...]
    identity: str = ""
    slug: str = "compare"

    @property
    def outcomes(self) -> Mapping[str, Run]:
        """The runs, by the name that they had before."""
        return self.runs

    @property
    def ballot(self) -> Ballot:
        """What the sides are called and coloured: as in the first plan."""
        return next(iter(self.runs.values())).report.ballot

    @property
    def missing(self) -> str:
        """Which plans the comparison lacks, and why, in words; empty where it has them all."""
        return what_is_missing(self.failures, len(self.runs) + len(self.failures))

    @property
    def rows(self) -> tuple[Row, ...]:
        """What was asked, and exact figures, a row a plan.

        The first columns say what tells the questions apart, by the keys of their scenarios.
        """
        told = distinctions([one.scenario for one in self.runs.values()])
        are_told = any(one.steps for one in self.runs.values())
        return tuple(
            {**head(label, one), **keys, **row(label, one), **(step_row(one) if are_told else {})}
            for (label, one), keys in zip(self.runs.items(), told, strict=True)
        )

    def _asked(self) -> tuple[Column, ...]:
        """Columns that say what tells the questions apart, as a person types it."""
        names = distinctions([one.scenario for one in self.runs.values()])[0]
        keys = tuple((short, typed(name)) for name, short in short_keys(tuple(names)).items())
        shared = [
            ("Election", text("election")),
            ("Seconds", number("time_limit_seconds")),
            ("Gap", share("asked_gap", 3)),
            ("Seed", text("seed")),
        ]
        return (
            *keys,
            *shared,
            ("Begun with", typed("start")),
            ("Inequalities of", typed("inequalities_from")),
            ("Run", text("folder")),
        )

    @property
    def table(self) -> pd.DataFrame:
        """The rows as a table of pandas, indexed by label."""
        import pandas as pd

        return pd.DataFrame(self.rows).set_index("label")

    def map(self) -> folium.Map:
        """Draw all plans on one page, any two of them beside each other.

        Returns
        -------
        folium.Map
            A notebook shows it; :func:`maps.save` writes it to one file.
        """
        import maps
        from partition.pages.drawing import draw_run
        from partition.studies.comparing.comparison_page import explored_plans
        from partition.studies.facts import ORIGIN

        first = next(iter(self.runs.values()))
        if len(self.runs) == 1:
            return draw_run(first, note=self.missing)
        asked = (*self._asked()[: -len(ORIGIN)], *ORIGIN)
        explored = explored_plans(self.runs, self.rows, asked, self.missing)
        return maps.explore(first.question.units, explored, first.scenario.election)

    def explorer(self) -> folium.Map | None:
        """Draw the plans of one scenario for several elections on the page of a study of swings.

        Returns
        -------
        folium.Map or None
            None where there is anything else than one plan an election.
        """
        aged = self._aged
        return None if aged is None or not self._has_polygons else aged.map()

    @property
    def _aged(self) -> Swings | None:
        """The plans as a study from election to election, where they are one."""
        return Swings.of_elections(self.runs, self.failures, self.identity)

    @property
    def _has_polygons(self) -> bool:
        return next(iter(self.runs.values())).question.units.has_polygons

    def write(self, folder: str | Path) -> tuple[Path, ...]:
        """Write ``comparison.csv``, ``.json``, ``.md`` and ``.html``.

        Of one scenario and several elections ``elections.html`` as well, with a slider of these.
        Units without polygons have no page.

        Parameters
        ----------
        folder
            Folder to write to; files of these names are replaced.

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
            "comparison.csv": lambda: csv_rows(self.rows + missing_rows(self.rows, self.failures)),
            self.document: lambda: json_text(self.to_dict()),
            "comparison.md": self.markdown,
        }
        if self._has_polygons:
            contents["comparison.html"] = lambda: page_bytes(self.map())
        if self._has_polygons and self._aged is not None:
            contents["elections.html"] = lambda: page_bytes(self.explorer())
        return write_files(Path(folder), contents, [one.scenario for one in self.runs.values()])

    def to_dict(self) -> dict[str, Any]:
        """State everything but the plans as plain values, ready for JSON."""
        return {
            "study_sha256": self.identity,
            "plans": [
                one | {"bundle": str(self.folders[label])} | _bought(self.runs[label])
                for label, one in zip(self.runs, self.rows, strict=True)
            ],
            "failures": [one._asdict() for one in self.failures],
            "missing": self.missing or None,
            "regrets": [one.to_dict() for one in self.regrets],
        }

    def markdown(self) -> str:
        """Write the table, and how the plans age, as a page to read."""
        rows = self.rows
        blocks = ["# Plans compared\n"]
        blocks += [f"**{markdown_text(self.missing)}**\n"] if self.missing else []
        blocks += [markdown_rows((LABEL, *plan_columns(self.ballot, rows)), rows)]
        blocks += ["## What was asked, and where the runs are\n"]
        blocks += [markdown_rows((LABEL, *self._asked()), rows)]
        blocks += ["## Who is on the wrong side, and what becomes of the rest\n"]
        blocks += [markdown_rows((LABEL, *known(sides_columns(self.ballot, rows), rows)), rows)]
        if steps := [one for one in rows if one.get("then")]:
            blocks += ["## What each goal costs\n", f"{THEN}\n"]
            blocks += [markdown_rows((LABEL, *STEP_COLUMNS), steps)]
        blocks += [f"{markdown_text(f'{one.label}: {one.message}')}\n" for one in self.failures]
        if self.regrets:
            elections, lines = ageing_table(self.regrets)
            columns = [(title, text(title)) for title in ("Plan", *elections)]
            blocks += ["## How the plans age\n", f"{AGEING}\n", markdown_rows(columns, lines)]
        return "\n".join(blocks)

    def __repr__(self) -> str:
        best = max(self.rows, key=lambda one: one["self_determined_share"] or 0)
        missing = count_missing(self.failures, len(self.runs) + len(self.failures))
        return (
            f"<Comparison of {len(self.runs)} plans: {shown(best['label'], 200)} has the most "
            f"self-determined voters, {wording.percent(best['self_determined_share'], 2)}"
            f"{missing and '. ' + missing}>"
        )

    def _repr_html_(self) -> str:
        def line(cells: Sequence[str], tag: str) -> str:
            return "<tr>" + "".join(f"<{tag}>{escape(one)}</{tag}>" for one in cells) + "</tr>"

        rows = self.rows
        columns = (
            LABEL,
            *plan_columns(self.ballot, rows),
            *known(sides_columns(self.ballot, rows), rows),
        )
        head = line([title for title, _ in columns], "th")
        body = "".join(line([write(one) for _, write in columns], "td") for one in rows)
        missing = f"<p><strong>{escape(self.missing)}</strong></p>" if self.missing else ""
        return f"{missing}<table><thead>{head}</thead><tbody>{body}</tbody></table>"

    def __rich__(self) -> RenderableType:
        from rich.console import Group
        from rich.table import Table
        from rich.text import Text

        def build(titles: Sequence[str], lines: Sequence[Sequence[str]], caption: str) -> Table:
            table = Table(caption=caption, caption_justify="left")
            # Figures and words of a title stay whole, and a long name of a plan is folded.
            for place, title in enumerate(titles):
                whole = [*title.split(), *(line[place] for line in lines)]
                table.add_column(
                    Text(title),
                    justify="right" if place else "left",
                    min_width=max(map(len, whole)) if place else None,
                    overflow="fold",
                )
            for line in lines:
                table.add_row(*(Text(cell) for cell in line))
            return table

        rows = self.rows
        parts: list[RenderableType] = []
        for narrow in (
            narrow_columns(self.ballot, rows),
            known(narrow_sides_columns(self.ballot, rows), rows),
        ):
            columns = (LABEL, *narrow)
            lines = [[write(one) for _, write in columns] for one in rows]
            parts.append(build([title for title, _ in columns], lines, ""))
        parts += [Text(f"{one['label']}: {_in_words(one, self._asked())}") for one in rows]
        parts += [
            Text(f"{label}: {price_text(prices(one.steps)[-1])}")
            for label, one in self.runs.items()
            if one.steps
        ]
        parts += [Text(f"{one.label}: {one.message}", style="red") for one in self.failures]
        if self.regrets:
            elections, aged = ageing_table(self.regrets)
            cells = [list(line.values()) for line in aged]
            parts.append(build(["Plan", *elections], cells, AGEING))
        return Group(*parts)


def _in_words(one: Row, columns: Sequence[Column]) -> str:
    """Say in a line what was asked and where the run is, without what is not said."""
    # The last three are sentences of their own, so that names in them need no quotation marks.
    asked = [(title, write(one)) for title, write in columns[:-3]]
    words = [f"{title} {value}" for title, value in asked if value != "-"]
    begun = f" Begun with the plan of {one['start']}." if one["start"] else ""
    taught, told = one["inequalities_from"], ""
    if taught:
        told = f" Inequalities of {taught} were checked and used as well."
    return f"{', '.join(words).replace('Election ', '')}. In {one['folder']}.{begun}{told}"


def _bought(run: Run) -> dict[str, Any]:
    """State exactly what a step brings and costs of every goal before it."""
    return {"price": prices(run.steps)[-1].to_dict()} if run.steps else {}


THEN = (
    "One goal after another: each plan is the best in its goal among those that are within a share "
    "of the best in every goal before."
)
