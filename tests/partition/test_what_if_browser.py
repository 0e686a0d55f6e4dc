"""What a reader changes on the map is counted as the program counts it."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import networkx as nx
import numpy as np
import numpy.typing as npt
import pytest
import shapely
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

import maps
from partition.answer import Report, wording
from partition.answer.document import report_document
from partition.land.dataset import Dataset
from partition.land.exchange import read_plan
from partition.pages.drawing import draw_run
from partition.question.question import Question
from partition.runs.bundle_files import PLAN, WRITERS
from partition.runs.run import Run
from partition.scenario import Scenario
from partition.scenario.sides import Side, Sides
from shapefiles.units import Edges, Units
from solvers.plan import Plan

Invoke = Callable[..., tuple[int, str, str]]

ELKO, COOK, PIMA, WASHOE = "32007", "17031", "04019", "32031"


def run_of_states(dataset: Dataset) -> Run:
    """Let every state join its own majority of 2016; a bound is stated of it."""
    units = dataset.units
    _, state = np.unique(units.states, return_inverse=True)
    votes = units.votes["2016"]
    lead = np.bincount(state, (votes[:, 0] - votes[:, 1]).astype(float))
    question = Question(Scenario.shipped("counties"), dataset)
    run = Run.measured(question, Plan((lead > 0)[state].astype(np.int8)))
    # Less than every unit in the nation it voted for has, and more than states have.
    bound = (run.report.whole.both.self_determined + int(votes.max(axis=1).sum())) // 2
    return replace(run, result=replace(run.result, bound=bound))


@pytest.fixture(scope="session")
def state_run(dataset: Dataset) -> Run:
    """All states of the country."""
    return run_of_states(dataset)


@pytest.fixture(scope="session")
def state_page(state_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return maps.save(draw_run(state_run), tmp_path_factory.mktemp("what-if") / "map.html")


@pytest.fixture(scope="session")
def some_run(dataset: Dataset) -> Run:
    """Eight states: a page of them shows the same, and opens much sooner."""
    names = {"AZ", "CA", "FL", "ID", "IL", "NV", "OR", "UT"}
    rows = np.flatnonzero([state in names for state in dataset.units.states])
    electors = {
        election: {state: number for state, number in of.items() if state in names}
        for election, of in dataset.electors.items()
    }
    people = {election: of[rows] for election, of in dataset.people.items()}
    units = dataset.units.subset(rows)
    return run_of_states(replace(dataset, units=units, electors=electors, people=people))


@pytest.fixture(scope="session")
def some_page(some_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return maps.save(draw_run(some_run), tmp_path_factory.mktemp("some") / "map.html")


def strange_grid(seed: int) -> Units:
    """Twelve by nine units on two islands, with ties, empty units and people in fractions."""
    rng = np.random.default_rng(seed)
    width, height = 12, 9
    n_units = width * height
    column, row = np.arange(n_units) % width, np.arange(n_units) // width
    right = [(u, u + 1) for u in range(n_units) if column[u] < width - 1 and column[u] != 7]
    pairs = np.array(sorted(right + [(u, u + width) for u in range(n_units - width)]), np.int32)
    votes = rng.integers(0, 40, (n_units, 2))
    votes[rng.random(n_units) < 0.1] = 0
    votes[rng.random(n_units) < 0.1] = 7
    x = column * 900.0 + (column > 7) * 400
    return Units(
        ids=np.array([f"é {u}, x" if u % 5 == 0 else f"{u:03}" for u in range(n_units)]),
        names=np.array([f"Square {u}" for u in range(n_units)]),
        states=np.full(n_units, ""),
        polygons=shapely.box(x, row * 900.0, x + 900, row * 900.0 + 900),
        crs="EPSG:5070",
        votes={"votes": votes},
        attributes={"population": rng.integers(0, 99, n_units) + rng.choice([0, 0.5], n_units)},
        edges=Edges(
            pairs=pairs,
            border=rng.random(len(pairs)) * 2000,
            kind=rng.choice(["land", "bridge", "sea"], len(pairs), p=[0.9, 0.05, 0.05]),
            is_default=rng.random(len(pairs)) < 0.9,
        ),
    )


def own_run(units: Units, seed: int = 0) -> Run:
    question = Question(Scenario.shipped("counties").override(election="votes"), Dataset.of(units))
    part = np.random.default_rng(seed).integers(0, 2, units.n_units).astype(np.int8)
    return Run.measured(question, Plan(part))


def expected_rows(report: Report) -> dict[str, tuple[str, ...]]:
    """The figures in the words of the terminal, without those that a page does not recount."""
    rows = {name: values for name, *values in wording.rows(report)}
    rows = {k: tuple(v) for k, v in rows.items() if not k.startswith(("Land area", "GDP"))}
    whole, president = report.whole, report.presidency
    if whole.border_km is not None:
        rows["Frontier (km)"] = (f"{whole.border_km:,.0f}",)
    rows["Cut edges"] = (f"{whole.cut_edges:,}",)
    if president is not None:
        rest = president.rest
        name = wording.winner(rest, report.ballot.sides)
        rows["Electoral votes leaving"] = (f"{president.leaving_electoral_votes:,}",)
        rows["President of the rest"] = (wording.won_by(name, rest.margin_electoral_votes),)
    return rows


def shown_rows(screen) -> dict[str, tuple[str, ...]]:
    """The figures on the page, without their changes."""
    read = """
        return [...document.querySelectorAll("#what-if-table tbody tr")].map((row) =>
          [...row.cells].map((cell) => cell.firstChild.textContent));
        """
    return {name: tuple(values) for name, *values in screen.run(read)}


def shown_changes(screen) -> dict[str, list[str]]:
    read = """
        return [...document.querySelectorAll("#what-if-table tbody tr")].map((row) =>
          [...row.cells].map((cell, i) => i ? (cell.querySelector("small")?.textContent ?? "")
            : cell.textContent));
        """
    return {name: changes for name, *changes in screen.run(read)}


def part_of(screen) -> npt.NDArray[np.int8]:
    return np.array(screen.run("return [...page.whatIf.changes.part]"), np.int8)


def check_figures(screen, question: Question) -> Report:
    """Hold what the page shows against a measurement of the plan that it draws."""
    part = np.array(screen.run("return [...nations.part]"), np.int8)
    report = question.measure(Plan(part))
    assert shown_rows(screen) == expected_rows(report)
    headline = (
        wording.percent(report.self_determination, 2)
        if report.whole.both.voters
        else f"{report.whole.cut_edges:,}"
    )
    assert screen.one("#headline").text == headline
    return report


def switch_on(screen) -> None:
    screen.one("#what-if-switch").click()


def test_painted_plans_of_the_nation_have_the_figures_that_measure_counts(
    screen, state_run: Run, state_page: Path
) -> None:
    rng = np.random.default_rng(20)
    screen.open(state_page)
    switch_on(screen)
    check_figures(screen, state_run.question)
    n_units = state_run.question.units.n_units
    for step in range(8):
        size = int(rng.choice([1, 30, 700, n_units]))
        units = rng.choice(n_units, size, replace=False).tolist()
        brush = ["unit", "state"][step % 2]
        if step % 3:
            screen.run("page.whatIf.move(arguments[0])", units)
        else:
            screen.run(
                "page.whatIf.setBrush(arguments[1]);"
                "for (const unit of arguments[0]) page.whatIf.moveAt(unit);",
                units[:5],
                brush,
            )
        check_figures(screen, state_run.question)
    for nation in (0, 1):  # nobody leaves
        screen.run("page.whatIf.moveTo(arguments[0], [...nations.part.keys()])", nation)
        check_figures(screen, state_run.question)
    assert screen.errors() == []


@pytest.mark.parametrize("name", ["canada", "confederation"])
def test_painted_plans_have_the_figures_of_rules_and_sides_of_their_own(
    screen, dataset: Dataset, state_run: Run, tmp_path: Path, name: str
) -> None:
    """Nations that connect through Canada, or have many pieces, under names of one's own."""
    scenario = Scenario.shipped(name).override(election="2020")
    sides = Sides(Side("Remain & <b>"), Side("Leave"))
    question = Question(replace(scenario, sides=sides), dataset)
    run = Run.measured(question, state_run.result.plan)
    screen.open(maps.save(draw_run(run), tmp_path / "map.html"))
    switch_on(screen)
    check_figures(screen, question)
    rng = np.random.default_rng(4)
    for size in (1, 40, 900, 2500):
        moved = rng.choice(question.units.n_units, size, replace=False).tolist()
        screen.run("page.whatIf.move(arguments[0])", moved)
        check_figures(screen, question)
    screen.one("#undo").click()
    check_figures(screen, question)
    screen.one("#reset").click()
    check_figures(screen, question)
    assert part_of(screen).tolist() == run.result.plan.assignment.tolist()
    assert "Remain & <b> votes" in shown_rows(screen)


