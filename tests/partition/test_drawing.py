"""Runs become maps with their own figures beside them."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

import maps
import partition
from maps.plan_texts import headline
from partition.land.dataset import Dataset
from partition.studies.comparing.comparison_page import explored_plans
from partition.studies.table import row
from shapefiles.units import Units


@pytest.fixture
def runs(squares: Units) -> dict[str, partition.Run]:
    data = Dataset.of(squares)
    return {
        name: partition.solve(scenario, data=data, time_limit=20)
        for name, scenario in (("One piece", "counties"), ("Any pieces", "archipelago"))
    }


def explored(runs: dict[str, partition.Run]) -> maps.Explored:
    return explored_plans(runs, [row(label, run) for label, run in runs.items()])


def test_a_comparison_has_the_figures_of_its_runs(runs: dict[str, partition.Run]) -> None:
    written = explored(runs)
    assert [one.title for one in written.plans] == [one.scenario.title for one in runs.values()]
    for one, run in zip(written.plans, runs.values(), strict=True):
        votes = run.dataset.units.votes["2016"]
        at_home = np.where(run.plan.assignment, votes[:, 0], votes[:, 1]).sum()
        assert headline(written, one) == f"{100 * at_home / votes.sum():.2f} %"
        assert one.figures["stranded_voters"] == votes.sum() - at_home


def test_runs_on_other_data_are_not_compared(
    runs: dict[str, partition.Run], squares: Units
) -> None:
    votes = {"2016": squares.votes["2016"] + 1}
    other = partition.solve("archipelago", data=dataclasses.replace(squares, votes=votes))
    with pytest.raises(ValueError, match="'Other' is on other units than 'One piece'"):
        explored({**runs, "Other": other})
    with pytest.raises(ValueError, match="two plans or more, and was given 0"):
        explored({})
