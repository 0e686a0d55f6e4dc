"""The command line; its commands are in :mod:`partition.commands`.

Exit codes: 0 solved, 1 nothing found or not confirmed, 2 bad input or usage or nowhere to write,
3 infeasible, 130 interrupted with nothing found. Results go to standard output, everything else to
standard error. Commands import what they need when they run, so that ``--help`` is instant.
"""

from __future__ import annotations

import errno
import os
import sys
from typing import Annotated, Any, NoReturn

import typer

import partition
from partition.commands.compare import compare
from partition.commands.console import print_json
from partition.commands.export import export
from partition.commands.fetch import fetch
from partition.commands.help_page import SectionedCommand
from partition.commands.inspect import inspect
from partition.commands.listing import data, scenarios
from partition.commands.measure import measure
from partition.commands.robust import robust
from partition.commands.solve import solve
from partition.commands.sweep import sweep
from partition.commands.verify import verify
from partition.errors import PartitionError

# Typer may bring its own copy of Click: this is the base of its usage errors in either case.
_UsageError: Any = typer.BadParameter.__mro__[1]

_DISK_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO}

app = typer.Typer(add_completion=False, rich_markup_mode=None)


def main() -> NoReturn:
    """Run the command line and exit with its code."""
    wants_json = "--json" in sys.argv[1:]
    try:
        code = app(prog_name="partition", standalone_mode=False) or 0
    except PartitionError as error:
        code = _fail(str(error), error.exit_code, wants_json=wants_json)
    except _UsageError as error:
        code = _fail(error.format_message(), 2, wants_json=wants_json)
    except (KeyboardInterrupt, typer.Abort):
        code = _fail("Interrupted.", 130, wants_json=wants_json)
    except BrokenPipeError:
        # Whoever read the output has gone; the interpreter must not try to flush to them.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except OSError as error:
        if error.errno not in _DISK_ERRORS:
            raise
        code = _fail(f"The disk is full or failing: {error}.", 2, wants_json=wants_json)
    sys.exit(code)


def _fail(message: str, code: int, *, wants_json: bool) -> int:
    # File names can hold anything: line breaks, or codes that a terminal obeys.
    one_line = "".join(one if one.isprintable() else "?" for one in " ".join(message.split()))
    sys.stderr.write(f"partition: {one_line}\n")
    if wants_json:
        print_json({"error": one_line, "exit_code": code})
    return code


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"partition (two-nations) {partition.__version__}")
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


for _command in (solve, inspect, measure):
    app.command(cls=SectionedCommand)(_command)
for _command in (compare, sweep, robust, export, fetch, verify, scenarios, data):
    app.command()(_command)


if __name__ == "__main__":
    main()
