"""Plans side by side: the table says what the plans say, and finished runs are found again."""

from __future__ import annotations

import contextlib
import csv
import itertools
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
import shapely
from rich.console import Console

import partition
from partition.errors import IncompleteError, InfeasibleError, InputError
from partition.land.ballot import Ballot
from partition.land.dataset import Dataset
from partition.land.own_map import with_map
from partition.question.asking import ask_each
from partition.studies.running.finished import find_finished
from partition.studies.running.jobs import Done
from partition.studies.swings.ageing import ageing, regret_text
from partition.studies.swings.swing_page import explored_swings
from partition.studies.swings.swings import Swings
from partition.studies.table import narrow_columns
from shapefiles.mapfiles import MapFiles
from shapefiles.units import Units


@pytest.fixture
def country(squares: Units) -> Units:
    """Two rows of three squares, with votes of three elections that move to the right."""
    votes = squares.votes["2016"].copy()
    votes[5] = votes[5][::-1]  # a blue corner among red squares
    return replace(
        squares,
        votes={
            "2016": votes,
            "2020": votes + np.array([[0, 30]] * 3 + [[0, 0]] * 3),
            "2024": votes[::-1].copy(),
        },
    )


@pytest.fixture
def comparison(country: Units, tmp_path: Path) -> partition.Comparison:
    return partition.compare(
        ["counties", "archipelago"], data=country, runs=tmp_path / "runs", gap=0, time_limit=20
    )


def test_the_files_say_what_the_plans_say(
    comparison: partition.Comparison, country: Units, tmp_path: Path
) -> None:
    written = comparison.write(tmp_path / "study")
    assert [one.name for one in written] == [
        "comparison.csv",
        "comparison.json",
        "comparison.md",
        "comparison.html",
    ]
    with written[0].open(newline="") as stream:
        lines = list(csv.DictReader(stream))
    document = json.loads(written[1].read_text())
    votes = country.votes["2016"]
    for line, stated in zip(lines, document["plans"], strict=True):
        plan = comparison.outcomes[line["label"]].plan.assignment
        at_home = int(np.where(plan, votes[:, 0], votes[:, 1]).sum())
        assert int(line["self_determined_voters"]) == at_home == stated["self_determined_voters"]
        assert int(line["objective_votes"]) == int(line["bound_votes"]) == at_home
        saved = (Path(stated["bundle"]) / "plan.csv").read_text().splitlines()[1:]
        assert [one.split(",")[1] == "blue" for one in saved] == plan.astype(bool).tolist()
        assert f"{100 * at_home / votes.sum():.2f} %" in written[2].read_text()
    plans = re.search(r'id="plan-data">(.*?)</script>', written[3].read_text())
    assert plans is not None
    page = json.loads(plans[1])["explored"]
    shown = page["plans"]
    assert [one["title"] for one in shown] == [
        "Two contiguous nations",
        "An archipelago of majorities",
    ]
    for one, outcome in zip(shown, comparison.outcomes.values(), strict=True):
        assert one["about"] == outcome.scenario.description
    # The page says of each row what was asked, and which run has the answer.
    for one, line in zip(shown, lines, strict=True):
        said = dict(zip(page["factNames"], one["facts"], strict=True))
        assert said["blue.pieces"] == line["nations.blue.pieces"]
        assert (said["Election"], said["Seed"]) == (line["election"], line["seed"])
        assert said["Run"] == Path(line["folder"]).name
        assert one["status"] == line["quality"]


def test_the_chart_of_the_page_has_the_plans_as_a_recount_has_them(
    comparison: partition.Comparison, country: Units
) -> None:
    page = comparison.map().get_root().render()
    found = re.search(r'id="plan-data">(.*?)</script>', page)
    assert found is not None
    chart = json.loads(found[1])["explored"]
    keys = [one["key"] for one in chart["measures"]]
    assert [keys[chart["across"]], keys[chart["up"]]] == ["border_km", "self_determined_share"]
    assert chart["bounds"] == []  # of plans under different rules nothing is proven together
    votes, (first, second) = country.votes["2016"], country.edges.pairs.T
    for one, run in zip(chart["plans"], comparison.runs.values(), strict=True):
        plan = run.plan.assignment
        shown = dict(zip(keys, one["figures"], strict=True))
        at_home = int(np.where(plan, votes[:, 0], votes[:, 1]).sum())
        assert shown["self_determined_share"] == pytest.approx(at_home / votes.sum())
        assert shown["stranded_voters"] == votes.sum() - at_home
        km = country.edges.border[plan[first] != plan[second]].sum() / 1000
        assert shown["border_km"] == pytest.approx(km)
        assert one["title"] == run.scenario.title


