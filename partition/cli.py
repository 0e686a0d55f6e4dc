"""The command line; its commands are in :mod:`partition.commands`.

Exit codes: 0 solved, 1 something missing, nothing found or not confirmed, 2 bad input or usage or
nowhere to write, 3 infeasible, 130 interrupted with nothing found. Results go to standard output,
everything else to standard error. Commands import what they need when they run, so that ``--help``
is instant.
"""

from __future__ import annotations

import errno
import sys
from contextlib import suppress
from typing import Annotated, Any, NoReturn

import typer

from partition.commands.alternatives import alternatives
from partition.commands.cascade import cascade
from partition.commands.compare import compare
from partition.commands.console import complain, end_output, prepare_streams, print_json, say
from partition.commands.export import export
from partition.commands.fetch import fetch
from partition.commands.help_page import Overview, SectionedCommand
from partition.commands.inspect import inspect
from partition.commands.listing import data, scenarios
from partition.commands.measure import measure
from partition.commands.robust import robust
from partition.commands.solve import solve
from partition.commands.stable import stable
from partition.commands.sweep import sweep
from partition.commands.swing import swing
from partition.commands.verify import verify
from partition.errors import InternalError, OutputError, PartitionError
from partition.version import installed_version
from solvers.errors import InternalError as SolverError

# Typer may bring its own copy of Click: this is the base of its usage errors in either case.
_UsageError: Any = typer.BadParameter.__mro__[1]

_DISK_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO}

app = typer.Typer(
    cls=Overview,
    rich_markup_mode=None,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "max_content_width": 1000,  # as wide as the terminal
    },
)


def main() -> NoReturn:
    """Run the command line and exit with its code."""
    wants_json = "--json" in sys.argv[1:]
    prepare_streams()
    try:
        code = app(prog_name="partition", standalone_mode=False) or 0
    except (InternalError, SolverError) as error:
        said = f"Internal error, please report it with the command: {error}"
        code = _fail(said, 1, wants_json=wants_json)
    except PartitionError as error:
        code = _fail(str(error), error.exit_code, wants_json=wants_json)
    except _UsageError as error:
        code = _fail(error.format_message(), 2, wants_json=wants_json)
    except (KeyboardInterrupt, typer.Abort):
        code = _fail("Interrupted.", 130, wants_json=wants_json)
    except BrokenPipeError:
        code = 1  # whoever read the output has gone
    except OSError as error:
        if error.errno not in _DISK_ERRORS:
            raise
        code = _fail(f"The disk is full or failing: {error}.", 2, wants_json=wants_json)
    sys.exit(code if end_output() else code or 1)


def _fail(message: str, code: int, *, wants_json: bool) -> int:
    line = complain(message)
    if wants_json:
        with suppress(OutputError):  # it has been said on standard error
            print_json({"error": line, "exit_code": code})
    return code


def _show_version(value: bool) -> None:
    if value:
        say(f"partition (two-nations) {installed_version()}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _partition(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Divide a country between two political camps, provably well, and draw the map."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(2)


for _command in (
    solve,
    inspect,
    measure,
    compare,
    sweep,
    robust,
    stable,
    cascade,
    swing,
    alternatives,
    export,
    fetch,
    verify,
    scenarios,
    data,
):
    app.command(cls=SectionedCommand)(_command)