@pytest.mark.parametrize("seed", range(3))
def test_painted_plans_of_ones_own_map_have_the_figures_that_measure_counts(
    screen, tmp_path: Path, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    units = strange_grid(seed)
    if seed == 2:  # nobody's vote is counted, and nobody is counted
        units = replace(units, votes={"votes": np.zeros((units.n_units, 2), int)}, attributes={})
    run = own_run(units, seed)
    screen.open(maps.save(draw_run(run), tmp_path / "map.html"))
    assert not screen.all("input[value=state]")
    assert screen.one("#unit-filter").get_attribute("aria-label") == "Filter by name"
    switch_on(screen)
    graph = nx.Graph(units.edges.pairs[run.question.edges].tolist())
    graph.add_nodes_from(range(units.n_units))
    for _ in range(25):
        moved = rng.choice(units.n_units, int(rng.integers(1, 60)), replace=False).tolist()
        screen.run("page.whatIf.move(arguments[0])", moved)
        report = check_figures(screen, run.question)
        assert not {"Electoral votes", "President of the rest"} & set(shown_rows(screen))
        exclaves = screen.run(
            "const w = page.whatIf; return w.recount.exclaves(w.changes.part, w.now.piece)"
        )
        part = part_of(screen)
        inside = graph.edge_subgraph(e for e in graph.edges if part[e[0]] == part[e[1]])
        pieces = {frozenset(one) for one in nx.connected_components(inside)}
        assert {frozenset(one) for one in exclaves if len(one) > 1} <= pieces
        territory = report.territory
        assert len(exclaves) == territory.blue.exclaves + territory.red.exclaves


def test_clicks_keys_and_lassos_move_what_they_say(
    screen, state_run: Run, state_page: Path
) -> None:
    units = state_run.question.units
    before = state_run.plan.assignment
    row = {geoid: int(np.flatnonzero(units.ids == geoid)[0]) for geoid in (ELKO, PIMA, WASHOE)}
    screen.open(state_page)

    def click(geoid: str) -> None:
        screen.point_at(*screen.place_of(units, geoid))
        ActionChains(screen.driver, duration=0).click().perform()

    def moved() -> set[int]:
        return set(np.flatnonzero(part_of(screen) != before).tolist())

    click(ELKO)
    assert moved() == set(), "before the switch is on"
    switch_on(screen)
    click(ELKO)
    assert moved() == {row[ELKO]}
    assert "Red nation" in screen.tooltip()
    assert "Moved: the blue nation in the plan" in screen.tooltip()
    x, y = screen.place_of(units, PIMA)
    screen.touch((x, y))
    assert moved() == {row[ELKO], row[PIMA]}

    screen.one("input[value=state]").click()
    click(WASHOE)  # of a state that is blue but for Elko
    nevada = set(np.flatnonzero(units.states == "NV").tolist())
    assert moved() == nevada | {row[PIMA]}
    click(WASHOE)
    assert moved() == {row[PIMA]}

    # The keyboard's mark is in the middle of what is seen.
    screen.one("input[value=unit]").click()
    container = screen.one(".folium-map")
    screen.driver.execute_script("arguments[0].focus()", container)
    container.send_keys(Keys.ARROW_LEFT)
    screen.wait()
    unit = screen.run("return page.tooltip.unit")
    container.send_keys(Keys.ENTER)
    assert moved() == {row[PIMA], unit}
    container.send_keys(Keys.SPACE)
    assert moved() == {row[PIMA]}
    container.send_keys(Keys.ESCAPE)
    assert screen.errors() == []


def test_a_lasso_moves_what_it_holds_to_the_nation_that_most_of_it_is_not_in(
    screen, some_run: Run, some_page: Path
) -> None:
    units, before = some_run.question.units, some_run.plan.assignment
    screen.open(some_page)
    switch_on(screen)
    screen.one("input[value=lasso]").click()
    # Around Florida, which most of is red: all of it that is red becomes blue.
    home = screen.run("return map.getCenter()")
    middles = np.array(screen.run("return [...page.units.middles()]")).reshape(-1, 2)
    florida = np.flatnonzero(units.states == "FL")
    west, south, east, north = np.array(
        [*middles[florida].min(axis=0) - 1, *middles[florida].max(axis=0) + 1]
    )
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    line = np.concatenate([np.linspace(a, b, 6) for a, b in itertools.pairwise(corners)])
    points = screen.run(
        "return arguments[0].map(([x, y]) => map.latLngToContainerPoint([y, x]))", line.tolist()
    )
    pointer = ActionChains(screen.driver, duration=10)
    action = pointer.w3c_actions.pointer_action
    action.move_to_location(round(points[0]["x"]), round(points[0]["y"])).pointer_down()
    for point in points[1:]:
        action.move_to_location(round(point["x"]), round(point["y"]))
    action.pointer_up()
    pointer.perform()
    inside = shapely.contains_xy(shapely.box(west, south, east, north), *middles.T)
    moved = np.flatnonzero(part_of(screen) != before).tolist()
    assert moved == np.flatnonzero(inside & (before == 0)).tolist()
    assert set(moved) >= set(florida.tolist())
    assert screen.run("return map.getCenter()") == home, "a lasso does not move the map"
    check_figures(screen, some_run.question)
    assert screen.errors() == []


def test_moves_are_undone_and_done_again_and_all_of_them_taken_back(
    screen, some_run: Run, some_page: Path
) -> None:
    before = some_run.plan.assignment
    screen.open(some_page)
    switch_on(screen)
    plans = [part_of(screen)]
    for units in ([5], [6, 7], [5, 300]):
        screen.run("page.whatIf.move(arguments[0])", units)
        plans.append(part_of(screen))
    body = screen.one("#undo")
    for plan in plans[-2::-1]:
        screen.one("#undo").click()
        assert np.array_equal(part_of(screen), plan)
    assert screen.one("#undo").get_attribute("aria-disabled") == "true"
    screen.one("#undo").click()
    assert np.array_equal(part_of(screen), before)
    assert screen.driver.switch_to.active_element == body, "the focus stays where it is"
    for plan in plans[1:]:
        screen.driver.switch_to.active_element.send_keys(Keys.CONTROL, Keys.SHIFT, "z")
        assert np.array_equal(part_of(screen), plan)
    screen.driver.switch_to.active_element.send_keys(Keys.CONTROL, "z")
    assert np.array_equal(part_of(screen), plans[-2])
    screen.one("#reset").click()
    assert np.array_equal(part_of(screen), before)
    assert not any(any(one) for one in shown_changes(screen).values())
    screen.one("#undo").click()
    assert np.array_equal(part_of(screen), plans[-2]), "and that is a move as well"
    screen.one("#what-if-switch").click()
    assert screen.one("#details table:not(.what-if)").is_displayed()
    assert screen.one("#headline").text == wording.percent(some_run.report.self_determination, 2)


def test_each_figure_has_its_change_against_the_plan_and_the_bound(
    screen, some_run: Run, some_page: Path
) -> None:
    bound = some_run.result.bound
    screen.open(some_page)
    switch_on(screen)
    assert "no change" in screen.one("#what-if-change").text
    row = int(np.flatnonzero(some_run.question.units.ids == COOK)[0])
    screen.run("page.whatIf.move([arguments[0]])", row)
    report = check_figures(screen, some_run.question)
    old, new = some_run.report.whole, report.whole
    changes = shown_changes(screen)

    def signed(value: int) -> str:
        return f"{'+' if value > 0 else chr(0x2212)}{abs(value):,}"

    for name, key in (
        ("People, 2016", "people"),
        ("Stranded voters", "stranded"),
        ("Units", "units"),
    ):
        pairs = [(getattr(new, side), getattr(old, side)) for side in ("blue", "red")]
        assert changes[name] == [signed(getattr(a, key) - getattr(b, key)) for a, b in pairs]
    lost = new.both.self_determined - old.both.self_determined
    points = 100 * abs(lost) / new.both.voters
    assert screen.one("#what-if-change").text == (
        f"The plan {wording.percent(old.both.self_determination, 2)}: "
        f"\u2212{points:.2f} points, {signed(lost)} voters"
    )
    short = new.both.self_determined - bound
    assert screen.one("#what-if-bound").text == (
        f"Proven bound {100 * bound / new.both.voters:.2f} %: "
        f"\u2212{100 * abs(short) / new.both.voters:.2f} points, {signed(short)}"
    )
    # Every unit to its own majority has more than a plan in few pieces can have.
    votes = some_run.question.units.votes["2016"]
    own = np.flatnonzero((votes[:, 0] > votes[:, 1]) != (part_of(screen) == 1)).tolist()
    screen.run("page.whatIf.move(arguments[0])", own)
    check_figures(screen, some_run.question)
    assert screen.one("#what-if-bound").text.endswith("by breaking a rule of the question")


def test_what_is_cut_off_flashes_and_is_named(screen, some_run: Run, some_page: Path) -> None:
    units = some_run.question.units
    screen.open(some_page)
    switch_on(screen)
    row = int(np.flatnonzero(units.ids == ELKO)[0])
    screen.run("page.whatIf.move([arguments[0]])", row)
    # Elko joins Idaho and Utah, and cuts off nothing.
    assert not screen.one("#cut-off").is_displayed()
    pima = int(np.flatnonzero(units.ids == PIMA)[0])
    screen.run("page.whatIf.move([arguments[0]])", pima)
    people = int(units.attributes["population"][pima])
    named = f"Pima, AZ (1 unit, {people:,} people)"
    assert [one.text for one in screen.all("#cut-off li")] == [named]
    assert f"Cut off: {named}" in screen.one("#what-if-said").get_attribute("textContent")
    assert screen.run("return page.whatIf.flash.shown") == [pima]
    assert screen.one(".leaflet-flash-pane").value_of_css_property("animation-name") == "flash"
    screen.one("#cut-off button").click()
    assert "Pima AZ" in screen.tooltip()
    screen.one("#undo").click()
    assert not screen.one("#cut-off").is_displayed()


def test_a_link_leads_back_to_the_moves_and_to_those_of_this_plan_alone(
    screen, some_run: Run, some_page: Path, tmp_path: Path
) -> None:
    rng = np.random.default_rng(4)
    screen.open(some_page)
    switch_on(screen)
    for size in (1, 40, 300):
        units = rng.choice(some_run.question.units.n_units, size, replace=False).tolist()
        screen.run("page.whatIf.setMoved(arguments[0], '')", units)
        part = part_of(screen)
        fragment = urlsplit(screen.driver.current_url).fragment
        assert len(parse_qs(fragment)["moved"][0]) <= 14 + 3 * size, "differences, no more"
        screen.open(some_page, f"#{fragment}")
        assert np.array_equal(part_of(screen), part)
        assert screen.one("#what-if-switch").get_attribute("aria-pressed") == "true"
        check_figures(screen, some_run.question)
    other = replace(some_run, result=replace(some_run.result, plan=Plan(part)))
    page = maps.save(draw_run(other), tmp_path / "other.html")
    screen.open(page, f"#{fragment}")
    assert np.array_equal(part_of(screen), part), "the plan of the other page"
    assert "belong to another plan" in screen.one("#what-if-warning").text
    small = own_run(strange_grid(0))
    small_page = maps.save(draw_run(small), tmp_path / "small.html")
    screen.open(small_page)
    switch_on(screen)
    screen.run("page.whatIf.move([1, 2, 5])")
    moved = parse_qs(urlsplit(screen.driver.current_url).fragment)["moved"][0]
    screen.open(small_page, f"#moved={moved}")
    part = small.plan.assignment.copy()
    part[[1, 2, 5]] ^= 1
    assert np.array_equal(part_of(screen), part)
    name = moved.partition(".")[0]
    for hostile in (
        "x", ".", f"{name}.", f"{name}.é", f"{name}.gggggggggg", f"{name}.9", f"{name}.A" * 9,
        f"{name}.{'____________' * 9}A", "<img src=x onerror=alert(1)>", "__proto__.constructor",
    ):  # fmt: skip
        screen.open(small_page, f"#moved={hostile}")
        assert np.array_equal(part_of(screen), small.plan.assignment), hostile
        assert screen.one("#what-if-warning").is_displayed(), hostile
        assert screen.errors() == [], hostile


def downloaded(screen, folder: Path) -> Path:
    screen.driver.execute_cdp_cmd(
        "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)}
    )
    path = folder / PLAN
    path.unlink(missing_ok=True)
    screen.one("#take-plan").click()
    for _ in range(50):
        screen.wait(0.1)
        if path.exists():
            return path
    raise AssertionError("nothing was downloaded")


def test_the_plan_that_is_downloaded_is_measured_alike_and_starts_a_search(
    screen, state_run: Run, state_page: Path, tmp_path: Path, invoke: Invoke
) -> None:
    screen.open(state_page)
    switch_on(screen)
    WRITERS[PLAN](state_run, tmp_path / "of-a-run.csv")
    path = downloaded(screen, tmp_path)
    assert path.read_bytes() == (tmp_path / "of-a-run.csv").read_bytes()
    screen.run("page.whatIf.move([7, 8, 2000, 3000])")
    report = check_figures(screen, state_run.question)
    path = downloaded(screen, tmp_path)
    code, out, _ = invoke("measure", str(path), "--json")
    assert code == 0
    assert json.loads(out)["metrics"] == json.loads(json.dumps(report_document(report)))
    code, _, err = invoke(
        "solve", "states", "--start", str(path), "--time-limit", "1", "--out", str(tmp_path / "new")
    )
    assert code == 0, err


def test_names_of_ones_own_are_shown_and_not_run_while_units_are_moved(
    screen, tmp_path: Path
) -> None:
    hostile = '<img src=x onerror="window.wasRun=1">'
    units = strange_grid(1)
    units = replace(units, names=np.full(units.n_units, hostile))
    run = own_run(units)
    screen.open(maps.save(draw_run(run), tmp_path / "map.html"))
    switch_on(screen)
    screen.run("page.whatIf.move([...Array(40).keys()].filter((unit) => unit % 3))")
    assert re.match(re.escape(hostile), screen.one("#cut-off li").text)
    assert screen.all("img") == []
    assert screen.driver.execute_script("return window.wasRun") is None
    path = downloaded(screen, tmp_path)
    again = read_plan(path, units)
    assert np.array_equal(again.assignment, part_of(screen))


def swung(votes: npt.NDArray[np.int64], tenths: int) -> npt.NDArray[np.int64]:
    """So many tenths of a point change sides everywhere, halves up, and no more than there are."""
    total = votes.sum(axis=1)
    blue = np.clip(votes[:, 0] + (2 * tenths * total + 1000) // 2000, 0, total)
    return np.stack([blue, total - blue], axis=1)


def test_a_swing_moves_the_voters_and_the_line_stays(
    screen, some_run: Run, some_page: Path, tmp_path: Path
) -> None:
    question = some_run.question
    votes = question.units.votes["2016"]
    screen.open(some_page)
    switch_on(screen)
    screen.run("page.whatIf.move([7, 8, 200, 300])")
    part = part_of(screen)
    slider = screen.one("#swing")
    for tenths in (-100, -35, 5, 100):
        screen.run(
            "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input'))",
            slider,
            tenths / 10,
        )
        units = replace(question.units, votes={"2016": swung(votes, tenths)})
        then = Question(question.scenario, replace(question.dataset, units=units))
        check_figures(screen, then)
        assert np.array_equal(part_of(screen), part), "the line stays"
        side = "Clinton" if tenths > 0 else "Trump"
        text = f"+{abs(tenths) / 10:g} points to {side}"
        assert screen.one("#swing-value").text == text
        assert screen.one("#what-if-bound").text == "", "a bound is on the votes that were cast"
        fragment = urlsplit(screen.driver.current_url).fragment
        assert parse_qs(fragment)["swing"] == [f"{tenths / 10:g}"]
    shown = screen.run("return page.units.blue")
    assert shown == swung(votes, 100)[:, 0].tolist()
    lead = shown[0] > screen.run("return page.units.red[0]")
    side = screen.run("return nations.colouring.margin(0)")
    assert side.startswith("--blue" if lead else "--red"), "and agreement is coloured anew"
    screen.open(some_page, f"#{fragment}")
    check_figures(screen, then)
    assert screen.one("#swing-value").text == text
    slider = screen.one("#swing")
    slider.send_keys(Keys.ARROW_LEFT)
    assert screen.one("#swing-value").text == "+9.5 points to Clinton"
    screen.one("#what-if-switch").click()
    assert screen.run("return page.units.blue") == votes[:, 0].tolist()
    assert np.array_equal(screen.run("return [...nations.part]"), some_run.plan.assignment)
    screen.one("#what-if-switch").click()
    screen.one("#reset").click()
    check_figures(screen, question)
    units = strange_grid(0)
    page = maps.save(draw_run(own_run(units)), tmp_path / "small.html")
    cast = units.votes["votes"][:, 0].tolist()
    screen.open(page, "#swing=5")
    assert screen.run("return page.units.blue") != cast
    for nonsense in ("x", "1e9", "-11", "NaN", "Infinity", "<img>"):
        screen.open(page, f"#swing={nonsense}")
        assert screen.run("return page.units.blue") == cast
        assert screen.errors() == []
