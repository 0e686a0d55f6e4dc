"""Every claim of every study holds on every small planar graph."""

from __future__ import annotations

from fuzz import atlas


def test_what_each_study_says_is_true_of_all_there_is_on_every_graph_of_up_to_four_units() -> None:
    graphs = list(atlas.shapes(4))
    assert len(graphs) == 9
    for seed, graph in enumerate(graphs):
        assert atlas.check_shape(graph, seed).total() == len(atlas.CHECKS)