def test_a_comparison_shows_itself(comparison: partition.Comparison) -> None:
    assert "2 plans: 'archipelago' has the most self-determined voters, 78.33 %" in repr(comparison)
    assert comparison.table.loc["archipelago", "self_determined_voters"] == 470
    html = comparison._repr_html_()
    assert html.count("<tr>") == 3
    assert "78.33 %" in html
    console = Console(width=200)
    with console.capture() as shown:
        console.print(comparison)
    assert "78.33 %" in shown.get()
    assert "archipelago" in shown.get()


def test_a_plan_begun_with_and_inequalities_used_are_told_apart(
    comparison: partition.Comparison,
) -> None:
    begun = {
        "counties": {"start": "a", "taught_by": ("b, c", "d")},
        "archipelago": {"taught_by": ("e",)},
    }
    told = replace(
        comparison,
        runs={label: replace(run, **begun[label]) for label, run in comparison.runs.items()},
    )
    console = Console(width=1000)
    with console.capture() as shown:
        console.print(told)
    first, second = (line for line in shown.get().splitlines() if ". In " in line)
    folder = comparison.runs["counties"].folder
    said = "Begun with the plan of a. Inequalities of b, c, d were checked and used as well."
    assert f"In {folder}. {said}" in first
    assert "Begun" not in second
    assert "Inequalities of e were checked and used as well." in second


def test_on_a_terminal_of_80_columns_only_the_names_of_plans_are_folded(
    country: Units, tmp_path: Path
) -> None:
    names = ["counties", "counties@border=12.5,blue.pieces=3,red.pieces=any,cut_edges=0.25"]
    compared = partition.compare(names, data=country, runs=tmp_path / "runs", gap=0, time_limit=20)
    console = Console(width=80)
    with console.capture() as shown:
        console.print(compared)
    text = shown.get()
    assert "…" not in text
    lines = [line for line in text.splitlines() if line.startswith("│")]
    for row in compared.rows:
        for title, write in narrow_columns(compared.ballot, compared.rows):
            assert all(word in text for word in title.split())
            assert any(f" {write(row)} │" in line for line in lines)
    folded = [line.split("│")[1].strip() for line in lines if "│" in line]
    assert names[1] in "".join(folded)


OF_A_NATION = (
    "people", "gdp_dollars", "electoral_votes", "pieces", "exclaves", "exclave_people",
    "enclaves", "enclave_people", "polsby_popper", "has_sea_access",
)  # fmt: skip
OF_THE_COUNTRY = (
    "self_determined_voters", "self_determined_share", "stranded_voters", "blue_stranded_voters",
    "red_stranded_voters", "blue_stranded_share", "red_stranded_share",
    "stranded_share_difference", "gain_over_status_quo_voters", "gain_over_status_quo_share",
    "price_of_contiguity_voters", "dissimilarity_index", "variance_between_share",
    "dollars_per_freed_voter_and_gdp_percent", "border_km", "cut_edges",
)  # fmt: skip

OF_THE_RUN = {
    "label", "scenario", "election", "status", "objective_votes", "bound_votes", "gap", "seed",
    "runtime_seconds", "quality", "folder", "start",
    "inequalities_from", "time_limit_seconds", "asked_gap",
    "iterations", "people_year", "gdp_year",
}  # fmt: skip


def figures_of(comparison: partition.Comparison) -> dict[str, str]:
    """What the page says of its first plan, numbers as they are."""
    page = comparison.map().get_root().render()
    found = re.search(r'id="plan-data">(.*?)</script>', page)
    assert found is not None
    told = json.loads(found[1])["explored"]
    names = [*(one["name"] for one in told["measures"]), *told["factNames"]]
    first = told["plans"][0]
    return dict(zip(names, map(str, [*first["figures"], *first["facts"]]), strict=True))


