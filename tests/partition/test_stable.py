"""Who would want to switch: what is said is what networkx and pandas count from the files."""

from __future__ import annotations

import json
import shutil
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest

import partition
from partition.errors import BundleError, CertificateError, InputError, InternalError
from partition.runs.run import Run
from partition.scenario import Scenario
from partition.studies.nearby import stable as stable_module
from partition.studies.nearby.stability import Stability
from partition.verify import verify
from shapefiles.units import Units
from solvers.plan import Plan
from solvers.switched import Switching
from tests.partition.conftest import Invoke, write_scenarios

FILES = ["stable.csv", "stable-units.csv", "stable.json", "stable.md", "stable.html"]


@pytest.fixture(scope="module")
def country(grid) -> Units:
    rng = np.random.default_rng(3)
    return grid(4, 3, blue=rng.integers(0, 100, 12).tolist(), red=rng.integers(0, 100, 12).tolist())


def measured(units: Units, part: list[int], **values: object) -> Run:
    question = partition.solve("archipelago", data=units, time_limit=5).question
    scenario = Scenario.shipped("counties").but(**values)
    return Run.measured(question.asking(scenario), Plan(np.array(part, np.int8)))


def could_switch(
    units: Units, part: np.ndarray, may_tear: bool = False
) -> Iterator[tuple[int, frozenset[int]]]:
    """Every connected group on the border that leaves both nations in one piece, and its gain."""
    graph, votes = nx.Graph(units.edges.pairs.tolist()), units.votes["2016"]
    lead = votes[:, 0] - votes[:, 1]
    for side in (0, 1):
        own = np.flatnonzero(part == side).tolist()
        for size in range(1, len(own) + 1):
            for group in combinations(own, size):
                after = part.copy()
                after[list(group)] = 1 - side
                nations = [np.flatnonzero(after == one).tolist() for one in (0, 1)]
                if (
                    nx.is_connected(graph.subgraph(group))
                    and any(part[other] != side for unit in group for other in graph[unit])
                    and all(
                        may_tear or not one or nx.is_connected(graph.subgraph(one))
                        for one in nations
                    )
                ):
                    gain = lead[list(group)].sum() * (1 if side == 0 else -1)
                    yield int(gain), frozenset(group)


def test_the_groups_are_the_strongest_there_are_and_the_files_add_up(
    country: Units, tmp_path: Path
) -> None:
    part = [1, 1, 0, 0, 1, 0, 0, 0, 1, 1, 1, 0]
    found = partition.stable(measured(country, part), groups=3)
    every = list(could_switch(country, np.array(part)))
    files = found.write(tmp_path)
    assert [one.name for one in files] == FILES
    units = pd.read_csv(files[1], dtype={"GEOID": str}).set_index("GEOID")
    table = pd.read_csv(files[0], dtype={"ids": str})
    assert len(table) > 1
    taken = set[int]()
    for line in table.itertuples():
        members = units[units["group"] == line.group]
        rows = [country.ids.tolist().index(one) for one in members.index]
        assert str(line.ids).split() == members.index.tolist()
        assert (members["nation"] == line.leaves).all()
        assert line.leaves != line.joins
        assert members["gain_voters"].sum() == line.gain_voters
        assert line.gain_voters == line.would_be_home_voters - line.would_be_stranded_voters
        assert line.people == country.attributes["population"][rows].sum()
        assert line.voters == country.votes["2016"][rows].sum()
        assert (line.gain_voters, frozenset(rows)) in every
        best = max(gain for gain, group in every if not group & taken)
        assert line.gain_voters == best == line.no_stronger_than_voters
        assert line.is_strongest_proven
        taken |= set(rows)
    stated = json.loads(files[2].read_text())
    assert stated["is_stable"] is False
    assert [one["gain_voters"] for one in stated["groups"]] == table["gain_voters"].tolist()
    said = files[3].read_text()
    assert all(f"| {one:,} |" in said for one in table["gain_voters"])
    frame = found.units
    assert frame["group"].tolist() == units["group"].fillna(0).astype(int).tolist()
    assert frame["gain"].tolist() == units["gain_voters"].tolist()
    assert found.table["gain_voters"].tolist() == table["gain_voters"].tolist()


