"""What all commands on many runs do: read their scenarios, watch, write and show the study."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import typer

from partition.commands.console import NO_POLYGONS, complain, output, print_json
from partition.errors import (
    IncompleteError,
    IncompleteRunWarning,
    IncompleteStudyWarning,
    InterruptedSearchError,
    PartitionError,
    WriteError,
)

if TYPE_CHECKING:
    from rich.console import RenderableType

    from partition.commands.study_options import StudyOptions
    from partition.scenario import Scenario


def load(scenario: str, given: StudyOptions, sides: Any) -> Scenario:
    """Load a scenario with what the command line sets in it.

    Parameters
    ----------
    scenario
        A shipped one's name, or the path of a TOML file.
    given
        What is asked of the study.
    sides
        What the sides are called and coloured, where that is given.

    Raises
    ------
    ScenarioError
        When the scenario, a key or a value is wrong.
    """
    from partition.scenario import Scenario

    return Scenario.load(scenario).varied(given.set_values).override(sides=sides)


class Study(Protocol):
    """What a study is to a command."""

    @property
    def document(self) -> str:
        """Name of its file that says what it asks."""

    @property
    def missing(self) -> str:
        """Which plans it lacks, in words."""

    @property
    def slug(self) -> str:
        """Name of the folder that it is written to unless another one is given."""

    @property
    def identity(self) -> str:
        """Hash of all that is asked."""

    def write(self, folder: str | Path) -> tuple[Path, ...]:
        """Write its files."""

    def to_dict(self) -> dict[str, Any]:
        """State it as plain values."""

    def __rich__(self) -> RenderableType:
        """Show it on a terminal."""


@contextmanager
def study_under_way(runs: Path, out: Path | None) -> Iterator[list[str]]:
    """Say, when a study is interrupted, that it can go on; what it lacks is said at its end.

    Parameters
    ----------
    runs
        Where its runs go.
    out
        Where it goes itself, where that is given.

    Yields
    ------
    list of str
        Gathers, while the study is under way, which files its runs lack.

    Raises
    ------
    InputError
        When its folder is that of a run, which is said before anything is searched.
    InterruptedSearchError
        When it is interrupted.
    """
    from partition.runs.spared import refuse_run
    from partition.studies.running.stopping import ctrl_c_ends_the_runs

    if out is not None:
        refuse_run(out)
    notes: list[str] = []
    try:
        with warnings.catch_warnings():
            show = warnings.showwarning

            def gather(message: Any, category: Any, *rest: Any, **options: Any) -> None:
                if issubclass(category, IncompleteRunWarning):
                    notes.append(str(message))
                else:
                    show(message, category, *rest, **options)

            warnings.showwarning = gather
            warnings.simplefilter("ignore", IncompleteStudyWarning)
            warnings.simplefilter("always", IncompleteRunWarning)
            with ctrl_c_ends_the_runs(runs):
                yield notes
    except KeyboardInterrupt:
        raise InterruptedSearchError(
            f"Interrupted. Finished runs, and the best plan of each that was under way, are in "
            f"{runs}; the same command goes on from there."
        ) from None


def write_study(study: Study, out: Path | None, notes: list[str]) -> tuple[Path, ...]:
    """Write the files of a study, and note which of them could not be written.

    They go beside another study that is there already, or files of somebody that are called the
    same, never in their place.

    Raises
    ------
    WriteError
        When the folder cannot be written to.
    PartitionError
        When plans are missing besides.
    """
    from partition.studies.running.places import free_place

    folder = free_place(out or Path("studies") / study.slug, study.identity, study.document)
    try:
        return study.write(folder)
    except IncompleteError as error:
        notes.append(str(error))
        return error.written
    except WriteError as error:
        if not study.missing:
            raise
        raise PartitionError(f"{error} {study.missing}") from None


def show_study(
    study: Study, files: tuple[Path, ...], notes: list[str], *, quiet: bool, as_json: bool
) -> None:
    """Print a study: its files, a table, or one JSON document.

    Raises
    ------
    typer.Exit
        With code 1 where plans or files are missing, which standard error is told.
    """
    from rich.console import Console

    if as_json:
        print_json({**study.to_dict(), "files": [str(file) for file in files]})
    else:
        console = Console()
        with output():
            if not quiet:
                console.print(study)
            for file in files:
                console.print(
                    file if quiet else f"wrote {file}",
                    markup=False,
                    highlight=False,
                    soft_wrap=True,
                )
            if not quiet and not notes and not any(file.suffix == ".html" for file in files):
                console.print(NO_POLYGONS, soft_wrap=True)
    lacking = [*notes, *([study.missing] if study.missing else [])]
    for one in lacking:
        complain(one)
    if lacking:
        raise typer.Exit(1)
