from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from shapefiles import inspect_files

pytest.importorskip("openpyxl")

FILE = Path(__file__).parents[2] / "fuzz" / "readers.py"
SPEC = importlib.util.spec_from_file_location("fuzz_readers", FILE)
readers = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(readers)


@pytest.fixture(scope="module")
def seed_of() -> Callable[[str], bytes]:
    seeds = readers.seeds()
    return lambda kind: seeds[kind]  # a function, so that no report of a fault lists them all


ROLES = sorted(set(readers.KINDS) - set(readers.FORMATS))
INSERTED = [b"", b"\0" * 64, b"[" * 99, b'"%s"' % (b"x" * 3000), b"\\n", b"1e999", b"\n", b","]

mutations = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.one_of(st.binary(min_size=1, max_size=4), st.sampled_from(INSERTED)),
        st.integers(0, 8),
    ),
    min_size=1,
    max_size=4,
)


def mutate(content: bytes, changes: Sequence[tuple[float, bytes, int]]) -> bytes:
    """Overwrite, insert or cut at places given as shares of the length."""
    for share, new, n_dropped in changes:
        at = int(share * len(content))
        content = content[:at] + new + content[at + n_dropped :]
    return content


def read_damaged(kind, content, changes, folder) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what libraries warn of, readers say or do without
        content = mutate(content, changes)
        readers.one_input(bytes([readers.KINDS.index(kind)]) + content, folder)


@pytest.mark.parametrize("kind", readers.FORMATS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=mutations)
def test_damaged_file_of_any_kind_is_read_or_refused_in_one_line(
    kind, changes, seed_of, tmp_path: Path
) -> None:
    read_damaged(kind, seed_of(kind), changes, tmp_path)


@pytest.mark.parametrize("kind", ROLES)
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=mutations)
def test_damaged_file_of_any_role_is_read_or_refused_in_one_line(
    kind, changes, seed_of, tmp_path: Path
) -> None:
    read_damaged(kind, seed_of(kind), changes, tmp_path)


@pytest.mark.parametrize("kind", readers.FORMATS)
def test_undamaged_file_of_any_kind_is_read(kind, seed_of, tmp_path: Path) -> None:
    path = tmp_path / f"a{kind}"
    path.write_bytes(seed_of(kind))
    if kind == ".shp":
        pytest.skip("a shapefile alone lacks the table of its ids")
    found = inspect_files([path], crs="" if kind != ".topojson" else "EPSG:4326")
    assert found.files[0]["rows"] >= 1


@pytest.mark.parametrize("kind", ROLES)
def test_undamaged_file_of_any_role_is_taken(kind, seed_of, tmp_path: Path) -> None:
    path = tmp_path / f"a{kind}"
    content = seed_of(kind)
    path.write_bytes(readers._archive(content) if kind == readers.PARTS else content)
    ways = list(readers._ways(kind, path, tmp_path))
    for way in ways[-1:] if kind in {readers.VOTES, readers.WALK} else ways:
        way()  # some need repair, or leave to drop units


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
@example(b"")
@example(b"\x05PK\x03\x04")
@example(b"\x04PAR1")
@example(b"\x09SQLite format 3\0")
def test_noise_is_refused_in_one_line(tmp_path: Path, content) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        readers.one_input(content, tmp_path)