def test_the_table_answers_the_critic_as_the_reports_do(dataset: Dataset, tmp_path: Path) -> None:
    comparison = partition.compare(["calexit", "archipelago"], data=dataset, runs=tmp_path)
    assert comparison.table.loc["calexit", "leaving_electoral_votes"] == 55
    assert comparison.table.loc["archipelago", "split_states"] == 45
    for row in comparison.rows:
        stated = json.loads((comparison.folders[row["label"]] / "report.json").read_text())
        rest = stated["presidency"]["rest_of_the_country"]
        expected = {name: stated["country"][name] for name in OF_THE_COUNTRY}
        for side, nation in stated["nations"].items():
            expected |= {f"{side}_{name}": nation[name] for name in OF_A_NATION}
            expected[f"{side}_house_seats"] = stated["house"][f"{side}_seats"]
            expected[f"rest_{side}_electoral_votes"] = rest[f"{side}_electoral_votes"]
        expected |= {
            "split_states": len(stated["states"]["split_states"]),
            "cut_off_people": sum(
                one["cut_off_people"] for one in stated["states"]["split_states"]
            ),
            "leaving_nation": stated["presidency"]["leaving_nation"],
            "leaving_electoral_votes": stated["presidency"]["leaving_electoral_votes"],
            "rest_winner": rest["winner"],
            "rest_winner_name": {"blue": "Clinton", "red": "Trump"}[rest["winner"]],
            "rest_margin_electoral_votes": abs(
                rest["blue_electoral_votes"] - rest["red_electoral_votes"]
            ),
            "rest_blue_lead_votes_share": rest["blue_lead_votes_share"],
            "house_seats": 435,
        }
        said = {
            name: value
            for name, value in row.items()
            if name not in OF_THE_RUN and "." not in name  # and not a key of the scenario
        }
        for side in ("blue", "red"):  # whoever is not stranded is at home
            at_home = said.pop(f"{side}_at_home_share")
            assert at_home == pytest.approx(1 - said[f"{side}_stranded_share"], abs=1e-15)
        assert said == expected
    # What people read: California takes 55 electors of 305 to 233 with it.
    console = Console(width=80)
    with console.capture() as shown:
        console.print(comparison)
    on_page = figures_of(comparison)
    assert on_page["Electoral votes leaving"] == "55"
    assert on_page["President of the rest"] == "Trump +127"
    for side in ("blue", "red"):
        people = comparison.table.loc["calexit", f"{side}_people"]
        assert on_page[f"People of 2016, {side}"] == str(people)
    for text in (shown.get(), comparison.markdown(), comparison._repr_html_()):
        for words in ("Trump +127", "55", "86.7 %", "2,501"):
            assert words in text
    assert max(map(len, shown.get().splitlines())) <= 80
    assert "…" not in shown.get()


def test_what_the_data_do_not_know_is_no_column(
    comparison: partition.Comparison, country: Units, tmp_path: Path
) -> None:
    unknown = ("leaving_electoral_votes", "rest_winner", "house_seats", "blue_electoral_votes")
    for row in comparison.rows:
        assert [row[name] for name in unknown] == [None] * len(unknown)
        assert row["split_states"] is not None
    plain = replace(country, states=np.full(6, ""), attributes={"area": country.attributes["area"]})
    poor = partition.compare(["archipelago", "counties"], data=plain, runs=tmp_path / "plain")
    console = Console(width=80)
    with console.capture() as shown:
        console.print(poor)
    for text in (shown.get(), poor.markdown(), poor._repr_html_(), " ".join(figures_of(poor))):
        assert "stranded" in text
        for word in ("lector", "resident", "House", "split", "GDP", "won by", "cut off from"):
            assert word not in text


