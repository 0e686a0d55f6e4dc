"""Finished runs of the shipped scenarios, to hold the plans of a sweep against."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from partition.errors import InputError
from partition.question.question import Question
from partition.runs.reading import plan_in, read_document
from partition.scenario import shipped_names
from partition.studies.running.finished import find_finished
from solvers.plan import Plan


class _Found(NamedTuple):
    """The best plan that any run has for a shipped scenario."""

    title: str
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
    found: dict[str, _Found] = {}
    for one in find_finished(runs):
        with suppress(InputError, KeyError, TypeError, ValueError):
            document = read_document(one.folder)
            scenario = document["scenario"]
            name = scenario["name"]
            is_ours = document["data"]["sha256"] == hashes and name != question.scenario.stem
            if not is_ours or scenario["election"] != question.election or "swing" in scenario:
                continue
            best = found.get(name)
            if name in shipped_names() and (best is None or one.objective > best.objective):
                found[name] = _Found(str(scenario["title"]), one.objective, one.folder)
    plans: dict[str, Plan] = {}
    for name in shipped_names():
        if name in found:
            with suppress(InputError, json.JSONDecodeError):
                plans[found[name].title] = plan_in(found[name].folder, question.units)
    return plans
