from __future__ import annotations

import json
import re
from functools import partial
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shapefiles import (
    DataError,
    Units,
    dissolve,
    load_united_states,
    read_assignment,
    read_units,
    write_assignment,
    write_dual_graph,
)
from shapefiles.files.dualgraph import is_dual_graph, read_dual_graph


@pytest.fixture(scope="module")
def state() -> Units:
    units = load_united_states()
    return units.subset(np.flatnonzero(units.states == "MA"))


def test_networkx_reads_the_graph_that_was_written(state, tmp_path: Path) -> None:
    write_dual_graph(state, tmp_path / "graph.json")
    graph = nx.adjacency_graph(json.loads((tmp_path / "graph.json").read_text()))
    on = state.edges.is_default
    assert {tuple(sorted(pair)) for pair in graph.edges} == {
        tuple(pair) for pair in state.edges.pairs[on].tolist()
    }
    lengths = [
        graph.edges[pair]["shared_perim"] for pair in map(tuple, state.edges.pairs[on].tolist())
    ]
    assert lengths == state.edges.border[on].tolist()
    assert [graph.nodes[row]["GEOID"] for row in range(state.n_units)] == state.ids.tolist()
    for row in range(state.n_units):
        node = graph.nodes[row]
        inner = sum(
            length
            for pair, length in zip(state.edges.pairs, state.edges.border, strict=True)
            if row in pair
        )
        outer = state.attributes["perimeter"][row] - inner
        assert node["boundary_node"] == (outer > 1)
        assert node["boundary_perim"] == pytest.approx(max(outer, 0), abs=1)


def test_graph_comes_back_as_units_without_polygons(state, tmp_path: Path) -> None:
    write_dual_graph(state, tmp_path / "graph.json")
    units = read_units(
        tmp_path / "graph.json", id="GEOID", name="NAME", blue="2020_blue", red="2020_red",
        attributes=["population", "surface=area"], election="2020",
    )  # fmt: skip
    on = state.edges.is_default
    assert units.ids.tolist() == state.ids.tolist()
    assert units.names.tolist() == state.names.tolist()
    assert units.votes["2020"].tolist() == state.votes["2020"].tolist()
    assert units.attributes["surface"].tolist() == state.attributes["area"].tolist()
    assert units.edges.pairs.tolist() == state.edges.pairs[on].tolist()
    assert units.edges.kind.tolist() == state.edges.kind[on].tolist()
    assert not units.has_polygons
    assert state.has_polygons
    with pytest.raises(ValueError, match="graph without polygons, so they cannot be drawn"):
        dissolve(units, np.zeros(units.n_units, int))


@settings(max_examples=30)
@given(st.integers(1, 12), st.data())
def test_any_graph_of_networkx_is_read(
    tmp_path_factory: pytest.TempPathFactory, n_nodes, data
) -> None:
    pairs = data.draw(
        st.lists(st.tuples(st.integers(0, n_nodes - 1), st.integers(0, n_nodes - 1)), max_size=20)
    )
    graph = nx.Graph()
    for node in range(n_nodes):
        graph.add_node(f"n{node}", code=f"{node:03d}", blue=node, red=1)
    graph.add_edges_from((f"n{a}", f"n{b}") for a, b in pairs if a != b)
    path = tmp_path_factory.mktemp("graph") / "graph.json"
    expected = {tuple(sorted((int(a[1:]), int(b[1:])))) for a, b in graph.edges}
    for document in (
        nx.adjacency_data(graph),
        nx.node_link_data(graph, edges="edges"),
        nx.node_link_data(graph, edges="links"),
    ):
        path.write_text(json.dumps(document))
        units = read_units(path, id="code", blue="blue", red="red")
        assert {tuple(pair) for pair in units.edges.pairs.tolist()} == expected


def leave(graph) -> None:
    """Leave a graph as it is."""


def drop_loops(graph) -> None:
    graph.remove_edges_from(list(nx.selfloop_edges(graph)))


def add_zero(graph) -> None:
    graph.edges[2, 3]["shared_perim"] = 0


def drop_lengths(graph) -> None:
    for _, _, values in graph.edges(data=True):
        values.pop("shared_perim")


