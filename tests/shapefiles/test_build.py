import csv
import importlib.util
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import shapely

from shapefiles import build as builder
from shapefiles import load_united_states
from shapefiles.embedded.read import FILES, load_people

NEW_ENGLAND = ("09", "23", "25", "33", "44", "50")

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("_plotly_geo") is None,
    reason='needs the boundary file: pip install "two-nations[build]"',
)


@pytest.fixture(scope="module")
def figures(tmp_path_factory) -> Path:
    """Cut the tables of figures down to New England."""
    folder = tmp_path_factory.mktemp("figures")
    for path in sorted(builder.FIGURES.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            header, *rows = csv.reader(stream)
        ends = 2 if header[1] == "geoid_b" else 1
        kept = [row for row in rows if all(code[:2] in NEW_ENGLAND for code in row[:ends])]
        with (folder / path.name).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows([header, *kept])
    return folder


@pytest.fixture(scope="module")
def built(figures, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("data")
    builder.build(figures, out)
    return out


def test_building_again_writes_the_same_bytes(figures, built, tmp_path: Path) -> None:
    for path in builder.build(figures, tmp_path / "again"):
        assert path.read_bytes() == (built / path.name).read_bytes()
    assert sorted(path.name for path in (tmp_path / "again").iterdir()) == sorted(FILES.values())


def test_built_columns_equal_the_embedded_ones(built) -> None:
    units = load_united_states()
    rows = np.flatnonzero([unit[:2] in NEW_ENGLAND for unit in units.ids])
    part = units.subset(rows)
    table = pq.read_table(built / FILES["units"])
    assert table["geoid"].to_pylist() == part.ids.tolist()
    assert table["dem_2024"].to_pylist() == part.votes["2024"][:, 0].tolist()
    people = load_people("2020")[rows].tolist()
    assert table["population_2020"].to_pylist() == people
    for name, column in part.attributes.items():
        assert table[name].to_pylist() == pytest.approx(column.tolist())
    edges = pq.read_table(built / FILES["edges"])
    pairs = np.column_stack([edges["geoid_a"].to_pylist(), edges["geoid_b"].to_pylist()])
    assert np.array_equal(pairs, part.ids[part.edges.pairs])
    assert edges["kind"].to_pylist() == part.edges.kind.tolist()
    assert edges["is_default"].to_pylist() == part.edges.is_default.tolist()
    assert edges["border"].to_pylist() == pytest.approx(part.edges.border.tolist())


def test_built_file_opens_as_geoparquet(built) -> None:
    geopandas = pytest.importorskip("geopandas")
    frame = geopandas.read_parquet(built / FILES["units"])
    assert frame.crs.to_epsg() == 5070
    assert shapely.coverage_is_valid(frame.geometry.to_numpy())


def test_areas_and_perimeters_are_those_of_the_unsimplified_polygons(built) -> None:
    table = pq.read_table(built / FILES["units"])
    ids = np.array(table["geoid"].to_pylist())
    exact = builder.read_boundaries(builder.boundary_path(), ids)
    assert table["area"].to_pylist() == pytest.approx(shapely.area(exact).tolist())
    assert table["perimeter"].to_pylist() == pytest.approx(shapely.length(exact).tolist())
    # What is no shared border is the outline of the whole.
    borders = pq.read_table(built / FILES["edges"])["border"].to_numpy().sum()
    outline = shapely.length(shapely.coverage_union_all(exact))
    assert shapely.length(exact).sum() == pytest.approx(outline + 2 * borders)


def test_link_between_neighbours_on_land_is_refused_and_nothing_is_written(
    figures, tmp_path: Path
) -> None:
    folder = tmp_path / "figures"
    folder.mkdir()
    for path in figures.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    with (folder / "links.csv").open("a", encoding="utf-8") as stream:
        stream.write("25025,25021,bridge,Neponset River Bridge\n")
    out = tmp_path / "out"
    with pytest.raises(ValueError, match="already have a common border"):
        builder.build(folder, out)
    assert not out.exists()


def test_table_that_lists_other_units_is_refused_by_name(figures, tmp_path: Path) -> None:
    ids = np.array(builder.read_figures(figures / "counties.csv")["geoid"])
    odd = tmp_path / "president-2016.csv"
    odd.write_text("geoid,dem,rep\n99999,1,2\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"president-2016.csv and counties.csv list different"):
        builder.read_figures(odd, ids)


def test_neighbour_that_is_no_unit_or_no_country_is_refused(figures, tmp_path: Path) -> None:
    ids = np.array(builder.read_figures(figures / "counties.csv")["geoid"])
    odd = tmp_path / "neighbours.csv"
    for row, found in (("48141,Mexico", "geoid '48141'"), ("23003,Wales", "country 'Wales'")):
        odd.write_text(f"geoid,country\n{row}\n", encoding="utf-8")
        with pytest.raises(ValueError, match=f"neighbours.csv has the {found}"):
            builder.read_neighbours(odd, ids)


def test_another_boundary_file_is_refused_by_its_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builder, "BOUNDARY_SHA256", "0" * 64)
    with pytest.raises(ValueError, match=r"has SHA-256 06463c.*, expected 0000"):
        builder.boundary_path()


def test_missing_boundary_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match=r"two-nations\[build\]"):
        builder.boundary_path()
