"""What all good plans agree on: the categories are those of all good plans there are."""

from __future__ import annotations

import csv
import html
import itertools
import json
import re
from dataclasses import replace
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from rich.console import Console

from partition.errors import InputError
from partition.studies.nearby.robust import robust
from partition.studies.nearby.robustness import CATEGORIES, MEANINGS, Robustness
from shapefiles.units import Units
from solvers.plan import Plan

WITHIN = 0.02


@pytest.fixture(scope="module")
def country(grid) -> Units:
    rng = np.random.default_rng(8)
    return grid(4, 3, blue=rng.integers(0, 100, 12).tolist(), red=rng.integers(0, 100, 12).tolist())


@pytest.fixture(scope="module")
def found(country: Units, tmp_path_factory: pytest.TempPathFactory) -> Robustness:
    runs = tmp_path_factory.mktemp("runs")
    return robust("counties", within=WITHIN, data=country, runs=runs, gap=0, time_limit=20)


def good_plans(units: Units) -> list[np.ndarray]:
    graph, votes = nx.Graph(units.edges.pairs.tolist()), units.votes["2016"]
    plans = {}
    for parts in itertools.product([0, 1], repeat=units.n_units):
        nations = [np.flatnonzero(np.array(parts) == side).tolist() for side in (0, 1)]
        if all(not one or nx.is_connected(graph.subgraph(one)) for one in nations):
            plans[parts] = int(np.where(parts, votes[:, 0], votes[:, 1]).sum())
    best = max(plans.values())
    return [np.array(plan) for plan, value in plans.items() if value >= best - WITHIN * best]


def test_every_unit_is_what_all_good_plans_make_it(found: Robustness, country: Units) -> None:
    good = np.array(good_plans(country))
    expected = {0.0: "always red", 1.0: "always blue"}
    shares = good.mean(axis=0).tolist()
    assert found.categories.tolist() == [expected.get(one, "contested") for one in shares]
    assert len(set(found.categories.tolist())) > 1
    assert found.survey.n_plans <= len(good)


def test_the_files_say_so_and_the_totals_add_up(
    found: Robustness, country: Units, tmp_path: Path
) -> None:
    files = found.write(tmp_path)
    assert [one.name for one in files] == ["robust.csv", "robust.json", "robust.md", "robust.html"]
    with files[0].open(newline="") as stream:
        lines = list(csv.DictReader(stream))
    assert [one["GEOID"] for one in lines] == country.ids.tolist()
    assert [one["category"] for one in lines] == found.categories.tolist()
    stated = json.loads(files[1].read_text())
    assert [one["category"] for one in stated["totals"]] == list(CATEGORIES)
    for name, total in (
        ("units", country.n_units),
        ("people", country.attributes["population"].sum()),
        ("voters", country.votes["2016"].sum()),
    ):
        assert sum(one[name] for one in stated["totals"]) == total
    assert "contested" in files[2].read_text()
    assert "| Units that are " in files[2].read_text()  # a map may be of precincts or nations
    assert '"robustness"' in files[3].read_text()