def test_the_best_plan_is_stable_by_its_own_bound_and_by_a_search(
    country: Units, tmp_path: Path
) -> None:
    best = partition.solve("counties", data=country, time_limit=20, gap=0)
    assert best.result.status.value == "OPTIMAL"
    assert max(gain for gain, _ in could_switch(country, best.plan.assignment)) <= 0
    lines: list[str] = []
    by_bound = partition.stable(best, on_search=lines.append)
    assert lines == []
    by_search = partition.stable(Run.measured(best.question, best.plan), on_search=lines.append)
    assert lines
    for found in (by_bound, by_search):
        assert (found.is_stable, found.groups, found.bound) == (True, (), 0)
        assert "Stable: no group would gain a voter at home by switching, proven." in repr(found)
    files = by_search.write(tmp_path)
    assert [one.name for one in files] == FILES
    assert pd.read_csv(files[0]).empty
    assert "No group was found" in files[4].read_text(encoding="utf-8")


def test_what_a_run_has_proven_bounds_what_a_group_may_gain(country: Units) -> None:
    run = partition.solve("counties", data=country, time_limit=20, gap=0)
    # Where the question binds more, its bound says nothing of what a group may gain.
    home = country.ids[run.plan.assignment == 1].tolist()
    bound = partition.solve("counties", data=country, time_limit=20, gap=0, units_red=home)
    every = [gain for gain, _ in could_switch(country, bound.plan.assignment)]
    found = partition.stable(bound)
    assert bound.result.status.value == "OPTIMAL"
    best = max(0, *every)
    assert (found.groups[0].gain if found.groups else 0) == best
    assert best > 0
    assert bound.report.whole.both.self_determined < run.report.whole.both.self_determined


def test_the_question_says_in_how_many_pieces_nations_may_be(country: Units) -> None:
    part = np.array([1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 0, 0])
    strict = partition.stable(measured(country, part.tolist()), groups=1)
    loose = partition.stable(strict.run, groups=1, blue_pieces="any", red_pieces="any")
    gains = [one.groups[0].gain for one in (strict, loose)]
    assert gains[0] < gains[1]
    assert gains == [
        max(gain for gain, _ in could_switch(country, part, may_tear)) for may_tear in (False, True)
    ]


def test_a_plan_of_one_nation_has_nobody_who_could_switch(country: Units) -> None:
    found = partition.stable(measured(country, [0] * 12))
    assert found.is_stable
    assert found.verdict.startswith("Everybody is in one nation")


def test_a_search_that_is_ended_claims_no_more_than_it_knows(country: Units) -> None:
    part = [1, 1, 0, 0, 1, 0, 0, 0, 1, 1, 1, 0]
    found = partition.stable(measured(country, part), should_stop=lambda: True)
    best = max(gain for gain, _ in could_switch(country, np.array(part)))
    assert found.switching.is_interrupted
    assert found.is_stable is not True
    assert found.bound >= best or found.groups[0].gain == best


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"groups": 0}, "groups = 0"),
        ({"most_units": 0}, "most units = 0"),
        ({"search_time": float("nan")}, "search time = nan"),
        ({"search_time": 0}, "search time = 0"),
    ],
)
def test_numbers_of_which_nothing_could_come_are_refused(
    country: Units, options: dict[str, float], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        partition.stable(measured(country, [1] * 6 + [0] * 6), **options)


def test_the_command_takes_a_run_a_table_and_a_scenario(
    invoke: Invoke, scenarios: list[str], tmp_path: Path
) -> None:
    code, stdout, _ = invoke("stable", scenarios[0], "--gap", "0", "--json")
    by_scenario = json.loads(stdout)
    assert code == 0
    assert by_scenario["is_stable"] is True
    (run,) = (tmp_path / "runs").iterdir()
    code, stdout, _ = invoke("stable", str(run), "--json", "--out", "b")
    assert (code, json.loads(stdout)["is_stable"]) == (0, True)
    table = pd.read_csv(run / "plan.csv", dtype=str)
    table["nation"] = ["blue", "red"] * (len(table) // 2)
    table.to_csv(tmp_path / "mine.csv", index=False)
    code, stdout, stderr = invoke("stable", "mine.csv", scenarios[0])
    assert code == 0
    assert "Not stable" in stdout
    assert "units: a group of" in stderr
    code, stdout, _ = invoke("stable", "mine.csv", scenarios[0], "-q", "--most-units", "1")
    assert code == 0
    assert [Path(one).name for one in stdout.split()] == FILES
    # Another study is never replaced.
    assert len({Path(one).parent for one in stdout.split()}) == 1
    assert "-s0-votes-3/" in stdout
    code, stdout, _ = invoke("stable", str(run), "--set", "pieces=any", "--json", "--out", "c")
    assert code == 0
    assert json.loads(stdout)["scenario"]["nations"]["blue"]["pieces"] == "any"
    # There is no --seed here that could be named.
    seed = ("--set", "limits.seed=3")
    code, stdout, stderr = invoke("stable", str(run), *seed, "--json", "--out", "d")
    assert (code, stderr.count("option of its own")) == (0, 0)
    assert json.loads(stdout)["scenario"]["limits"]["seed"] == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["stable", "calexit", "counties"], "calexit is no table of a plan"),
        (["stable", "nothing.csv"], "nothing.csv"),
        (["stable", "countys"], "did you mean counties"),
        (["stable", "calexit", "--groups", "0"], "groups = 0"),
        (["stable", "calexit", "--search-time", "nan"], "search time = nan"),
        (["stable", ".", "counties"], "counties: the run in . says"),
        (["stable", ".", "--id", "GEOID"], "--id: the run in . says"),
        (["stable", "."], "run.json"),
    ],
)
def test_wrong_input_is_one_line_and_code_2(
    invoke: Invoke, arguments: list[str], said: str
) -> None:
    code, _, stderr = invoke(*arguments)
    assert code == 2
    assert said in stderr
    assert stderr.count("\n") == 1


