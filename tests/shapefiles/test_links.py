from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from shapefiles import Contacts, Link, join_edges

IDS = np.array(["A", "B", "C", "D"])
LAND = Contacts(np.array([[0, 1]], np.int32), np.array([5.0]), np.array([False]))


def default_of(links: Sequence[Link]) -> dict[tuple[str, str, str], bool]:
    edges = join_edges(LAND, links, IDS)
    rows = zip(edges.pairs.tolist(), edges.kind.tolist(), edges.is_default.tolist(), strict=True)
    return {(IDS[a], IDS[b], kind): default for (a, b), kind, default in rows}


def test_ferry_counts_only_where_neither_land_nor_a_bridge_connects() -> None:
    links = [Link("C", "B", "bridge"), Link("A", "C", "ferry"), Link("D", "A", "ferry")]
    assert default_of(links) == {
        ("A", "B", "land"): True,
        ("B", "C", "bridge"): True,
        ("A", "C", "ferry"): False,
        ("A", "D", "ferry"): True,
    }


def test_sea_route_is_off_even_where_nothing_else_connects() -> None:
    assert default_of([Link("A", "C", "sea")])["A", "C", "sea"] is False


def test_links_have_no_border_and_land_keeps_its_own() -> None:
    edges = join_edges(LAND, [Link("C", "D", "bridge")], IDS)
    assert edges.border.tolist() == [5.0, 0.0]


def test_map_without_links_keeps_its_land() -> None:
    assert default_of([]) == {("A", "B", "land"): True}


@pytest.mark.parametrize(
    ("links", "message"),
    [
        ([Link("A", "C", "tunnel")], r"links\[0\] has kind 'tunnel'; choose from bridge, ferry"),
        ([Link("A", "X", "ferry")], r"links\[0\] names the unit 'X'"),
        ([Link("A", "X" * 5_000, "ferry")], r"^links\[0\] names the unit 'X{59}…', .{9,30}$"),
        ([Link("C", "C", "ferry")], r"links\[0\] joins the unit 'C' to itself"),
        ([Link("B", "A", "bridge")], r"'B' and 'A', which already have a common border"),
        ([Link("A", "C", "sea"), Link("C", "A", "sea")], r"links\[1\] .* already have links\[0\]"),
    ],
)
def test_senseless_link_is_refused(links, message) -> None:
    with pytest.raises(ValueError, match=message):
        join_edges(LAND, links, IDS)
