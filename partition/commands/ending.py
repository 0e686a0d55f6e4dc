"""The end of a search on the command line: its run is written, and shown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from partition.commands.console import NO_POLYGONS, complain, output, print_json, say
from partition.errors import IncompleteError, InputError, WriteError

if TYPE_CHECKING:
    from rich.console import Console

    from partition.runs.run import Run


def tell(console: Console, text: str) -> None:
    """Print a line as it is."""
    console.print(text, markup=False, highlight=False, soft_wrap=True)


def write(run: Run, folder: Path, *, force: bool) -> IncompleteError | None:
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


def show_run(
    run: Run,
    folder: Path,
    log: Console,
    lost: IncompleteError | None,
    told: dict[str, Any],
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
        print_json({**describe(run, folder), "files": paths, **told, **ending})
    if quiet:
        if not as_json:
            say(folder)
        return
    console = log if as_json else Console()
    console.print(run)
    for path in paths:
        # Paths are printed as they are: wrapped or marked up, nobody could copy them.
        console.print(f"wrote {path}", markup=False, highlight=False, soft_wrap=True)
    if not run.dataset.units.has_polygons:
        console.print(NO_POLYGONS, soft_wrap=True)


def show_answer(
    run: Run,
    folder: Path,
    log: Console,
    told: dict[str, Any],
    *,
    quiet: bool,
    as_json: bool,
) -> None:
    """Print what has been found before, and how to search all the same."""
    from rich.console import Console

    from partition.runs.reading import read_document

    with output():
        if as_json:
            files = [str(file) for file in sorted(folder.iterdir())]
            print_json({**read_document(folder), "files": files, **told})
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


def complain_of(lost: Sequence[IncompleteError | None]) -> None:
    """Say at the end which files could not be written, if there are any."""
    losses = [str(one) for one in lost if one is not None]
    for one in losses:
        complain(one)
    if losses:
        raise typer.Exit(IncompleteError.exit_code)
