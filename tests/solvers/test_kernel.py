"""A cache of compiled loops may be damaged, full or unwritable: results are right, and no error."""

from __future__ import annotations

import importlib.util
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numba
import pytest

from solvers.graphs import kernel_cache

SOURCE = """
from solvers.graphs.kernel import kernel

@kernel
def add(a, b):
    return a + b + {number}
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the cache of the functions in this test lies."""
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path


def load(place: Path, number: int = 0) -> Any:
    """Import the function anew, as the next process does."""
    file = place / "loops.py"
    if not file.exists() or file.read_text() != SOURCE.format(number=number):
        file.write_text(SOURCE.format(number=number))
    spec = importlib.util.spec_from_file_location("loops", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.add


def files(place: Path) -> list[Path]:
    return sorted(one for one in (place / "cache").rglob("*") if one.is_file())


def is_loaded(place: Path) -> bool:
    """Whether the function is right, and comes from the cache."""
    function = load(place)
    assert function(2, 3) == 5
    return bool(function.stats.cache_hits)


def test_machine_code_is_kept_for_the_next_process(place: Path) -> None:
    assert not is_loaded(place)
    assert {one.suffix for one in files(place)} == {".nbi", ".nbc"}
    assert is_loaded(place)


def flip(at: float) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        spot = int(at * (len(content) - 1))
        return content[:spot] + bytes([content[spot] ^ 1]) + content[spot + 1 :]

    return change


DAMAGE = {
    "empty": lambda _content: b"",
    "one byte": lambda content: content[:1],
    "half": lambda content: content[: len(content) // 2],
    "without its last byte": lambda content: content[:-1],
    "zeros": lambda content: bytes(len(content)),
    "a byte longer": lambda content: content + b"x",
    **{f"changed at {at:.0%}": flip(at) for at in (0, 0.5, 1)},
}


@pytest.mark.parametrize("suffix", [".nbi", ".nbc"])
@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_file_is_built_again(place: Path, suffix: str, damage: str) -> None:
    assert not is_loaded(place)
    file = next(one for one in files(place) if one.suffix == suffix)
    file.write_bytes(DAMAGE[damage](file.read_bytes()))
    assert not is_loaded(place)
    assert is_loaded(place)


@pytest.mark.parametrize("suffix", [".nbi", ".nbc"])
def test_a_folder_in_place_of_a_file_is_done_without(place: Path, suffix: str) -> None:
    is_loaded(place)
    file = next(one for one in files(place) if one.suffix == suffix)
    file.unlink()
    file.mkdir()
    assert not is_loaded(place)
    assert not is_loaded(place)


def test_code_of_before_is_not_run_where_saving_was_cut_short(place: Path) -> None:
    """The index is new and the data are old, as after a full disk."""
    is_loaded(place)
    (old,) = [one.read_bytes() for one in files(place) if one.suffix == ".nbc"]
    assert load(place, number=100)(2, 3) == 105
    (data,) = [one for one in files(place) if one.suffix == ".nbc"]
    data.write_bytes(old)
    assert load(place, number=100)(2, 3) == 105


def test_code_that_is_compiled_into_others_counts_as_well(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_loaded(place)
    monkeypatch.setattr(kernel_cache, "_sources", lambda: "another version of the program")
    assert not is_loaded(place)
    assert is_loaded(place)


def test_a_cache_that_vanishes_or_is_no_folder_is_done_without(place: Path) -> None:
    is_loaded(place)
    shutil.rmtree(place / "cache")
    assert not is_loaded(place)
    shutil.rmtree(place / "cache")
    (place / "cache").write_text("a file")
    assert not is_loaded(place)


FULL = """
import resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
sys.path.insert(0, sys.argv[1])
from loops import add
if add(2, 3) != 5:  # no assert, which -O removes
    sys.exit(f'2 + 3 = {add(2, 3)}')
"""


@pytest.mark.parametrize("limit", [0, 100, 2_000])
def test_a_full_disk_costs_the_cache_and_no_result(place: Path, limit: int) -> None:
    load(place)
    environment = {
        **os.environ,
        "NUMBA_CACHE_DIR": str(place / "cache"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(Path(kernel_cache.__file__).parents[2]),
    }
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(place), str(limit)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != limit


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc, where nobody can write")
def test_a_folder_that_cannot_be_written_is_done_without(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numba.config, "CACHE_DIR", "/proc/cache")
    assert not is_loaded(place)


def test_a_loop_that_is_not_kept_is_not_compiled_where_none_may_be(place: Path) -> None:
    with kernel_cache.compiled_only():
        with pytest.raises(kernel_cache.NotCompiled, match="add"):
            load(place)(2, 3)
        with ThreadPoolExecutor(1) as pool:  # other threads may compile
            assert pool.submit(load(place), 2, 3).result() == 5
        assert load(place)(2, 3) == 5
    assert is_loaded(place)
