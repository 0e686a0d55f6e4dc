from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from shapefiles import Contacts, find_crumbs, is_planar, load_united_states, rook_contacts


@st.composite
def contacts(draw: st.DrawFn) -> tuple[int, Contacts]:
    """Draw all pairs of a few units, in a random half of them detached, with a random border."""
    n_units = draw(st.integers(5, 9))
    pairs = np.column_stack(np.triu_indices(n_units, 1)).astype(np.int32)
    share = draw(st.floats(0, 1))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    kept = np.sort(rng.permutation(len(pairs))[: 3 * n_units])
    border = rng.integers(1, 5, len(kept)).astype(float)
    return n_units, Contacts(pairs[kept], border, rng.random(len(kept)) < share)


def add_one_by_one(n_units: int, contacts: Contacts) -> list[int]:
    """Add detached contacts in order of length, testing planarity each time."""
    graph = nx.empty_graph(n_units)
    graph.add_edges_from(contacts.pairs[~contacts.is_detached].tolist())
    if not nx.is_planar(graph):
        return []
    refused = []
    for row in sorted(np.flatnonzero(contacts.is_detached), key=lambda k: -contacts.border[k]):
        graph.add_edge(*contacts.pairs[row].tolist())
        if not nx.is_planar(graph):
            graph.remove_edge(*contacts.pairs[row].tolist())
            refused.append(int(row))
    return sorted(refused)


@given(contacts())
def test_crumbs_are_those_refused_one_by_one_longest_border_first(drawn) -> None:
    n_units, given_contacts = drawn
    found = np.flatnonzero(find_crumbs(given_contacts, n_units)).tolist()
    assert found == add_one_by_one(n_units, given_contacts)


@pytest.mark.parametrize("radii", [(0,), (1, 2), (4, 12)])
@pytest.mark.parametrize("seed", range(6))
def test_crumbs_of_scattered_units_do_not_depend_on_where_reasons_are_looked_for_first(
    seed, radii, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shapefiles.borders.crumbs._RADII", radii)
    random = np.random.default_rng(seed)
    points = shapely.multipoints(random.uniform(0, 100, (60, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(points))
    label = np.arange(60)
    label[random.choice(60, 20, replace=False)] = random.integers(0, 60, 20)
    parts = [shapely.coverage_union_all(cells[label == one]) for one in np.unique(label)]
    units = np.array(parts, object)
    land = rook_contacts(units)
    assert land.is_detached.any()
    found = np.flatnonzero(find_crumbs(land, len(units))).tolist()
    assert found == add_one_by_one(len(units), land)


def test_a_bridge_that_crosses_a_detached_contact_makes_it_a_crumb() -> None:
    pairs = np.column_stack(np.triu_indices(5, 1)).astype(np.int32)
    nine = Contacts(pairs[1:], np.ones(9), np.arange(9) == 8)
    assert find_crumbs(nine, 5).sum() == 0
    assert find_crumbs(nine, 5, links=pairs[:1]).tolist() == nine.is_detached.tolist()


def test_links_that_cross_land_borders_leave_the_crumbs_of_the_land() -> None:
    pairs = np.column_stack(np.triu_indices(5, 1)).astype(np.int32)
    land = Contacts(pairs[1:], np.ones(9), np.zeros(9, bool))
    assert find_crumbs(land, 5, links=pairs[:1]).sum() == 0


def test_none_of_the_five_embedded_crumbs_fits_even_alone() -> None:
    # So no smaller set would do: each one crosses borders between the largest polygons.
    units = load_united_states()
    land = rook_contacts(units.polygons, is_coverage=True)
    firm = land.pairs[~land.is_detached]
    assert is_planar(firm, units.n_units)
    for crumb in units.edges.pairs[units.edges.kind == "crumb"]:
        assert not is_planar(np.vstack([firm, crumb]), units.n_units)
