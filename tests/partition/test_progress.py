"""What a person sees of a study: a bar on a terminal, lines elsewhere, nothing if it is quiet."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

import partition
from partition.studies.running import progress
from partition.studies.running.jobs import Done
from partition.studies.running.missing import Failure
from partition.studies.sweeping.sweep import sweep
from shapefiles.units import Units
from tests.partition.test_compare import write_map

Invoke = Callable[..., tuple[int, str, str]]
CODES = r"\x1b\[[0-9;?]*[A-Za-z]"


def open_console(*, is_terminal: bool) -> tuple[Console, io.StringIO]:
    file = io.StringIO()
    return Console(file=file, force_terminal=is_terminal, width=100), file


def shown(file: io.StringIO) -> str:
    """What was written, without the codes that move the cursor and colour the text."""
    return re.sub(CODES, "", file.getvalue())


def is_wiped(file: io.StringIO, last: str) -> bool:
    """Whether the line of the bar is erased after it has shown its last figures."""
    after = file.getvalue().rsplit(last, 1)[1]
    return "\x1b[2K" in after and re.sub(r"[\d:\s]", "", re.sub(CODES, "", after)) == ""


@pytest.fixture
def ends(squares: Units) -> list[Done]:
    """Three runs that have ended: one solved, one found, one in vain."""
    run = partition.solve("archipelago", data=squares)
    return [
        Done("[bold]one[/bold]", run, is_reused=False),
        Done("two", run, is_reused=True),
        Done("three", Failure("three", "No plan was found.", 1), is_reused=False),
    ]


def test_a_terminal_has_one_bar_over_all_runs_and_a_line_for_each(ends: list[Done]) -> None:
    console, file = open_console(is_terminal=True)
    with progress.watching_study(console, "Comparing", 3, quiet=False) as watch:
        for number, done in enumerate(ends, start=1):
            watch(done)
            assert f"{number}/3" in shown(file)
            assert f"{number + 1}/3" not in shown(file)
    text = shown(file)
    assert "1 of 3  [bold]one[/bold]: 78.33 % self-determined." in text
    assert (
        "2 of 3  two: 78.33 % self-determined. The best possible, proven (finished before)" in text
    )
    assert "3 of 3  three: No plan was found." in text
    assert re.search("Comparing ━+ 3/3", text)
    assert is_wiped(file, "3/3")


def test_without_a_terminal_there_are_lines_and_no_bar(ends: list[Done]) -> None:
    console, file = open_console(is_terminal=False)
    with progress.watching_study(console, "Comparing", 3, quiet=False) as watch:
        for done in ends:
            watch(done)
    assert [line[:8] for line in file.getvalue().splitlines()] == [
        "1 of 3  ",
        "2 of 3  ",
        "3 of 3  ",
    ]
    assert "\x1b" not in file.getvalue()


@pytest.mark.parametrize("is_terminal", [True, False])
def test_quiet_shows_nothing(ends: list[Done], is_terminal: bool) -> None:
    console, file = open_console(is_terminal=is_terminal)
    with progress.watching_study(console, "Comparing", 3, quiet=True) as watch:
        watch(ends[0])
    with progress.tracing(console, quiet=True) as tell:
        tell(3, 0.5)
    assert file.getvalue() == ""


def test_tracing_is_told_as_far_as_all_best_plans_are_known(squares: Units, tmp_path: Path) -> None:
    told: list[tuple[int, float]] = []
    found = sweep("archipelago", ["border=0:12:9"], data=squares, runs=tmp_path,
                  on_progress=lambda *one: told.append(one))  # fmt: skip
    assert len(found.rows) > 2
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    # Where the first plan gives way to the second, two are known, and so on.
    changes = [one["weights.border"] / 12 for one in found.rows[1:]]
    assert [share for share in shares if 0 < share < 1] == pytest.approx(changes)
    assert told[-1][0] == len(found.rows)


def test_tracing_is_a_bar_of_the_range_on_a_terminal() -> None:
    console, file = open_console(is_terminal=True)
    with progress.tracing(console, quiet=False) as tell:
        tell(1_234, 0.25)
    assert re.search(r"Tracing ━+╸?╺?━* +25% 1,234 best plans 0:00:0\d", shown(file))
    assert is_wiped(file, "1,234 best plans")


def test_tracing_elsewhere_is_a_line_every_few_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter([0.0, 1.0, 6.0, 7.0, 12.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(seconds))
    console, file = open_console(is_terminal=False)
    with progress.tracing(console, quiet=False) as tell:
        for number in range(1, 5):
            tell(number, number / 5)
    assert file.getvalue().splitlines() == [
        "   6.0 s  2 best plans, 40 % of the range",
        "  12.0 s  4 best plans, 80 % of the range",
    ]


def test_the_command_shows_the_range_of_an_exact_sweep_and_no_count_of_runs(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_map(tmp_path / "row.geojson", [(9, 1), (2, 8), (7, 3), (1, 9)])
    (tmp_path / "row.toml").write_text(
        'title = "A row"\ndescription = "x"\nelection = "2016"\n'
        'nations.blue.pieces = "any"\nnations.red.pieces = "any"\n'
        '[data]\nunits = "row.geojson"\nid = "id"\nblue = ["yes"]\nred = ["no"]\n'
    )
    monkeypatch.setenv("FORCE_COLOR", "1")  # as on a terminal
    code, _, stderr = invoke("sweep", "row.toml", "--weight", "border=0:2:9")
    assert code == 0, stderr
    plain = shown(io.StringIO(stderr))
    assert "/9" not in plain
    assert re.search(r"Tracing ━+ 100% \d+ best plans", plain)
    code, _, stderr = invoke(
        "sweep", "row.toml", "--weight", "border=0:2:3", "--set", "nations.red.pieces=1"
    )
    assert "3/3" in shown(io.StringIO(stderr))


def test_a_study_says_beforehand_how_long_it_may_take_and_nothing_where_that_is_short(
    invoke: Invoke, scenarios: list[str]
) -> None:
    arguments = ("robust", scenarios[0], "--within", "0.5", "--jobs", "1", "--time-limit", "20")
    code, _, stderr = invoke(*arguments, "--survey-time", "90")
    said = "Searching takes at most 2.2 minutes: 2 runs of up to 20 s, one at a time, and 90 s"
    assert code == 0
    assert stderr.startswith(said)
    # What is finished takes nothing.
    code, _, stderr = invoke(*arguments, "--survey-time", "90", "--json")
    assert (code, stderr.count("Searching takes at most 1.5 minutes.\n")) == (0, 1)
    for more in (["--survey-time", "15"], ["--survey-time", "90", "-q"]):
        code, _, stderr = invoke(*arguments, *more)
        assert (code, "Searching takes" in stderr) == (0, False)
    # Of goals that come after one another no two are searched at once.
    then = ("--then", "border", "--within", "0.1", "--time-limit", "31", "--fresh", "--jobs", "2")
    code, _, stderr = invoke("compare", scenarios[1], *then)
    assert code == 0
    assert "Searching takes at most 1.1 minutes: 2 runs of up to 31 s.\n" in stderr
