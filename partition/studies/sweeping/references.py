"""Finished runs of the shipped scenarios, to hold the plans of a sweep against."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from partition.errors import InputError
from partition.question.question import Question
from partition.runs.reading import plan_in, read_document
from partition.scenario import Scenario, shipped_names
from partition.studies.distinctions import but_for_votes
from partition.studies.running.finished import find_finished
from solvers.plan import Plan


class _Found(NamedTuple):
    """The best plan that any run has for a shipped scenario."""

    objective: int
    folder: Path


def shipped_plans(question: Question, runs: Path) -> dict[str, Plan]:
    """Find the best plans that finished runs in a folder have for the shipped scenarios.

    Parameters
    ----------
    question
        Of which land and election they are to be. Its own scenario is left out.
    runs
        Folder of the bundles; what is damaged in it is left out.

    Returns
    -------
    dict
        Plans by the titles of the scenarios, in the order in which these are listed.
    """
    if question.scenario.data is not None:
        return {}
    hashes = dict(question.dataset.hashes)
    asked = {name: _asking(question, name) for name in shipped_names()}
    asked.pop(question.scenario.stem, None)
    found: dict[str, _Found] = {}
    for one in find_finished(runs):
        with suppress(InputError, KeyError, TypeError, ValueError):
            document = read_document(one.folder)
            table = dict(document["scenario"])
            name = table.pop("name")
            if name not in asked or document["data"]["sha256"] != hashes:
                continue
            scenario, best = Scenario.from_table(table, name), found.get(name)
            is_better = best is None or one.objective > best.objective
            if is_better and _is_same(scenario, asked[name]):
                found[name] = _Found(one.objective, one.folder)
    plans: dict[str, Plan] = {}
    for name, scenario in asked.items():
        if name in found:
            with suppress(InputError, json.JSONDecodeError):
                plans[scenario.title] = plan_in(found[name].folder, question.units)
    return plans


def _asking(question: Question, name: str) -> Scenario:
    """Ask a shipped scenario of the same land and election, its sides called the same."""
    shipped = Scenario.shipped(name)
    return shipped.override(election=question.election, sides=question.scenario.sides)


def _is_same(scenario: Scenario, shipped: Scenario) -> bool:
    """Whether a run asks what a shipped scenario does, and not only has its name."""
    votes = (scenario.election, scenario.swing)
    return votes == (shipped.election, shipped.swing) and (
        but_for_votes(scenario) == but_for_votes(shipped)
    )