def test_the_map_colours_each_unit_as_the_table_calls_it(found: Robustness, tmp_path: Path) -> None:
    # Every category there is: found in red, in blue, in both; proven never to be red or blue.
    n_units = len(found.categories)
    cases = [
        ("always red", (True, False), (False, True)),
        ("red, undecided", (True, False), (False, False)),
        ("contested", (True, True), (False, False)),
        ("blue, undecided", (False, True), (False, False)),
        ("always blue", (False, True), (True, False)),
    ]
    names, is_found, is_excluded = zip(*(cases[unit % 5] for unit in range(n_units)), strict=True)
    every = replace(found.survey, is_found=np.array(is_found), is_excluded=np.array(is_excluded))
    for one in (found, replace(found, survey=every)):
        files = one.write(tmp_path)
        with files[0].open(newline="") as stream:
            table = {line["GEOID"]: line["category"] for line in csv.DictReader(stream)}
        page = files[3].read_text(encoding="utf-8")
        data = re.search(r'id="plan-data">(.*?)</script>', page)
        assert data is not None
        drawn = json.loads(data[1])
        # Classes from 0, the red end of the legend, to 4, its blue end.
        rank = {name: place for place, (name, *_) in enumerate(cases)}
        assert dict(zip(drawn["ids"], drawn["robustness"], strict=True)) == {
            unit: rank[category] for unit, category in table.items()
        }
        (legend,) = re.findall(r'<div class="legend robustness">.*?</div>', page, re.DOTALL)
        for name, place in rank.items():
            in_class = one.table[one.table["category"] == name]
            count, people = len(in_class), int(in_class["people"].sum())
            units = (
                f"{count} unit{'' if count == 1 else 's'}, {people:,} people" if count else "none"
            )
            key = f'var(--robust-{place})"></i>{name.capitalize()} <span>{units}</span></p>'
            assert key in legend
        assert 'dataset.view = "robustness";' in page  # and that is what it opens with
    assert drawn["robustnessSaid"][1] == "Red in the good plans found, undecided in others"
    assert list(table.values()) == list(names)


def test_the_page_says_how_many_live_where_the_nation_is_proven_and_what_good_means(
    found: Robustness, country: Units
) -> None:
    page = found.map().get_root().render()
    people = country.attributes["population"]
    settled = people[np.char.startswith(found.categories, "always")].sum() / people.sum()
    assert f"<strong>{100 * settled:.1f} %</strong>" in page
    assert "of the people live where every good plan agrees, proven" in page
    worth = [at_home(country, plan) for plan in good_plans(country)]
    least = max(worth) - int(WITHIN * max(worth))
    rule = f"A plan is good if {least:,} voters or more live in the nation they voted for"
    shown = html.unescape(page)
    for text in (rule, *itertools.chain(*MEANINGS)):
        assert text in shown
        assert text in found.markdown()
    assert found.to_dict()["rule"].startswith(rule)
    assert f"{found.survey.n_plans:,} were found." in found.rule


def at_home(units: Units, plan: np.ndarray) -> int:
    votes = units.votes["2016"]
    return int(np.where(plan, votes[:, 0], votes[:, 1]).sum())


def test_the_page_has_good_plans_that_show_what_is_contested(
    found: Robustness, country: Units
) -> None:
    page = found.map().get_root().render()
    data = re.search(r'id="plan-data">(.*?)</script>', page)
    assert data is not None
    explored = json.loads(data[1])["explored"]
    stated = found.to_dict()["plans"]
    good = {tuple(plan.tolist()): at_home(country, plan) for plan in good_plans(country)}
    assert 1 < len(found.plans) == len(explored["plans"]) == len(stated) <= 12
    before: set[tuple[int, int]] = set()
    for plan, shown, row in zip(found.plans, explored["plans"], stated, strict=True):
        parts = tuple(plan.assignment.tolist())
        assert row["objective_votes"] == shown["figures"][0] == good[parts]
        assert row["below_best_votes"] == max(good.values()) - good[parts]
        assert row["units_elsewhere"] == (plan.assignment != found.best.plan.assignment).sum()
        news = set(enumerate(parts)) - before
        if before:
            place = country.ids.tolist().index(row["shows"])
            assert (place, ["red", "blue"].index(row["shows_in"])) in news
            voters = country.votes["2016"].sum(axis=1)
            assert voters[place] == max(voters[unit] for unit, _ in news)
            assert shown["title"].startswith(country.names[place])
            assert shown["title"].endswith(f" in {row['shows_in']}")
        before |= news
    # With so few places, all that is contested is to be seen.
    contested = {unit for unit, side in before if (unit, 1 - side) in before}
    assert contested == set(np.flatnonzero(found.categories == "contested").tolist())