def test_finished_runs_are_found_by_what_they_were_asked(
    comparison: partition.Comparison,
    country: Units,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runs = tmp_path / "runs"
    found = [one.folder for one in find_finished(runs)]
    assert sorted(found) == sorted(comparison.folders.values())

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("solved again")

    def again(**changes: object) -> list[Done]:
        seen: list[Done] = []
        partition.compare(
            ["counties", "archipelago"],
            **{"data": country, "runs": runs, "gap": 0, "time_limit": 20, **changes},
            watch=seen.append,
        )
        return seen

    with monkeypatch.context() as patch:
        patch.setattr("partition.studies.running.worker.solve_question", refuse)
        assert [one.is_reused for one in again()] == [True, True]
        for one, before in zip(again(), comparison.outcomes.values(), strict=True):
            assert (one.outcome.plan, one.outcome.report) == (before.plan, before.report)
    # Anything that the answer depends on makes it another run.
    assert [one.is_reused for one in again(seed=1)] == [False, False]
    richer = {**country.attributes, "gdp": country.attributes["gdp"] + 1}
    assert not any(one.is_reused for one in again(data=replace(country, attributes=richer)))
    # A run that was interrupted has not answered its question.
    path = next(iter(comparison.folders.values())) / "run.json"
    path.write_text(path.read_text().replace('"status": "OPTIMAL"', '"status": "INTERRUPTED"'))
    assert [one.is_reused for one in again()] == [True, False]  # the finished one is told first


def test_two_names_for_one_question_are_one_run(country: Units, tmp_path: Path) -> None:
    scenario = partition.Scenario.load("archipelago")
    twin = replace(scenario, name="twin", title="The same by another name")
    seen: list[Done] = []
    comparison = partition.compare(
        [scenario, twin], data=country, runs=tmp_path / "runs", watch=seen.append
    )
    assert len(seen) == len(list((tmp_path / "runs").iterdir())) == 1
    one, two = comparison.outcomes.values()
    assert one.plan == two.plan
    assert two.scenario.title == "The same by another name"
    # Where titles do not tell plans apart, the page has the names they were asked for by.
    twin = replace(scenario, name="twin")
    comparison = partition.compare([scenario, twin], data=country, runs=tmp_path / "runs")
    page = comparison.map().get_root().render()
    assert '"title":"archipelago"' in page
    assert '"title":"twin"' in page


def contiguous_plans(units: Units) -> list[np.ndarray]:
    graph = nx.Graph(units.edges.pairs.tolist())
    return [
        np.array(parts)
        for parts in itertools.product([0, 1], repeat=units.n_units)
        if all(
            not one or nx.is_connected(graph.subgraph(one))
            for one in (np.flatnonzero(np.array(parts) == side).tolist() for side in (0, 1))
        )
    ]


def test_regret_is_what_a_plan_gives_up_under_another_election(
    country: Units, tmp_path: Path
) -> None:
    elections = ("2016", "2020", "2024")
    comparison = partition.compare(
        elections=elections, data=country, runs=tmp_path, gap=0, time_limit=20
    )
    assert list(comparison.outcomes) == [f"counties {one}" for one in elections]
    plans = contiguous_plans(country)
    assert len(comparison.regrets) == 9
    for regret in comparison.regrets:
        votes = country.votes[regret.election]

        def at_home(plan: np.ndarray, votes: np.ndarray = votes) -> int:
            return int(np.where(plan, votes[:, 0], votes[:, 1]).sum())

        own = at_home(comparison.outcomes[regret.label].plan.assignment)
        assert regret.value_votes == own
        assert regret.least_votes == regret.most_votes == max(map(at_home, plans)) - own
    assert any(regret.least_votes for regret in comparison.regrets)
    assert "How the plans age" in comparison.markdown()
    page = comparison.map().get_root().render()
    assert "shaded by the votes of 2016" in page
    for election in elections:
        assert f'"title":"Two contiguous nations, {election}"' in page


def test_regret_without_a_proof_is_an_interval(country: Units, tmp_path: Path) -> None:
    comparison = partition.compare(
        ["counties"], elections=["2016", "2020"], data=country, runs=tmp_path, iterations=1, gap=1
    )
    for regret in comparison.regrets:
        target = comparison.outcomes[f"counties {regret.election}"].result
        assert regret.most_votes == target.bound - regret.value_votes
        assert 0 <= regret.least_votes <= regret.most_votes
    example = comparison.regrets[0]
    assert regret_text(example._replace(least_votes=1.2, most_votes=7.5)) == "1 to 8"
    assert regret_text(example._replace(most_votes=None)).startswith("at least")
    assert regret_text(example._replace(breaks="it is torn")) == "not allowed: it is torn"


def test_a_scenario_without_a_plan_is_a_line_and_no_end(country: Units, tmp_path: Path) -> None:
    possible = partition.Scenario.load("archipelago")
    limits = {"nations.blue.least.population": 0.9, "nations.red.least.votes": 0.4}
    impossible = replace(possible.override(settings=limits), name="impossible")
    comparison = partition.compare([impossible, possible], data=country, runs=tmp_path)
    assert list(comparison.outcomes) == ["archipelago"]
    assert comparison.failures[0].label == "impossible"
    assert "impossible: " in comparison.markdown()
    with pytest.raises((InfeasibleError, InputError), match="impossible: "):
        partition.compare([impossible], data=country, runs=tmp_path)


def write_map(path: Path, votes: list[tuple[int, int]]) -> MapFiles:
    """Write a row of squares with their votes as GeoJSON."""
    features = [
        {
            "type": "Feature",
            "properties": {"id": f"{place}", "yes": yes, "no": no},
            "geometry": json.loads(
                shapely.to_geojson(shapely.box(place / 10, 45, place / 10 + 0.1, 45.1))
            ),
        }
        for place, (yes, no) in enumerate(votes)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return MapFiles(units=str(path), id="id", blue=("yes",), red=("no",))


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_plans_of_a_map_of_ones_own_are_compared_in_other_processes(tmp_path: Path) -> None:
    files = write_map(tmp_path / "row.geojson", [(9, 1), (2, 8), (7, 3), (1, 9)])
    comparison = partition.compare(
        ["counties", "archipelago"], data=files, runs=tmp_path / "runs", n_jobs=2
    )
    voters = [one["self_determined_voters"] for one in comparison.rows]
    assert voters == [9 + 8 + 3 + 9, 9 + 8 + 7 + 9]
    seen: list[Done] = []
    partition.compare(["archipelago"], data=files, runs=tmp_path / "runs", watch=seen.append)
    assert [one.is_reused for one in seen] == [True]
    data = re.search(r'id="plan-data">(.*?)</script>', comparison.map().get_root().render())
    assert data is not None
    assert json.loads(data[1])["parties"] == ["No", "Yes"]  # in the order of the parts
    other = write_map(tmp_path / "other.geojson", [(9, 1), (2, 8)])
    mine, yours = (with_map(partition.Scenario.load("archipelago"), one) for one in (files, other))
    with pytest.raises(InputError, match="'other-archipelago' divides another map than 'row-"):
        partition.compare([mine, yours], runs=tmp_path / "runs")


@pytest.mark.parametrize(
    ("otherwise", "said"),
    [
        ({"links": "links.csv"}, r"data\.links differs\."),
        ({"blue": ("no",), "red": ("yes",)}, r"data\.blue and data\.red differ\."),
    ],
)
def test_files_that_are_read_in_two_ways_are_called_by_the_keys_that_differ(
    tmp_path: Path, otherwise: dict[str, Any], said: str
) -> None:
    files = write_map(tmp_path / "row.geojson", [(9, 1), (2, 8), (7, 3), (1, 9)])
    counties = partition.Scenario.load("counties")
    mine, yours = (with_map(counties, one) for one in (files, replace(files, **otherwise)))
    with pytest.raises(InputError, match=f"reads its map otherwise than 'row': {said}"):
        partition.compare({"mine": mine, "yours": yours}, runs=tmp_path / "runs")
    same = with_map(counties.but(border=1.0), files)
    assert partition.compare({"a": mine, "b": same}, runs=tmp_path / "runs", gap=0).runs


def test_one_map_is_the_same_land_by_every_path_and_as_a_copy(tmp_path: Path) -> None:
    write_map(tmp_path / "row.geojson", [(9, 1), (2, 8), (7, 3), (1, 9)])
    page = tmp_path / "asked.toml"
    page.write_text(
        'title = "Row"\ndescription = "A row."\n'
        '[data]\nunits = "row.geojson"\nid = "id"\nblue = ["yes"]\nred = ["no"]\n'
    )
    (tmp_path / "variant.toml").write_text('base = "asked.toml"\n[weights]\nborder = 3\n')
    above = page.read_text().replace("row.geojson", "../row.geojson")
    for name, text in (("x", above), ("y", above), ("z", page.read_text())):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.toml").write_text(text)
    copy = tmp_path / "z" / "row.geojson"
    copy.write_bytes((tmp_path / "row.geojson").read_bytes())
    others = (tmp_path / one for one in ("variant.toml", "x/x.toml", "y/y.toml", "z/z.toml"))
    with contextlib.chdir(tmp_path):  # the first by a path from here, the others by whole ones
        asked = ask_each(["./asked.toml", *others])
    assert [one.scenario.weights.border for one in asked] == [0, 3, 0, 0, 0]
    copy.write_text(copy.read_text().replace('"yes": 9', '"yes": 8'))
    with pytest.raises(InputError, match="'z' divides another map than 'asked'"):
        ask_each([page, tmp_path / "z" / "z.toml"])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"scenarios": []}, "nothing to compare"),
        ({"scenarios": ["counties", "counties"]}, "'counties' is asked for twice"),
        ({"scenarios": ["countys"]}, "did you mean counties"),
        ({"scenarios": ["counties"], "elections": ["2012"]}, "election = '2012'"),
        ({"elections": []}, "No election is named"),
        ({"scenarios": ["archipelago"], "n_jobs": 0}, "jobs = 0"),
    ],
)
def test_what_makes_no_sense_is_refused(
    country: Units, tmp_path: Path, given: dict[str, object], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        partition.compare(**given, data=country, runs=tmp_path)


@pytest.mark.parametrize(
    ("voters", "written"),
    [(52_341, "52,341"), (999_999, "999,999"), (1_000_000, "1.0 M"), (61_234_567, "61.2 M")],
)
def test_the_voters_of_a_small_map_are_a_number(voters: int, written: str) -> None:
    (stranded,) = (write for name, write in narrow_columns(Ballot(""), ()) if name == "Stranded")
    assert stranded({"stranded_voters": voters}) == written
    assert stranded({"stranded_voters": None}) == "-"


def test_a_plan_that_was_searched_for_longer_before_is_on_the_page_of_elections(
    country: Units, tmp_path: Path
) -> None:
    runs = tmp_path / "runs"
    partition.solve("counties", data=country, gap=0, time_limit=30).write(runs / "before")
    study = {"data": country, "runs": runs, "gap": 0, "time_limit": 20}
    found = partition.compare("counties", elections=["2016", "2020"], **study)
    limits = {run.scenario.limits.time_limit for run in found.runs.values()}
    assert limits == {30, 20}
    assert found.write(tmp_path / "study")[-1].name == "elections.html"
    # It is held against the others as well, and they against it.
    ages = {(one.label, one.election) for one in found.regrets}
    assert ages == set(itertools.product(found.runs, ["2016", "2020"]))


def test_of_two_runs_of_a_question_a_regret_has_the_better_plan_and_the_lower_bound(
    country: Units, tmp_path: Path
) -> None:
    counties = partition.Scenario.load("counties")
    asked = {
        "early": counties,
        "late": counties.override(election="2020", seed=1),
        "later": counties.override(election="2020", seed=2),
    }
    found = partition.compare(asked, data=country, runs=tmp_path / "runs", gap=0, time_limit=20)
    runs = dict(found.runs)
    loose = runs["later"].result
    runs["later"] = replace(runs["later"], result=replace(loose, bound=loose.bound + 7))
    regrets = {(one.label, one.election): one for one in ageing(runs.items())}
    assert set(regrets) == set(itertools.product(runs, ["2016", "2020"]))
    early = regrets["early", "2020"]
    assert early.least_votes == early.most_votes == loose.objective - early.value_votes


def test_what_keeps_the_page_of_elections_from_being_drawn_costs_no_other_file(
    country: Units, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = {"data": country, "runs": tmp_path / "runs", "gap": 0, "time_limit": 20}
    found = partition.compare("counties", elections=["2016", "2020"], **study)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("partition.studies.swings.swing_page.explored_swings", fail)
    with pytest.raises(IncompleteError, match=r"without elections\.html") as lost:
        found.write(tmp_path / "study")
    assert [one.suffix for one in lost.value.written] == [".csv", ".json", ".md", ".html"]


def test_plans_of_one_question_for_several_elections_have_a_page_with_a_slider_of_these(
    country: Units, tmp_path: Path
) -> None:
    elections = ["2024", "2016", "2020"]
    study = {"data": country, "runs": tmp_path / "runs", "gap": 0, "time_limit": 20}
    found = partition.compare("counties", elections=elections, **study)
    files = found.write(tmp_path / "study")
    assert files[-1].name == "elections.html"
    # It is the page of the study of swings, which takes elections as electorates.
    aged = Swings.of_elections(found.runs, found.failures, found.identity)
    assert aged is not None
    explored = explored_swings(aged)
    assert explored.dials[0].values == (2016, 2020, 2024)
    for plan, year in zip(explored.plans, sorted(elections), strict=True):
        run = found.runs[f"counties {year}"]
        assert plan.plan.assignment.tolist() == run.plan.assignment.tolist()
        votes = country.votes[year]
        home = np.where(run.plan.assignment, votes[:, 0], votes[:, 1]).sum()
        assert plan.figures["self_determined_share"] == pytest.approx(home / votes.sum())
    for others in (["counties", "archipelago"], ["counties"]):
        assert partition.compare(others, **study).explorer() is None
