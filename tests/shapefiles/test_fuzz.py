import importlib.util
import warnings
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
def seeds():
    return readers.seeds()


mutations = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.one_of(st.binary(min_size=1, max_size=4), st.sampled_from([b"", b"\0" * 64, b"[" * 99])),
        st.integers(0, 8),
    ),
    min_size=1,
    max_size=4,
)


def mutate(content, changes):
    """Overwrite, insert or cut at places given as shares of the length."""
    for share, new, n_dropped in changes:
        at = int(share * len(content))
        content = content[:at] + new + content[at + n_dropped :]
    return content


@pytest.mark.parametrize("kind", readers.KINDS)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(changes=mutations)
def test_damaged_file_of_any_kind_is_read_or_refused_in_one_line(kind, changes, seeds, tmp_path):
    content = mutate(seeds[kind], changes)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what libraries warn of, readers say or do without
        readers.one_input(bytes([readers.KINDS.index(kind)]) + content, tmp_path)


@pytest.mark.parametrize("kind", readers.KINDS)
def test_undamaged_file_of_any_kind_is_read(kind, seeds, tmp_path):
    path = tmp_path / f"a{kind}"
    path.write_bytes(seeds[kind])
    if kind == ".shp":
        pytest.skip("a shapefile alone lacks the table of its ids")
    found = inspect_files([path], crs="" if kind != ".topojson" else "EPSG:4326")
    assert found.files[0]["rows"] >= 1


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(max_size=300))
@example(b"")
@example(b"\x05PK\x03\x04")
@example(b"\x04PAR1")
@example(b"\x09SQLite format 3\0")
def test_noise_is_refused_in_one_line(tmp_path, content):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        readers.one_input(content, tmp_path)
