"""A run: a question and its answer, which can be drawn, written, exported and verified."""

# ruff: noqa: PLC0415 - drawing, writing and verifying load what they need when they are asked for.
from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from partition.answer import Report, wording
from partition.answer.stability import GroupsFound
from partition.answer.steps import StepTaken
from partition.errors import InternalError
from partition.land.dataset import Dataset
from partition.question.question import Question
from partition.scenario import Scenario, Sides
from shapefiles.errors import shown
from solvers.plan import Plan
from solvers.result import Result, Status

if TYPE_CHECKING:
    import folium
    import geopandas as gpd
    from matplotlib.figure import Figure
    from rich.console import RenderableType

    from maps.shading import View
    from maps.static import Size, Theme
    from partition.verify import Verdict


@dataclass(frozen=True, slots=True, repr=False)
class Run:
    """A question and its answer.

    :func:`partition.solve` makes a run by a search, :meth:`measured` from a plan that is there
    already, and :func:`partition.read` from the folder of a finished one.

    Parameters
    ----------
    question
        What was asked, and of which land.
    result
        The plan, how it was found, and what is proven of it.
    report
        Every metric of the plan.
    folder
        Where the run was read from; None where it was not.
    start
        Where the plan is from that the search began with: the folder of another run, or what it is
        called; empty where it began with none.
    steps
        What each goal of a chain has come to, up to this one; empty where it is no step of one.
    taught_by
        Where inequalities are from that the search began with; empty where none of them held.
    stability
        Who would want to switch to the other nation; None where nobody has asked.
    """

    question: Question
    result: Result
    report: Report
    folder: Path | None = None
    start: str = ""
    steps: tuple[StepTaken, ...] = ()
    taught_by: tuple[str, ...] = ()
    stability: GroupsFound | None = None

    @classmethod
    def measured(cls, question: Question, plan: Plan) -> Self:
        """Measure a plan that no search has found; nothing is proven of it.

        Parameters
        ----------
        question
            What the plan is held against.
        plan
            A plan of the units of the question, which may break its constraints
            (:attr:`broken_constraint`).

        Raises
        ------
        ScenarioError
            When the data lack what the scenario needs, or its constraints contradict each other.
        ValueError
            When the plan is of other units.
        """
        objective = question.objective(plan)  # first, as it says what the data lack
        report = question.measure(plan)
        result = Result(
            plan=plan,
            status=Status.MEASURED,
            objective=objective,
            bound=None,
            runtime=0.0,
            seed=question.scenario.limits.seed,
        )
        return cls(question, result, report)

    def __post_init__(self) -> None:
        if self.result.plan is None:
            raise InternalError(f"A run without a plan: {self.result.status}.")
        if self.stability is not None and self.stability.plan != self.plan:
            raise InternalError("Who would switch was asked of another plan than that of the run.")

    def __repr__(self) -> str:
        quality = self.verdict if self.is_measured else wording.quality(self.result)
        return (
            f"<Run {shown(self.scenario.name, 200)} on {self.question.election}: "
            f"{wording.headline(self.report)}. {quality}>"
        )

    @property
    def scenario(self) -> Scenario:
        """What was asked."""
        return self.question.scenario

    @property
    def dataset(self) -> Dataset:
        """The land it was asked of."""
        return self.question.dataset

    @property
    def plan(self) -> Plan:
        """The plan, in the row order of the units."""
        if self.result.plan is None:
            raise InternalError(f"A run without a plan: {self.result.status}.")
        return self.result.plan

    @property
    def is_measured(self) -> bool:
        """Whether the plan was given, and no search has found it."""
        return self.result.status is Status.MEASURED

    @property
    def broken_constraint(self) -> str | None:
        """The first constraint of the scenario that the plan breaks; None where it meets all."""
        return self.question.broken_constraint(self.plan)

    @property
    def verdict(self) -> str:
        """Whether the plan is one that the scenario allows, in a sentence."""
        broken = self.broken_constraint
        if broken is None:
            return f"It meets every constraint of {self.scenario.name}."
        return f"It breaks a constraint of {self.scenario.name}: {broken}."

    @property
    def units(self) -> gpd.GeoDataFrame:
        """The units, a row each in their order, indexed by id.

        Columns: ``id``, ``name``, ``state``; ``nation``, blue or red; ``blue_votes``,
        ``red_votes`` and their sum ``votes``; ``margin``, blue votes minus red ones as a share of
        it; ``stranded``, votes for the other nation than that of the unit; ``agreement``, the share
        of the others (shares of nothing are missing); and the polygons, in the equal-area system
        in which they are measured, or missing where only a graph is known.
        """
        from partition.pages.frames import units_frame

        return units_frame(self)

    @property
    def nations(self) -> gpd.GeoDataFrame:
        """The blue and the red nation, a row each, with dissolved polygons.

        Columns: ``nation``, and every figure that ``report.json`` has of it, under the same name:
        ``units``, ``pieces``, ``voters``, ``stranded_voters``, ``people``, ``land_km2``...
        """
        from partition.pages.frames import nations_frame

        return nations_frame(self)

    @property
    def frontier(self) -> gpd.GeoDataFrame:
        """The line between the nations, a row for two adjacent units that it divides.

        Columns: ``blue_unit`` and ``red_unit``, their ids; ``kind`` of the edge between them;
        ``km``, the length of their border, 0 over water; and the line itself, empty over water. The
        rows are the cut edges of the report, and their ``km`` add up to its ``border_km``; the
        lines of the embedded data are simplified, and somewhat shorter.
        """
        from partition.pages.frames import frontier_frame

        return frontier_frame(self)

    def map(self, tiles: Any = None) -> folium.Map:
        """Draw the plan as a page that can be explored.

        Parameters
        ----------
        tiles
            A background under the units, such as ``"Esri WorldGrayCanvas"`` or a
            :class:`folium.TileLayer`; none unless asked for. With one the page is no longer
            self-contained: whoever opens it asks that server for pictures of the place they look
            at, and so tells it what that is.

        Returns
        -------
        folium.Map
            A notebook shows it; :func:`maps.save` writes it to one file.

        Raises
        ------
        InputError
            When the units have no polygons, or the background is not known or needs a key.
        """
        from partition.pages.drawing import draw_run

        return draw_run(self, tiles=tiles)

    def plot(
        self, *, size: Size = "slide", view: View = "agreement", theme: Theme = "light"
    ) -> Figure:
        """Draw the plan as a picture.

        Parameters
        ----------
        size, view, theme
            How it looks; see :func:`maps.draw_static`.

        Returns
        -------
        matplotlib.figure.Figure
            A notebook shows it; :func:`maps.save_static` writes it to a file.

        Raises
        ------
        InputError
            When the units have no polygons, or there is no such size, view or theme.
        """
        from partition.pages.drawing import plot_run

        return plot_run(self, size=size, view=view, theme=theme)

    def write(self, folder: str | Path | None = None, *, force: bool = False) -> Path:
        """Write the run bundle; :mod:`partition.runs.bundle` lists its files.

        Parameters
        ----------
        folder
            Folder to write to; ``runs/<scenario>-<election>`` unless given.
        force
            Whether to replace a run that is there already.

        Returns
        -------
        Path
            The folder written.

        Raises
        ------
        BundleError
            When the folder holds something, or cannot be written to.
        InputError
            When the plan was given and breaks a constraint of the scenario.
        """
        from partition.runs.bundle import write_bundle

        target = default_folder(self.scenario) if folder is None else Path(folder)
        write_bundle(self, target, force=force)
        return target

    def export(
        self,
        path: str | Path,
        *,
        size: Size = "slide",
        view: View = "agreement",
        theme: Theme = "light",
        districts: bool = False,
        tiles: Any = None,
    ) -> Path:
        """Write the run in the format that the suffix of a file names.

        Parameters
        ----------
        path, size, view, theme, districts, tiles
            As for :func:`partition.runs.exporting.export`.

        Returns
        -------
        Path
            The file.
        """
        from partition.runs.exporting import export

        return export(
            self, path, size=size, view=view, theme=theme, districts=districts, tiles=tiles
        )

    def verify(self) -> Verdict:
        """Recount the run and check its certificate, by code that shares nothing with the search.

        The files in :attr:`folder` are checked; of a run that was not read from any, those that
        :meth:`write` would write.

        Raises
        ------
        CertificateError
            When something that the run says is not what is counted.
        """
        from partition.verify import verify

        if self.folder is not None:
            return verify(self.folder, *self.dataset.held)
        with tempfile.TemporaryDirectory(prefix="partition-") as place:
            return verify(self.write(Path(place) / "run"), *self.dataset.held)

    def to_dict(self) -> dict[str, Any]:
        """State the run as the plain values of ``run.json``."""
        from partition.runs.bundle import describe

        return describe(self, self.folder)

    def shown_as(self, sides: Sides | Mapping[str, Any] | None) -> Self:
        """Call and colour the sides otherwise: the question and its answer stay the same.

        Parameters
        ----------
        sides
            As for :meth:`partition.scenario.Scenario.override`; as they are where it is None.
        """
        scenario = self.scenario.override(sides=sides)
        return self.answering(self.question.asking(scenario))

    def answering(self, question: Question) -> Self:
        """Give the same answer to a question that asks the same in other words."""
        report = replace(self.report, ballot=question.ballot)
        return replace(self, question=question, report=report)

    def _repr_mimebundle_(
        self, include: Sequence[str] | None = None, exclude: Sequence[str] | None = None, **_: Any
    ) -> dict[str, str]:
        from partition.pages.notebook import bundle

        return bundle(self, include or (), exclude or ())

    def __rich__(self) -> RenderableType:
        from partition.pages.display import measured_table, nations_table

        return measured_table(self) if self.is_measured else nations_table(self)


def default_folder(scenario: Scenario) -> Path:
    """Name the folder a run is written to unless another one is given."""
    return Path("runs") / scenario.slug