def test_a_graph_without_polygons_has_everything_but_the_page(
    country: Units, tmp_path: Path
) -> None:
    graph = nx.Graph(country.edges.pairs.tolist())
    for unit, (blue, red) in enumerate(country.votes["2016"].tolist()):
        graph.nodes[unit].update(id=str(unit), D=blue, R=red)
    found: Stability = partition.stable(
        "counties@pieces=any",
        data=graph,
        id="id",
        blue="D",
        red="R",
        runs=tmp_path / "runs",
        time_limit=5,
    )
    assert found.is_stable
    assert [one.name for one in found.write(tmp_path / "study")] == FILES[:-1]


def test_ctrl_c_ends_the_search_with_what_is_known(
    invoke: Invoke, scenarios: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    search, seen = stable_module.find_switching, list[bool]()

    def interrupted(*given: Any, should_stop: Callable[[], bool], **options: Any) -> Switching:
        seen.append(should_stop())
        signal.raise_signal(signal.SIGINT)
        seen.append(should_stop())
        return search(*given, should_stop=should_stop, **options)

    monkeypatch.setattr(stable_module, "find_switching", interrupted)
    units = [f"u{unit}" for unit in range(16)]
    nations = ["blue", "red"] * 8
    (tmp_path / "mine.csv").write_text(
        "\n".join(["id,District", *(f"{u},{n}" for u, n in zip(units, nations, strict=True))])
    )
    code, stdout, _ = invoke("stable", "mine.csv", scenarios[0], "--json")
    assert (code, seen) == (0, [False, True])
    stated = json.loads(stdout)
    assert stated["is_interrupted"] is True
    assert stated["is_stable"] is not True


UNSTABLE = [1, 1, 0, 0, 1, 0, 0, 0, 1, 1, 1, 0]
"""A plan of the country in which several groups would switch."""


def test_the_report_of_a_run_tells_who_would_switch_and_is_confirmed(
    invoke: Invoke, scenarios: list[str], tmp_path: Path
) -> None:
    folder, table = unstable_run(scenarios[0], tmp_path)
    before = {one.name: one.read_bytes() for one in folder.iterdir()}
    code, stdout, _ = invoke("stable", str(folder), "--in-report", "-q", "--groups", "2")
    assert code == 0
    after = {one.name: one.read_bytes() for one in folder.iterdir()}
    changed = {"report.md", "report.json", "run.json", "map.html"}
    assert {name for name in before if before[name] != after[name]} == changed
    assert after.keys() == before.keys()
    assert changed <= {Path(one).name for one in stdout.split()}
    said = json.loads(after["run.json"])["stability"]
    assert json.loads(after["report.json"])["stability"] == said
    lead = (table["blue_votes"] - table["red_votes"]).set_axis(table["GEOID"])
    nation = table.set_index("GEOID")["nation"]
    for one in said["groups"]:
        assert set(nation[one["ids"]]) == {one["leaves"]}
        gain = lead[one["ids"]].sum() * (1 if one["joins"] == "blue" else -1)
        assert gain == one["gain_voters"]
        assert f"| {gain:,} |" in after["report.md"].decode()
    assert '"switchingGroups"' in after["map.html"].decode()
    verdict = partition.read(folder).verify()
    assert verdict.is_recounted
    assert "each group that is named as one that would switch" in verdict.text
    # What is told is read back, and written again where a file is lost.
    run = partition.read(folder)
    assert run.stability is not None
    assert [one.gain for one in run.stability.switching.groups] == [
        one["gain_voters"] for one in said["groups"]
    ]
    for name in ("report.md", "map.html"):
        (folder / name).unlink()
        assert invoke("export", str(folder))[0] == 0
        assert (folder / name).read_bytes() == after[name]


def unstable_run(scenario: str, tmp_path: Path) -> tuple[Path, pd.DataFrame]:
    """Write a run whose plan leaves two groups of units in the wrong nation."""
    best = partition.solve(scenario, time_limit=5, gap=0)
    part = 1 - best.plan.assignment
    graph = nx.Graph(best.question.units.edges.pairs.tolist())
    sides = [np.flatnonzero(part == one).tolist() for one in (0, 1)]
    assert all(nx.is_connected(graph.subgraph(one)) for one in sides)
    run = Run.measured(best.question, Plan(part.astype(np.int8)))
    folder = run.write(tmp_path / "wrong-way-round")
    return folder, pd.read_csv(folder / "plan.csv", dtype={"GEOID": str})


def forge(said: dict[str, Any], how: str) -> None:
    """Change what a run says of those who would switch, so that one thing is not true."""
    first, *others = said["groups"]
    if how == "gains more":
        first["gain_voters"] += 1
        first["no_stronger_than_voters"] += 1
    elif how == "someone else":
        first["name"] = "Nobody"
    elif how == "torn":
        ids = first["ids"] + others[0]["ids"]
        said["groups"] = [{**first, "ids": sorted(ids, key=lambda one: int(one[1:]))}]
    elif how == "twice":
        said["groups"] = [first, {**first, "group": 2}]
    elif how == "nobody":
        said["groups"], said["is_stable"] = [], True
    elif how == "none stronger":
        said["groups"], said["is_stable"] = [], None
        said["no_other_stronger_than_voters"] = 1
    elif how == "too large":
        said["most_units"] = 1
    elif how == "elsewhere":
        first["leaves"], first["joins"] = first["joins"], first["leaves"]
    elif how == "fewer than found":
        said["most_groups"] = 1
    elif how == "stable all the same":
        said["is_stable"] = True


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("gains more", "gain_voters|would_be"),
        ("someone else", "name"),
        ("torn", "name|units"),
        ("twice", "another group"),
        ("nobody", "alone gains"),
        ("none stronger", "alone gains"),
        ("too large", "at most 1 were asked"),
        ("elsewhere", "leaves"),
        ("fewer than found", "at most 1 were sought"),
        ("stable all the same", "is_stable"),
    ],
)
def test_a_forged_group_is_refused(
    forgeable: tuple[Path, dict[str, Any]], tmp_path: Path, how: str, said: str
) -> None:
    folder, document = forgeable
    forged = json.loads(json.dumps(document))
    forge(forged["stability"], how)
    copy = tmp_path / "forged"
    copy.mkdir()
    shutil.copy(folder / "plan.csv", copy)
    (copy / "run.json").write_text(json.dumps(forged), encoding="utf-8")
    with pytest.raises(CertificateError, match=rf"run\.json: stability.*({said})"):
        verify(copy)
    if how not in {"nobody", "none stronger", "too large", "fewer than found", "twice"}:
        with pytest.raises(BundleError, match=r"run\.json is damaged"):
            partition.read(copy)


