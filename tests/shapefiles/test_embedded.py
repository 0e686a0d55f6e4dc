from __future__ import annotations

import csv
import hashlib
from importlib.resources import files

import networkx as nx
import numpy as np
import pytest
import shapely

from shapefiles import Units, data_hashes, load_states, load_united_states, rook_contacts, to_lonlat
from shapefiles.embedded.read import load_people

FIGURES = files("shapefiles") / "figures"


@pytest.fixture(scope="module")
def units() -> Units:
    return load_united_states()


@pytest.fixture(scope="module")
def mainland(units: Units) -> nx.Graph:
    """Rows of the 48 states and the District of Columbia, and their default graph."""
    rows = np.flatnonzero(~np.isin(units.states, ["AK", "HI"]))
    graph = nx.Graph()
    graph.add_nodes_from(rows.tolist())
    pairs = units.edges.pairs[units.edges.is_default]
    graph.add_edges_from(pair for pair in pairs.tolist() if pair[0] in graph and pair[1] in graph)
    return graph


def rows_of(name: str) -> list[dict[str, str]]:
    with (FIGURES / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize(
    ("election", "dem", "rep"),
    [
        ("2016", 65_853_516, 62_984_825),
        # The certified totals of 2020 are 6,480 and 2,414 higher.
        ("2020", 81_283_501 - 6_480, 74_223_975 - 2_414),
        ("2024", 75_019_265, 77_303_628),
    ],
)
def test_national_votes_equal_the_published_totals(units, election, dem, rep) -> None:
    assert units.votes[election].sum(axis=0).tolist() == [dem, rep]


def test_national_population_equals_the_published_total(units) -> None:
    assert units.n_units == 3113
    assert units.attributes["population"].sum() == 322_941_311
    assert load_people("2020").sum() == load_people("2024").sum() == 331_449_281


def test_people_of_2020_are_those_of_the_table_and_of_printed_counts(units: Units) -> None:
    people = dict(zip(units.ids.tolist(), load_people("2020").tolist(), strict=True))
    assert people == {
        row["geoid"]: int(row["population"]) for row in rows_of("population-2020.csv")
    }
    # Los Angeles, Harris, Cook, Autauga, the District of Columbia: 2020 census, as printed.
    printed = {"06037": 10_014_009, "48201": 4_731_145, "17031": 5_275_541, "01001": 58_805,
               "11001": 689_545}  # fmt: skip
    assert {unit: people[unit] for unit in printed} == printed
    states = {"CA": 39_538_223, "TX": 29_145_505, "AK": 733_391, "HI": 1_455_271, "KS": 2_937_880}
    for code, count in states.items():
        assert load_people("2020")[units.states == code].sum() == count


def test_votes_of_kansas_and_alaska_in_2020_are_the_certified_ones(units: Units) -> None:
    certified = {"KS": (570_323, 771_406), "AK": (153_778, 189_951)}
    for code, votes in certified.items():
        assert tuple(units.votes["2020"][units.states == code].sum(axis=0).tolist()) == votes
    before = {
        row["geoid"]: (int(row["dem"]), int(row["rep"])) for row in rows_of("president-2020.csv")
    }
    after = dict(zip(units.ids.tolist(), map(tuple, units.votes["2020"].tolist()), strict=True))
    changed = {unit for unit in before if before[unit] != after[unit]}
    assert {unit[:2] for unit in changed} == {"02", "20"}
    assert len(changed) == 103
    for row in rows_of("president-2020-corrections.csv"):
        assert after[row["geoid"]] == (int(row["dem"]), int(row["rep"]))


def test_state_votes_of_2016_equal_the_certified_ones_but_for_four_states(units) -> None:
    differences = {}
    for code, state in load_states().items():
        votes = units.votes["2016"][units.states == code].sum(axis=0)
        difference = np.abs(votes - [state.dem_2016, state.rep_2016]).max()
        if difference:
            differences[code] = int(difference)
    assert sorted(differences) == ["CA", "MN", "NY", "OH"]
    assert max(differences.values()) <= 390


def test_electoral_votes_add_up_to_538_in_every_election() -> None:
    for election in ("2012", "2016", "2020", "2024", "2028"):
        assert sum(state.electoral_votes(election) for state in load_states().values()) == 538
    with pytest.raises(ValueError, match="No electoral votes for '2032'"):
        load_states()["TX"].electoral_votes("2032")


def test_every_unit_lies_in_a_state_of_the_table(units) -> None:
    fips = {code: state.fips for code, state in load_states().items()}
    assert len(fips) == 51
    assert [unit[:2] for unit in units.ids] == [fips[code] for code in units.states]


def test_names_keep_their_accents(units) -> None:
    assert units.names[units.ids == "35013"].tolist() == ["Doña Ana"]


def test_alaska_is_one_unit_and_kalawao_is_part_of_maui(units) -> None:
    assert units.ids[units.states == "AK"].tolist() == ["02000"]
    assert "15005" not in units.ids
    maui = to_lonlat(units.polygons[units.ids == "15009"], units.crs)[0]
    kalaupapa, lahaina = shapely.Point(-156.98, 21.19), shapely.Point(-156.66, 20.88)
    assert maui.contains(kalaupapa)
    assert maui.contains(lahaina)


def test_default_graph_of_the_48_states_is_connected(mainland) -> None:
    assert (mainland.number_of_nodes(), mainland.number_of_edges()) == (3108, 8757)
    assert nx.is_connected(mainland)


def test_default_graph_of_the_48_states_is_planar_by_eulers_formula(mainland) -> None:
    is_planar, embedding = nx.check_planarity(mainland)
    assert is_planar
    embedding.check_structure()
    faces, seen = 0, set()
    for edge in embedding.edges:
        if edge not in seen:
            embedding.traverse_face(*edge, mark_half_edges=seen)
            faces += 1
    assert 3108 - 8757 + faces == 2


def test_crumbs_are_the_five_contacts_that_break_planarity(units) -> None:
    crumbs = units.edges.kind == "crumb"
    found = ["-".join(units.ids[pair]) for pair in units.edges.pairs[crumbs]]
    assert found == ["05035-47167", "12047-13027", "22007-22099", "22009-22125", "22099-22101"]
    assert not units.edges.is_default[crumbs].any()


def test_every_link_of_the_table_is_an_edge_of_its_kind(units) -> None:
    row = {unit: i for i, unit in enumerate(units.ids.tolist())}
    edges = {tuple(pair): i for i, pair in enumerate(units.edges.pairs.tolist())}
    links = rows_of("links.csv")
    for link in links:
        pair = sorted((row[link["geoid_a"]], row[link["geoid_b"]]))
        edge = edges[tuple(pair)]
        assert units.edges.kind[edge] == link["kind"]
        assert units.edges.border[edge] == 0
    assert np.isin(units.edges.kind, ["bridge", "ferry", "sea"]).sum() == len(links)


def test_bridges_and_the_three_ferries_to_islands_count_by_default(units) -> None:
    edges = units.edges
    ferries = edges.pairs[edges.is_default & (edges.kind == "ferry")]
    assert ["-".join(units.ids[pair]) for pair in ferries] == [
        "25001-25007",
        "25007-25019",
        "53055-53057",
    ]
    assert edges.is_default[edges.kind == "bridge"].all()
    assert not edges.is_default[edges.kind == "sea"].any()


def test_mackinac_bridge_joins_the_halves_of_michigan(units, mainland) -> None:
    upper, lower = (int(np.flatnonzero(units.ids == unit)[0]) for unit in ("26097", "26031"))
    assert mainland.has_edge(lower, upper)
    michigan = mainland.subgraph(np.flatnonzero(units.states == "MI").tolist())
    assert nx.is_connected(michigan)
    without = nx.restricted_view(michigan, [], [e for e in michigan.edges(upper) if lower in e])
    assert nx.is_connected(without)  # the bridge lands in two counties of the lower half


def test_sea_routes_make_hawaii_one_landmass(units) -> None:
    pairs = units.edges.pairs[units.edges.select(on=["sea"])]
    graph = nx.Graph(pairs.tolist())
    rows = np.flatnonzero(units.states == "HI").tolist()
    assert nx.is_connected(graph.subgraph(rows))
    assert len(rows) == 4


def test_stored_polygons_are_a_valid_coverage_with_the_stored_borders(units) -> None:
    assert shapely.is_valid(units.polygons).all()
    assert shapely.coverage_is_valid(units.polygons)
    land = np.isin(units.edges.kind, ["land", "crumb"])
    drawn = rook_contacts(units.polygons)
    assert np.array_equal(drawn.pairs, units.edges.pairs[land])
    assert len(drawn.pairs) == 8737


def test_borders_of_inland_units_add_up_to_their_perimeters(units) -> None:
    total = np.zeros(units.n_units)
    np.add.at(total, units.edges.pairs, units.edges.border[:, None])
    perimeter = units.attributes["perimeter"]
    inland = np.isin(units.states, ["NE", "KS", "CO", "WY", "IA", "MO", "OK", "AR", "TN"])
    assert total[inland] == pytest.approx(perimeter[inland])
    assert (total <= perimeter * (1 + 1e-9)).all()


def test_areas_agree_with_the_published_land_and_water_of_some_states(units) -> None:
    # Square kilometres, total area of inland states: Census Bureau, State Area Measurements, 2010.
    published = {"CO": 269_601, "KS": 213_100, "NE": 200_330, "WY": 253_335, "IA": 145_746}
    for code, area in published.items():
        stored = units.attributes["area"][units.states == code].sum() / 1e6
        assert stored == pytest.approx(area, rel=2e-3)


def test_drawn_area_of_every_unit_is_within_the_promise_of_the_card(units) -> None:
    ratio = shapely.area(units.polygons) / units.attributes["area"]
    assert np.abs(ratio - 1).max() <= 0.041


def test_neighbours_are_those_of_the_table(units) -> None:
    for country in ("Canada", "Mexico"):
        listed = sorted(r["geoid"] for r in rows_of("neighbours.csv") if r["country"] == country)
        stored = units.ids[units.attributes[f"borders_{country.lower()}"]].tolist()
        assert stored == listed


def test_hashes_are_those_of_the_files(units) -> None:
    data = files("shapefiles") / "data"
    assert sorted(data_hashes()) == ["edges.parquet", "states.parquet", "units.parquet"]
    for name, digest in data_hashes().items():
        assert hashlib.sha256((data / name).read_bytes()).hexdigest() == digest