@pytest.mark.parametrize(
    ("fault", "message", "remedy", "lengths"),
    [
        ({(2, 3): {"shared_perim": 5.0}}, "", leave, [3.0, 4.0, 5.0]),
        ({(2, 3): {}}, "no shared_perim for 1 edge, as that of nodes 3 and 4", add_zero, [3, 4, 0]),
        ({(2, 3): {"shared_perim": None}}, "shared_perim 'None'", drop_lengths, [0, 0, 0]),
        ({(2, 3): {"shared_perim": True}}, "shared_perim 'True'", drop_lengths, [0, 0, 0]),
        ({(1, 1): {"shared_perim": 1.0}}, "itself: graph.remove_edges_from", drop_loops, [3, 4]),
    ],
)
@pytest.mark.parametrize("write", [nx.adjacency_data, partial(nx.node_link_data, edges="links")])
def test_a_faulty_edge_is_refused_with_a_remedy_that_works(
    tmp_path: Path, write, fault, message, remedy, lengths
) -> None:
    graph = nx.Graph()
    graph.add_nodes_from((k, {"code": f"u{k}", "blue": k, "red": 1}) for k in range(4))
    graph.add_edge(0, 1, shared_perim=3.0)
    graph.add_edge(1, 2, shared_perim=4.0)
    graph.add_edges_from((a, b, values) for (a, b), values in fault.items())
    path = tmp_path / "graph.json"
    path.write_text(json.dumps(write(graph)))
    if message:
        with pytest.raises(DataError, match=re.escape(message)):
            read_units(path, id="code", blue="blue", red="red")
        remedy(graph)
        path.write_text(json.dumps(write(graph)))
    units = read_units(path, id="code", blue="blue", red="red")
    assert units.edges.border.tolist() == lengths


def test_two_directions_of_an_edge_that_say_different_lengths_are_asked_about(
    tmp_path: Path,
) -> None:
    rows = [[{"id": 1, "shared_perim": 2.0}], [{"id": 0, "shared_perim": 3.0}]]
    path = tmp_path / "graph.json"
    path.write_text(json.dumps({"nodes": [node(0), node(1)], "adjacency": rows}))
    with pytest.raises(DataError, match=r"nodes 1 and 2 twice, as \(2.0.* and \(3.0"):
        read_dual_graph(path)


def test_votes_of_a_graph_may_come_from_a_table(state, tmp_path: Path) -> None:
    write_dual_graph(state, tmp_path / "graph.json")
    rows = [f"{one},{row},7" for row, one in enumerate(state.ids.tolist())]
    (tmp_path / "v.csv").write_text("\n".join(["id,b,r", *rows]))
    given_ = {"id": "GEOID", "votes_id": "id", "blue": "b", "red": "r"}
    units = read_units(tmp_path / "graph.json", tmp_path / "v.csv", **given_)
    assert units.votes["votes"][:, 0].tolist() == list(range(state.n_units))
    (tmp_path / "v.csv").write_text("\n".join(["id,b,r", *rows[1:]]))
    dropped = read_units(
        tmp_path / "graph.json", tmp_path / "v.csv", **given_, without_votes="drop"
    )
    assert dropped.ids.tolist() == state.ids[1:].tolist()


def node(number: int, **more: object) -> dict[str, object]:
    return {"id": number, "GEOID": f"{number:02d}", **more}


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("[" * 10_000 + "]" * 10_000, "nested too deep"),
        ('{"nodes": [', "is not JSON"),
        ({"nodes": [], "adjacency": []}, "is not a dual graph"),
        ({"nodes": [node(0)], "adjacency": []}, "is not a dual graph"),
        ({"nodes": [1], "adjacency": [[]]}, "is not a dual graph"),
        ({"nodes": [{"a": 1}], "adjacency": [[]]}, "node 1 has no id"),
        ({"nodes": [node(0), node(0)], "adjacency": [[], []]}, "two nodes with one id"),
        ({"nodes": [node(0)], "adjacency": [[{"id": 0}]]}, "adjacent to '0', which is itself"),
        ({"nodes": [node(0)], "adjacency": [[{"id": 9}]]}, "adjacent to '9', which is no node"),
        ({"nodes": [node(0)], "adjacency": [[]], "directed": True}, "directed graph"),
        ({"nodes": [node(0)], "links": 7}, "'adjacency', 'links' or 'edges'"),
        ({"nodes": [node(0)]}, "'adjacency', 'links' or 'edges'"),
        ({"nodes": [node(0)], "links": [{"source": 9, "target": 0}]}, "begins at '9', .* no node"),
        ({"nodes": [node(0), node(1)], "adjacency": [[{"id": "1"}], []]}, "There is a node 1: "),
        ({"nodes": [node(0), node(1)], "links": [{"source": "0", "target": 1}]}, "a node 0: write"),
        (
            {"nodes": [node(0), node(1)], "adjacency": [[{"id": 1, "shared_perim": -1}], []]},
            "shared_perim '-1'",
        ),
        (
            {"nodes": [node(0), node(1)], "adjacency": [[{"id": 1, "kind": "tunnel"}], []]},
            "kind 'tunnel'",
        ),
        ('{"nodes": [{"id": 1' + "0" * 5000 + '}], "adjacency": [[]]}', "is not JSON"),
    ],
)
def test_what_is_no_dual_graph_is_refused_in_one_line(tmp_path: Path, document, message) -> None:
    path = tmp_path / "graph.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    with pytest.raises(DataError, match=message) as caught:
        read_dual_graph(path)
    assert "\n" not in str(caught.value)


