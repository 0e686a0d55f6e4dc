"""``partition solve``: find the best plan of a scenario and write it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from partition.commands.console import complain, ctrl_c_ends_the_search, output, print_json, say
from partition.commands.options import (
    AsJson,
    Election,
    Gap,
    Iterations,
    Quiet,
    ScenarioName,
    Seed,
    Settings,
    TimeLimit,
)
from partition.commands.own_files import takes_files
from partition.errors import IncompleteError, InputError, WriteError

if TYPE_CHECKING:
    from rich.console import Console

    from partition.runs.run import Run


@takes_files()
def solve(
    scenario: ScenarioName = "counties",
    election: Election = None,
    time_limit: TimeLimit = None,
    gap: Gap = None,
    seed: Seed = None,
    iterations: Iterations = None,
    settings: Settings = None,
    start: Annotated[
        Path | None,
        typer.Option(
            help="Begin with this plan: GEOID,District, or the plan.csv of a run.", metavar="FILE"
        ),
    ] = None,
    certificate: Annotated[
        bool,
        typer.Option(
            "--certificate", help="Write the proof of the bound, for partition verify, as well."
        ),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder to write; runs/SCENARIO-ELECTION by default.", metavar="DIR"),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a run that is there.")] = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
    files: Any = None,
) -> None:
    """Find the best plan of a scenario and write it, its figures and its map to a folder."""
    with ctrl_c_ends_the_search() as is_interrupted:
        from rich.console import Console

        from partition.answer import wording
        from partition.land.dataset import Dataset
        from partition.land.exchange import read_plan
        from partition.land.own_map import with_map
        from partition.pages.display import watching
        from partition.question.question import Question
        from partition.runs.bundle import check_folder
        from partition.runs.run import default_folder
        from partition.runs.solving import solve_question
        from partition.scenario import Overrides, Scenario
        from partition.scenario.settings import read_settings

        given = Scenario.load(scenario).varied(read_settings(settings or ()))
        overrides = Overrides(election, time_limit, gap, seed, iterations)
        asked = overrides.apply(with_map(given, files))
        folder = default_folder(asked) if out is None else out
        check_folder(folder, force=force)
        question = Question(asked, Dataset.asked_for(asked.data))
        voters = question.dataset.n_voters(asked.election) if asked.weights.is_plain else None
        begin = None if start is None else read_plan(start, question.units)
        log = Console(stderr=True)
        for warning in () if quiet else wording.doubts(question.dataset.repairs):
            log.print(warning, markup=False, highlight=False, soft_wrap=True)
        with watching(log, voters, quiet=quiet, scale=question.scale) as watch:
            run = solve_question(
                question,
                start=begin,
                certify=certificate,
                on_progress=watch,
                should_stop=is_interrupted,
            )
        lost = _write(run, folder, force=force)
    with output(f"The run is in {folder}."):
        _show_run(run, folder, log, lost, quiet=quiet, as_json=as_json)
    if lost is not None:
        complain(str(lost))
        raise typer.Exit(lost.exit_code)


def _write(run: Run, folder: Path, *, force: bool) -> IncompleteError | None:
    """Write the bundle; where that fails after all, keep the plan somewhere else.

    What is returned says which files of it are missing, if any are.
    """
    try:
        run.write(folder, force=force)
    except IncompleteError as error:
        return error
    except (OSError, InputError) as error:
        raise _rescued(run, folder, error) from None
    return None


def _rescued(run: Run, folder: Path, error: Exception) -> WriteError:
    """Write the bundle to the folder of temporary files, and say so."""
    import tempfile

    said = f"Could not write {folder}: {str(error).rstrip('.')}"
    try:
        rescue = Path(tempfile.mkdtemp(prefix="partition-")) / "run"
        run.write(rescue)
    except IncompleteError as second:
        return WriteError(f"{said}. {second}")
    except (OSError, InputError) as second:
        return WriteError(f"{said}; nor elsewhere: {second}")
    return WriteError(f"{said}. The run is in {rescue}.")


def _show_run(
    run: Run,
    folder: Path,
    log: Console,
    lost: IncompleteError | None,
    *,
    quiet: bool,
    as_json: bool,
) -> None:
    """Print the outcome: the folder, a table of both nations, or one JSON document."""
    from rich.console import Console

    from partition.runs.bundle import describe, written_files

    written = [folder / name for name in written_files(run)] if lost is None else lost.written
    paths = [str(path) for path in written]
    if as_json:
        ending = {} if lost is None else {"error": str(lost), "exit_code": lost.exit_code}
        print_json({**describe(run, folder), "files": paths, **ending})
    if quiet:
        if not as_json:
            say(folder)
        return
    console = log if as_json else Console()
    console.print(run)
    for path in paths:
        # Paths are printed as they are: wrapped or marked up, nobody could copy them.
        console.print(f"wrote {path}", markup=False, highlight=False, soft_wrap=True)