@pytest.fixture(scope="module")
def forgeable(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A run that tells of two groups, and its ``run.json``, without what is drawn of it."""
    place = tmp_path_factory.mktemp("forgeable")
    folder, _ = unstable_run(str(place / write_scenarios(place, 1)[0]), place)
    partition.stable(folder, groups=2, search_time=10).write_report()
    document = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert len(document["stability"]["groups"]) == 2
    verify(folder)
    return folder, document


def test_a_group_that_is_left_out_is_told_to_be_only_stated(tmp_path: Path) -> None:
    """Along a path the last two would switch together, and neither of them alone."""
    path = nx.path_graph(4)
    for unit, (blue, red) in enumerate([(5, 0), (5, 0), (2, 3), (9, 3)]):
        path.nodes[unit].update(id=str(unit), D=blue, R=red)
    given = {"data": path, "id": "id", "blue": "D", "red": "R"}
    best = partition.solve("counties", time_limit=5, **given)
    run = Run.measured(best.question, Plan(np.array([1, 1, 0, 0], np.int8)))
    folder = partition.stable(run).told.write(tmp_path / "run")
    report = (folder / "report.md").read_text()
    honest = verify(folder, path)
    assert "Not stable: 1 group would gain voters at home" in report
    assert "it says that it is only stated, where it cannot show it" in report
    assert "each group that is named as one that would switch" in honest.text
    forged = json.loads((folder / "run.json").read_text())
    said = forged["stability"]
    assert [one["ids"] for one in said["groups"]] == [["2", "3"]]
    for name in ("report.json", "report.md", "map.html"):
        (folder / name).unlink(missing_ok=True)
    for bound, what in ((0, "gain by switching"), (1, "gain more by switching than is said")):
        said.update(groups=[], is_stable=None if bound else True)
        said["no_other_stronger_than_voters"] = bound
        (folder / "run.json").write_text(json.dumps(forged))
        text = verify(folder, path).text
        assert f"Only stated: that no group would {what};" in text
        assert "would switch" not in text


def test_what_a_report_tells_with_every_proof_is_not_searched_again(
    country: Units, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = partition.stable(measured(country, UNSTABLE, pieces="any"))
    assert found.found.is_settled
    folder = found.told.write(tmp_path / "run")
    again = partition.read(folder, country)
    monkeypatch.setattr(stable_module, "find_switching", None)
    told = partition.stable(again)
    assert told.rows == found.rows
    assert told.identity == found.identity
    for others in ({"groups": 2}, {"most_units": 2}, {"fresh": True}):
        with pytest.raises(TypeError, match="not callable"):
            partition.stable(again, **others)


def test_what_was_asked_of_one_plan_is_not_told_of_another(country: Units) -> None:
    told = partition.stable(measured(country, UNSTABLE)).told
    other = replace(told.result, plan=Plan(np.array([1] * 6 + [0] * 6, np.int8)))
    with pytest.raises(InternalError, match="another plan"):
        replace(told, result=other)


def test_a_search_asks_at_its_end_who_would_switch(
    invoke: Invoke, scenarios: list[str], tmp_path: Path
) -> None:
    arguments = ("solve", scenarios[0], "--gap", "0", "--stable", "--json")
    for _ in range(2):  # searched, and then found in the folder
        code, stdout, _ = invoke(*arguments)
        assert code == 0
        assert json.loads(stdout)["stability"]["is_stable"] is True
    (run,) = (tmp_path / "runs").iterdir()
    assert "Stable: no group would gain" in (run / "report.md").read_text()
    verdict = verify(run)
    assert verdict.is_confirmed
    # The plan is proven to be the best, so that nothing is only stated of those who would switch.
    assert "by switching" not in verdict.text


@pytest.mark.parametrize(
    "more", [("--time-limit", "77"), ("--gap", "0.25"), ("--set", "iterations=9")]
)
def test_a_run_keeps_what_is_proven_of_it_whenever_a_search_would_stop(
    invoke: Invoke, scenarios: list[str], tmp_path: Path, more: tuple[str, str]
) -> None:
    folder, _ = unstable_run(scenarios[0], tmp_path)
    assert invoke("stable", str(folder), *more, "--in-report", "-q")[0] == 0
    assert "stability" in json.loads((folder / "run.json").read_text())
    best = partition.solve(scenarios[0], time_limit=5, gap=0)
    again = stable_module.held_against(best, best.scenario.override(time_limit=77, gap=0.25))
    assert again.result is best.result
    assert again.scenario == best.scenario


def test_an_election_that_the_data_do_not_have_is_refused_in_a_line(
    invoke: Invoke, scenarios: list[str], tmp_path: Path
) -> None:
    folder, _ = unstable_run(scenarios[0], tmp_path)
    asked = ("--election", "1876", "-q")
    for command in (
        ("stable", str(folder)),
        ("stable", str(folder), "--in-report"),
        ("stable", "counties"),
        ("alternatives", "counties"),
        ("cascade", "counties"),
        ("robust", "counties"),
        ("swing", "counties"),
        ("sweep", "counties", "--weight", "border=0,5"),
    ):
        code, _, stderr = invoke(*command, *asked)
        assert code == 2
        assert "election = '1876' is not in the data" in stderr
        assert stderr.startswith("partition: ")
        assert len(stderr.splitlines()) == 1


@pytest.mark.parametrize("arguments", [["mine.csv"], ["run", "--set", "pieces=any"]])
def test_only_the_report_of_a_run_on_its_own_question_can_tell_it(
    invoke: Invoke, scenarios: list[str], tmp_path: Path, arguments: list[str]
) -> None:
    assert invoke("solve", scenarios[0], "--out", "run", "-q")[0] == 0
    shutil.copy(tmp_path / "run" / "plan.csv", tmp_path / "mine.csv")
    more = [scenarios[0]] if arguments == ["mine.csv"] else []
    code, _, stderr = invoke("stable", *arguments[:1], *more, *arguments[1:], "--in-report", "-q")
    assert code == 2
    assert "--in-report: this plan is not that of a run" in stderr
    assert "stability" not in (tmp_path / "run" / "run.json").read_text()