def test_geojson_and_topojson_are_no_dual_graphs(tmp_path: Path) -> None:
    for name, content in (
        ("a.json", '{"type":"FeatureCollection","features":[],"nodes":1}'),
        ("b.json", '{"type":"Topology","nodes":1}'),
        ("c.geojson", '{"nodes":[]}'),
        ("d.json", "{}"),
    ):
        (tmp_path / name).write_text(content)
        assert not is_dual_graph(tmp_path / name)


def test_plan_travels_there_and_back(state, tmp_path: Path) -> None:
    plan = np.arange(state.n_units) % 2
    write_assignment(state, plan, tmp_path / "plan.csv")
    lines = (tmp_path / "plan.csv").read_text().splitlines()
    assert lines[:3] == ["GEOID,District", f"{state.ids[0]},2", f"{state.ids[1]},1"]
    assert read_assignment(tmp_path / "plan.csv", state).tolist() == plan.tolist()


def test_plans_of_other_tools_are_understood_or_asked_about(state, tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"

    def write(header, labels) -> None:
        rows = [f"{one},{label}" for one, label in zip(state.ids.tolist(), labels, strict=True)]
        path.write_text("\n".join([header, *rows]))

    half = np.arange(state.n_units) % 2
    write("GEOID20,district", half)  # parts as they are: 1 is blue
    assert read_assignment(path, state).tolist() == half.tolist()
    write("id,assignment", np.where(half, "Blue", "Red"))
    assert read_assignment(path, state).tolist() == half.tolist()
    write("GEOID,District", np.where(half, "north", "south"))
    with pytest.raises(DataError, match="say which one is the blue nation"):
        read_assignment(path, state)
    assert read_assignment(path, state, blue="north").tolist() == half.tolist()
    with pytest.raises(DataError, match="has no district 'west'"):
        read_assignment(path, state, blue="west")
    write("GEOID,District", np.where(half, "0", "2"))
    with pytest.raises(DataError, match="say which one"):
        read_assignment(path, state)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda lines: lines[:-1], "leaves out 1 unit"),
        (lambda lines: [*lines, "99999,1"], "line 16: '99999' is not a unit"),
        (lambda lines: [*lines, lines[-1]], "is given twice"),
        (lambda lines: [*lines[:-1], lines[-1][:-1] + "3"], "has 3 districts"),
        (lambda lines: ["unit,District", *lines[1:]], "no column called geoid or id"),
        (lambda lines: ["GEOID,part", *lines[1:]], "no column called district or"),
    ],
)
def test_damaged_plan_is_refused(state, tmp_path: Path, change, message) -> None:
    write_assignment(state, np.arange(state.n_units) % 2, tmp_path / "plan.csv")
    lines = (tmp_path / "plan.csv").read_text().splitlines()
    (tmp_path / "plan.csv").write_text("\n".join(change(lines)))
    with pytest.raises(DataError, match=message):
        read_assignment(tmp_path / "plan.csv", state)


def test_full_disk_leaves_the_old_file_and_no_part(
    state, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "plan.csv"
    path.write_text("old")

    def full(_descriptor) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_assignment(state, np.zeros(state.n_units, int), path)
    with pytest.raises(OSError, match="No space left"):
        write_dual_graph(state, tmp_path / "new.json")
    assert [one.name for one in tmp_path.iterdir()] == ["plan.csv"]
    assert path.read_text() == "old"
