"""Run the examples of one page: steps as JSON on standard input, what is wrong as JSON back.

One process for a page, so that libraries are loaded once, and its folder is the current one.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import json
import re
import shlex
import subprocess
import sys
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
CHECKER = doctest.OutputChecker()


def commands(text: str) -> Iterator[tuple[str, str]]:
    """Divide a transcript into commands and what each of them prints."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        lines = part.split("\n")
        length = next(i for i, line in enumerate(lines) if not line.endswith("\\"))
        command = " ".join(line.removesuffix("\\") for line in lines[: length + 1])
        yield command, "\n".join(lines[length + 1 :])


def run_command(line: str) -> str:
    """Run one command as a terminal shows it, with its exit code where that is not 0."""
    words = shlex.split(line, comments=True)
    if words[0] != "partition":
        if words[0] == "python":
            words[0] = sys.executable
        done = subprocess.run(
            words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        return _with_code(done.stdout, done.returncode)
    from partition.cli import main

    printed, given = io.StringIO(), sys.argv
    sys.argv = words
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            main()
    except SystemExit as end:
        return _with_code(printed.getvalue(), int(end.code or 0))
    finally:
        sys.argv = given
    return printed.getvalue()


def _with_code(printed: str, code: int) -> str:
    return f"{printed.rstrip()}\n[exit code {code}]\n" if code else printed


def differs(want: str, got: str) -> bool:
    r"""Tell whether a command printed something else than the page says.

    ``...`` stands for anything, whole lines among them, and space of any length for space.

    Examples
    --------
    >>> differs("...\nThe end: ... s\n", "The end: 3 s"), differs("", "The end")
    (False, True)
    """
    parts = [r"\s+".join(map(re.escape, part.split())) for part in want.split("...")]
    return re.fullmatch(r"\s*" + r"\s*.*?\s*".join(parts) + r"\s*", got, re.DOTALL) is None


def run_console(text: str) -> Iterator[str]:
    """Run a transcript; yields what is not as it says."""
    for command, want in commands(text):
        got = run_command(command)
        if differs(want, got):
            yield f"$ {command}\nprinted\n{got}\nand the page says\n{want}"


def run_python(text: str, names: dict[str, Any]) -> Iterator[str]:
    """Run a session, or a program; yields what is not as it says."""
    if ">>> " not in text:
        exec(compile(text, "<example>", "exec"), names)
        return
    test = doctest.DocTestParser().get_doctest(text, names, "example", None, 0)
    test.globs = names
    said: list[str] = []
    doctest.DocTestRunner(CHECKER, verbose=False, optionflags=OPTIONS).run(
        test, out=said.append, clear_globs=False
    )
    yield from said


def main() -> None:
    """Run all steps."""
    names: dict[str, Any] = {"__name__": "example"}
    faults = []
    for number, step in enumerate(json.load(sys.stdin)):
        try:
            if step["kind"] == "file":
                Path(step["name"]).write_text(step["text"], encoding="utf-8")
                found: list[str] = []
            elif step["kind"] == "console":
                found = list(run_console(step["text"]))
            else:
                with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
                    warnings.simplefilter("error")
                    found = list(run_python(step["text"], names))
        except Exception:
            found = [traceback.format_exc()]
        faults += [{"step": number, "what": one} for one in found]
    sys.stdout.write(json.dumps(faults))


if __name__ == "__main__":
    main()
