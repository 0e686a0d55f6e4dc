"""The help of every command, completion, and the line that a person watches."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

import partition
from partition.cli import app
from partition.commands.examples import EXAMPLES
from partition.pages.display import Watch
from partition.scenario import shipped_names
from solvers.result import COMPILING, Progress
from tests.partition.conftest import Invoke

ROOT = Path(__file__).parents[2]
PROGRAM: Any = typer.main.get_command(app)


@pytest.mark.parametrize("name", sorted(PROGRAM.commands))
@pytest.mark.parametrize("columns", [60, 80, 130])
def test_help_is_as_wide_as_the_terminal_and_no_wider(
    name: str, columns: int, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    code, short, _ = invoke(name, "-h")
    assert code == 0
    assert invoke(name, "--help") == (0, short, "")
    text, _, examples = short.partition("\nExamples:\n")
    assert all(len(line) <= columns for line in text.splitlines() if " " in line.strip())
    assert all(f"  {line}\n      {why}\n" in examples for line, why in EXAMPLES.get(name, ()))
    if columns == 130 and name in {"solve", "sweep"}:
        assert max(map(len, text.splitlines())) > 100


def test_every_example_of_the_help_is_a_command_as_it_can_be_typed() -> None:
    for name, examples in EXAMPLES.items():
        for line, _ in examples:
            program, command, *words = shlex.split(line)
            assert (program, command) == ("partition", name)
            PROGRAM.commands[name].make_context(name, list(words))  # a usage error is raised


@pytest.mark.parametrize(
    "words",
    [
        ["alternatives"],
        ["cascade", "--from", "CA"],
        ["compare"],
        ["robust"],
        ["solve"],
        ["stable"],
        ["sweep", "--weight", "border=0,5"],
        ["swing"],
    ],
    ids=lambda words: words[0],
)
def test_a_value_that_has_an_option_is_refused_where_the_command_has_the_option(
    words: list[str], invoke: Invoke
) -> None:
    options = {flag for one in PROGRAM.commands[words[0]].params for flag in one.opts}
    settings = {"limits.seed": "3", "limits.iterations": "4", "limits.gap": "0.5"}
    for key, value in settings.items():
        # What has no option is allowed, and the next value is refused before anything is solved.
        flag = f"--{key.partition('.')[2]}"
        given = [*words, "--set", f"{key}={value}", "--set", "nothing=1"]
        # The seed of a swing is another one: the number of its first draw.
        is_own = flag in options and [words[0], flag] != ["swing", "--seed"]
        code, _, stderr = invoke(*given)
        said = f"{key} has an option of its own, {flag}." if is_own else "nothing"
        assert (code, said in stderr, flag in stderr) == (2, True, is_own)


STUDIES = ("alternatives", "cascade", "compare", "robust", "stable", "swing", "sweep")


@pytest.mark.parametrize("name", STUDIES)
def test_every_study_can_be_resumed_told_as_json_and_sent_to_a_cluster(name: str) -> None:
    options = {flag for one in PROGRAM.commands[name].params for flag in one.opts}
    assert {"--json", "--out", "--runs", "--fresh", "--cluster"} <= options
    assert name in partition.__all__


def commands_of_the_docs() -> Iterator[str]:
    for page in sorted((ROOT / "docs").glob("*.md")):
        blocks = re.findall(r"```console\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
        for line in "".join(blocks).splitlines():
            text = re.sub(r"\s+# .*", "", line).partition(" > ")[0]
            if text.startswith("partition "):
                yield text


@pytest.mark.skipif(not (ROOT / "docs").exists(), reason="a distribution without its docs")
def test_every_command_of_the_docs_can_be_typed() -> None:
    lines = list(commands_of_the_docs())
    assert len(lines) > 15
    for line in lines:
        _, command, *words = shlex.split(line)
        PROGRAM.commands[command].make_context(command, list(words))


def test_the_overview_says_in_whole_sentences_what_commands_do(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    _, overview, _ = invoke("-h")
    assert "..." not in overview.partition("Commands:")[2]
    assert re.search(r"\n  verify +Recount a run from its data", overview)
    assert all(len(line) <= 80 for line in overview.splitlines())


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("partition so", {"solve"}),
        ("partition solve c", {one for one in shipped_names() if one.startswith("c")}),
        ("partition sweep counties --election 20", {"2016", "2020", "2024"}),
    ],
)
def test_the_shell_completes_commands_scenarios_and_elections(
    typed: str, expected: set[str], environment: dict[str, str], tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "partition"],
        cwd=tmp_path,
        env=environment
        | {
            "_PARTITION_COMPLETE": "complete_bash",
            "COMP_WORDS": typed,
            "COMP_CWORD": str(len(typed.split()) - 1),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert set(done.stdout.split()) == expected, done.stderr


@given(
    seconds=st.floats(0, 86_400),
    incumbent=st.integers(-(10**6), 10**9),
    more=st.integers(0, 10**7),
    n_rows=st.integers(0, 10**6),
    n_nodes=st.integers(0, 10**6),
    voters=st.sampled_from([None, 2 * 10**9, 10**10]),
    limit=st.sampled_from([None, 0.5, 60.0, 86_400.0]),
)
def test_the_live_line_fits_a_terminal_of_80_columns(
    seconds: float,
    incumbent: int,
    more: int,
    n_rows: int,
    n_nodes: int,
    voters: int | None,
    limit: float | None,
) -> None:
    console = Console(file=StringIO(), width=80, force_terminal=True)
    watch = Watch(console, voters, time_limit=limit)
    watch(Progress(seconds, "branching, window 12", incumbent, incumbent + more, n_rows, n_nodes))
    line = watch.line(80).plain
    assert len(line) <= 80
    assert "…" not in line
    found = re.search(r"found (\S+)", line)
    assert found is not None
    assert " bound " in line
    assert " gap " in line or incumbent <= 0
    wide = watch.line(200).plain
    assert all(word in wide for word in line.split()[1:])  # after the clock
    assert "Ctrl-C keeps it" in wide
    assert "branching, window 12" in wide
    assert limit is None or " of " in line


@given(
    incumbent=st.one_of(st.none(), st.integers(0, 10**9)),
    bound=st.integers(10**9, 2 * 10**9),
    limit=st.sampled_from([None, 0.5, 86_400.0]),
)
def test_the_live_line_says_what_is_known_while_the_search_is_compiled(
    incumbent: int | None, bound: int, limit: float | None
) -> None:
    console = Console(file=StringIO(), width=80, force_terminal=True)
    watch = Watch(console, 2 * 10**9, time_limit=limit)
    watch(Progress(0.0, COMPILING, incumbent, bound, 997, 3))
    for line in (watch.line(80).plain, watch.line(200).plain):
        assert "s  compiling, once  " in line
        assert " of " not in line  # the clock of the limit rests
        assert (" found " in line) == (incumbent is not None)
        assert " bound " in line
    assert len(watch.line(80).plain) <= 80
    assert "after an installation" in line


def test_each_news_of_a_long_wait_is_one_line_of_a_log(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 0.0
    monkeypatch.setattr("partition.pages.display.time.monotonic", lambda: moment)
    log = StringIO()
    watch = Watch(Console(file=log, width=200), 1_000, time_limit=20)
    moment = 1.0
    watch(Progress(0.0, COMPILING, None, 950))
    assert not log.getvalue()  # what needs no loops does not wait
    moment = 4.0
    for incumbent, bound in ((None, 900), (None, 900), (500, 900), (500, 600), (500, 600)):
        watch(Progress(0.0, COMPILING, incumbent, bound))
    watch(Progress(5.0, "bounding", 500, 600))
    lines = log.getvalue().splitlines()
    assert [line[0] for line in lines] == [" ", "*", " ", " "]
    assert ["compiling, once" in line for line in lines] == [True, True, True, False]
    assert "5.0 of 20 s" in lines[-1]


def test_the_live_line_says_that_a_first_run_compiles(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter([0.0, 1.0, 9.0])
    monkeypatch.setattr("partition.pages.display.time.monotonic", lambda: next(moments))
    watch = Watch(Console(file=StringIO(), width=80), None)
    assert watch.line(80).plain == "  1.0 s  starting"
    later = watch.line(80).plain
    assert later == "  9.0 s  starting; after an installation it compiles the search, once"
