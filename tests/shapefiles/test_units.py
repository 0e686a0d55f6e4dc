from __future__ import annotations

import pickle
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import shapely

from shapefiles import Edges, Units, load_united_states


def make_edges(**changes: npt.NDArray[Any]) -> Edges:
    arrays = {
        "pairs": np.array([[0, 1], [1, 2]]),
        "border": np.array([1.0, 0.0]),
        "kind": np.array(["land", "ferry"]),
        "is_default": np.array([True, False]),
    }
    return Edges(**(arrays | changes))


def make_units(**changes: npt.NDArray[Any] | dict[str, npt.NDArray[Any]] | Edges) -> Units:
    values = {
        "ids": np.array(["01", "02", "03"]),
        "names": np.array(["One", "Two", "Three"]),
        "states": np.array(["X", "X", "Y"]),
        "polygons": shapely.box([0, 1, 5], 0, [1, 2, 6], 1),
        "crs": "EPSG:5070",
        "votes": {"2016": np.array([[1, 2], [3, 4], [5, 6]])},
        "attributes": {"population": np.array([10, 20, 30])},
        "edges": make_edges(),
    }
    return Units(**(values | changes))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"pairs": np.array([[0, 1], [2, 1]])},
            r"pairs\[1\] = \(2, 1\), expected .* smaller first",
        ),
        ({"pairs": np.array([[0, 1], [1, 1]])}, r"pairs\[1\] = \(1, 1\)"),
        ({"pairs": np.array([[1, 2], [0, 1]])}, r"pairs\[1\] = \(0, 1\) follows \(1, 2\)"),
        ({"pairs": np.array([[0, 1], [0, 1]])}, r"give each of them once"),
        ({"border": np.array([1.0, np.nan])}, r"border\[1\] = nan"),
        ({"border": np.array([-1.0, 0.0])}, r"border\[0\] = -1.0"),
        ({"kind": np.array(["land", "rope"])}, r"kind\[1\] = 'rope'; choose from land"),
        ({"is_default": np.array([True])}, r"is_default has shape \(1,\), expected \(2,\)"),
    ],
)
def test_contradictory_edges_are_refused(changes, message) -> None:
    with pytest.raises(ValueError, match=message):
        make_edges(**changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ids": np.array(["01", "02", "01"])}, r"'01' is given twice, in rows 0 and 2"),
        ({"ids": np.array(["01", "", "03"])}, r"ids\[1\] is empty"),
        ({"names": np.array(["One"])}, r"names has shape \(1,\), expected \(3,\)"),
        ({"votes": {"2016": np.ones((3, 3), int)}}, r"votes\['2016'\] has shape \(3, 3\)"),
        ({"votes": {"2016": np.full((3, 2), 0.5)}}, r"holds float64 values"),
        (
            {"votes": {"2016": np.array([[1, 2], [3, -4], [5, 6]])}},
            r"votes\['2016'\] of unit '02' are \[3, -4\]; votes cannot be negative",
        ),
        ({"attributes": {"gdp": np.ones(2)}}, r"attributes\['gdp'\] has shape \(2,\)"),
        (
            {"edges": make_edges(pairs=np.array([[0, 1], [1, 3]]))},
            r"edges.pairs\[1\] = \(1, 3\) names a unit outside 0..2",
        ),
    ],
)
def test_contradictory_units_are_refused(changes, message) -> None:
    with pytest.raises(ValueError, match=message):
        make_units(**changes)


def test_units_do_not_change_with_the_arrays_they_were_made_from() -> None:
    votes = np.array([[1, 2], [3, 4], [5, 6]])
    units = make_units(votes={"2016": votes})
    votes[0, 0] = 99
    assert units.votes["2016"][0, 0] == 1
    for array in (units.ids, units.votes["2016"], units.attributes["population"]):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = array[1]


def test_switching_a_kind_leaves_the_others_alone() -> None:
    edges = make_edges()
    assert edges.select().tolist() == [True, False]
    assert edges.select(on=["ferry"], off=["land"]).tolist() == [False, True]
    with pytest.raises(ValueError, match="Unknown edge kind 'ferries'"):
        edges.select(on=["ferries"])
    with pytest.raises(ValueError, match="both on and off"):
        edges.select(on=["ferry"], off=["ferry"])


def test_subset_follows_the_order_given() -> None:
    moved = make_units().subset(np.array([2, 0, 1]))
    assert moved.ids.tolist() == ["03", "01", "02"]
    assert moved.votes["2016"].tolist() == [[5, 6], [1, 2], [3, 4]]
    assert moved.edges.pairs.tolist() == [[0, 2], [1, 2]]
    assert moved.edges.kind.tolist() == ["ferry", "land"]


def test_subset_drops_the_edges_that_leave_it() -> None:
    kept = make_units().subset(np.array([0, 2]))
    assert (kept.n_units, kept.edges.n_edges) == (2, 0)


def test_units_survive_pickling() -> None:
    units = load_united_states()
    copy = pickle.loads(pickle.dumps(units))
    assert copy.ids.tolist() == units.ids.tolist()
    assert all(np.array_equal(copy.votes[year], units.votes[year]) for year in units.votes)
    assert shapely.equals_exact(copy.polygons, units.polygons).all()
    assert np.array_equal(copy.edges.border, units.edges.border)


def test_units_can_be_varied_by_replace() -> None:
    changed = replace(make_units(), names=np.array(["Un", "Deux", "Trois"]))
    assert changed.names.tolist() == ["Un", "Deux", "Trois"]
