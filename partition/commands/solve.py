"""``partition solve``: find the best plan of a scenario and write it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from partition.commands.console import complain, ctrl_c_ends_the_search, output, print_json, say
from partition.commands.options import (
    AsJson,
    Election,
    Fresh,
    Gap,
    Iterations,
    Quiet,
    ScenarioName,
    Seed,
    Settings,
    TimeLimit,
)
from partition.commands.own_files import takes_files
from partition.commands.side_options import takes_sides
from partition.errors import IncompleteError, InputError, WriteError

if TYPE_CHECKING:
    from rich.console import Console

    from partition.runs.run import Run


@takes_sides
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
        typer.Option(
            help="Folder to write; runs/SCENARIO-ELECTION by default, with a number behind it "
            "where a run that asks something else is there.",
            metavar="DIR",
        ),
    ] = None,
    force: Annotated[
        bool,
        typer.Option("--force", help="Search although the answer is there, and replace it."),
    ] = False,
    fresh: Fresh = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
    sides: Any = None,
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
        from partition.runs.known import KnownPlans
        from partition.runs.run import default_folder
        from partition.runs.solving import solve_question
        from partition.scenario import Overrides, Scenario
        from partition.scenario.settings import read_settings
        from partition.studies.answered import find_place, plans_around
        from partition.studies.jobs import RUNS

        given = Scenario.load(scenario).varied(read_settings(settings or ()))
        overrides = Overrides(election, time_limit, gap, seed, iterations, sides)
        asked = overrides.apply(with_map(given, files))
        target = default_folder(asked) if out is None else out
        check_folder(target, force=True)
        question = Question(asked, Dataset.asked_for(asked.data))
        voters = question.dataset.n_voters(asked.election) if asked.weights.is_plain else None
        begin = None if start is None else read_plan(start, question.units)
        folder, answer = find_place(
            question,
            target,
            is_named=out is not None,
            force=force,
            fresh=fresh or start is not None,
            certified=certificate,
        )
        log = Console(stderr=True)
        for warning in () if quiet else wording.doubts(question.dataset.repairs):
            log.print(warning, markup=False, highlight=False, soft_wrap=True)
        if answer is not None:
            _show_answer(answer, folder, log, quiet=quiet, as_json=as_json)
            return
        plans = KnownPlans() if fresh else plans_around(question, folder.parent, RUNS)
        if begin is not None:
            plans.add(begin, str(start))
        best = plans.best(question)
        if best is not None and not quiet:
            text = f"Begins with the plan of {best.source}."
            log.print(text, markup=False, highlight=False, soft_wrap=True)
        with watching(log, voters, quiet=quiet, scale=question.scale) as watch:
            run = solve_question(
                question,
                start=KnownPlans([] if best is None else [best]),
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


def _show_answer(run: Run, folder: Path, log: Console, *, quiet: bool, as_json: bool) -> None:
    """Print what has been found before, and how to search all the same."""
    from rich.console import Console

    from partition.runs.reading import read_document

    with output():
        if as_json:
            files = [str(file) for file in sorted(folder.iterdir())]
            print_json({**read_document(folder), "files": files})
        if quiet:
            if not as_json:
                say(folder)
            return
        (log if as_json else Console()).print(run)
        log.print(
            f"{folder} has answered this already. To search on from its plan: --force; from "
            "nothing: --fresh.",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )


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