@pytest.mark.parametrize("n_votes", [-1, 0, 1])
def test_a_best_plan_that_may_not_be_good_itself_is_warned_of(
    found: Robustness, n_votes: int
) -> None:
    objective = found.best.result.objective
    assert objective is not None
    bound = objective + int(WITHIN * objective) + n_votes
    result = replace(found.best.result, bound=bound)
    doubtful = replace(found, best=replace(found.best, result=result))
    is_far = bound - objective > WITHIN * objective
    assert is_far == (n_votes > 0)
    said = "The best plan known is proven to be within"
    for text in (
        doubtful.caution,
        doubtful.map().get_root().render(),
        doubtful.markdown(),
        str(doubtful.to_dict()["caution"]),
    ):
        assert (said in text) == is_far
    assert ('id="warning"' in doubtful.map().get_root().render()) == is_far


def test_a_best_plan_of_which_nothing_is_proven_is_warned_of(found: Robustness) -> None:
    result = replace(found.best.result, bound=None)
    doubtful = replace(found, best=replace(found.best, result=result))
    assert "Nothing is proven of the best plan known" in doubtful.caution
    assert doubtful.caution in html.unescape(doubtful.map().get_root().render())


def test_a_survey_shows_itself(found: Robustness, country: Units) -> None:
    n_contested = int((found.categories == "contested").sum())
    assert f"{n_contested} contested" in repr(found)
    assert len(found.table) == country.n_units
    console = Console(width=120)
    with console.capture() as shown:
        console.print(found)
    assert "always blue" in shown.get()


def test_without_time_nothing_is_claimed_that_is_not_known(country: Units, tmp_path: Path) -> None:
    hasty = robust(
        "counties", within=WITHIN, data=country, runs=tmp_path, survey_time=1e-6, time_limit=20
    )
    truth = np.array(good_plans(country)).mean(axis=0)
    for category, share in zip(hasty.categories.tolist(), truth.tolist(), strict=True):
        if category.startswith("always"):
            assert share == ("blue" in category)
        if category == "contested":
            assert 0 < share < 1


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"within": -0.1}, "within = -0.1"),
        ({"within": float("nan")}, "within = nan"),
        ({"seeds": ()}, "at least one seed"),
        ({"survey_time": 0}, "survey time = 0"),
    ],
)
def test_what_makes_no_sense_is_refused(
    country: Units, tmp_path: Path, given: dict[str, object], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        robust("counties", data=country, runs=tmp_path, **given)


@pytest.mark.parametrize("asked", [{"split_most": 2}, {"state_splits": 0.1}])
def test_a_plan_is_counted_once_however_its_states_are_seated(
    grid, tmp_path: Path, asked: dict[str, float]
) -> None:
    rng = np.random.default_rng(3)
    country = grid(
        4, 2, blue=rng.integers(0, 100, 8).tolist(), red=rng.integers(0, 100, 8).tolist()
    )
    result = robust(
        "archipelago", within=0.03, survey_time=2, data=country, runs=tmp_path, gap=0, **asked
    )
    formulation = result.best.question.formulation
    good = []
    for parts in itertools.product([0, 1], repeat=country.n_units):
        plan = Plan(np.array(parts, np.int8))
        n_divided = sum(len(set(plan.assignment[country.states == one])) > 1 for one in "AB")
        if n_divided <= asked.get("split_most", 2):
            worth = formulation.problem.objective(formulation.expand(plan).assignment)
            good.append((worth, parts))
    good = [parts for worth, parts in good if worth >= result.survey.threshold]
    assert 1 < result.survey.n_plans <= len(good)
    shown = {tuple(one.assignment.tolist()) for one in result.plans}
    assert shown <= set(good)
    shares = result.survey.share_of_1 * result.survey.n_plans
    assert np.allclose(shares, shares.round())
    assert (shares <= np.array(good).sum(axis=0) + 1e-9).all()
