"""Units, plans and pages that the tests of the maps share."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import shapely

import maps
from shapefiles.embedded.read import load_united_states
from shapefiles.units import Edges, Units
from solvers.plan import Plan

HOSTILE = '<img src=x onerror="window.wasRun=1">\'</script><script>window.wasRun=1</script>{{7*7}}'


@pytest.fixture(scope="session")
def hostile() -> str:
    """A name that is shown as it is, or the page is broken into."""
    return HOSTILE


@pytest.fixture(scope="session")
def united_states() -> Units:
    return load_united_states()


@pytest.fixture(scope="session")
def some_states(united_states: Units) -> Units:
    """Eleven states from coast to coast: a page of them shows the same, and opens much sooner."""
    names = ["AZ", "CA", "FL", "ID", "IL", "KS", "ME", "NV", "OR", "UT", "WA"]
    return united_states.subset(np.flatnonzero(np.isin(united_states.states, names)))


def plan_of_states(units: Units) -> Plan:
    """Send every state to its own majority of 2016."""
    _, state = np.unique(units.states, return_inverse=True)
    votes = units.votes["2016"]
    lead = np.bincount(state, (votes[:, 0] - votes[:, 1]).astype(float))
    return Plan((lead > 0)[state].astype(np.int8))


@pytest.fixture(scope="session")
def state_plan(united_states: Units) -> Plan:
    """Every state goes to its own majority of 2016."""
    return plan_of_states(united_states)


@pytest.fixture(scope="session")
def plan_of_some(some_states: Units) -> Plan:
    """Every one of some states goes to its own majority of 2016."""
    return plan_of_states(some_states)


def shares_of(units: Units) -> npt.NDArray[np.float64]:
    """Make up a share for each county that can pass for its robustness: 0, 1 or in between."""
    votes = units.votes["2016"]
    return np.clip(4 * votes[:, 0] / votes.sum(axis=1) - 1.5, 0, 1)


def make_page(units: Units, plan: Plan, folder: Path) -> Path:
    """Draw one plan with a share of robustness for each county."""
    summary = maps.MapSummary(
        title="Red and blue states",
        headline="57.6 %",
        headline_text="of two-party voters live in the nation they voted for",
        subtitle="Every state goes to its own majority.",
        election="Presidential election of 2016",
        table=(("Counties", "1", "2"), ("People", "3", "4")),
        status="No bound",
        source="Public record",
        notes=("Alaska is one unit.",),
        parties=("Clinton", "Trump"),
    )
    page = maps.draw(units, plan, summary, "2016", robustness=shares_of(units))
    return maps.save(page, folder / "map.html")


@pytest.fixture(scope="session")
def national_page(
    united_states: Units, state_plan: Plan, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    return make_page(united_states, state_plan, tmp_path_factory.mktemp("national"))


@pytest.fixture(scope="session")
def page_of_some(
    some_states: Units, plan_of_some: Plan, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    return make_page(some_states, plan_of_some, tmp_path_factory.mktemp("some"))


def make_compared(units: Units) -> list[maps.ComparedPlan]:
    """Make eleven plans: states, counties and bands of longitude, each with its share at home."""
    votes = units.votes["2016"]
    middles = shapely.get_coordinates(shapely.centroid(units.polygons))
    assignments = [plan_of_states(units).assignment, (votes[:, 0] > votes[:, 1]).astype(np.int8)]
    assignments += [(middles[:, 0] > west).astype(np.int8) for west in np.linspace(-2e6, 2e6, 9)]
    plans = []
    for i, assignment in enumerate(assignments):
        at_home = int(np.where(assignment, votes[:, 0], votes[:, 1]).sum())
        plans.append(
            maps.ComparedPlan(
                label=f"Plan {i + 1}",
                plan=Plan(assignment),
                headline=f"{100 * at_home / votes.sum():.2f} %",
                title=f"The plan with the number {i + 1}",
                figures=(("Voters at home", f"{at_home:,}"),),
                status="No bound",
            )
        )
    return plans


@pytest.fixture(scope="session")
def compared_plans(united_states: Units) -> list[maps.ComparedPlan]:
    return make_compared(united_states)


@pytest.fixture(scope="session")
def compared_of_some(some_states: Units) -> list[maps.ComparedPlan]:
    return make_compared(some_states)


def make_comparison(units: Units, plans: list[maps.ComparedPlan], folder: Path) -> Path:
    summary = maps.ComparisonSummary("Eleven plans", parties=("Clinton", "Trump"))
    page = maps.compare(units, plans, summary, "2016")
    return maps.save(page, folder / "comparison.html")


@pytest.fixture(scope="session")
def comparison_page(
    united_states: Units,
    compared_plans: list[maps.ComparedPlan],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    return make_comparison(united_states, compared_plans, tmp_path_factory.mktemp("compared"))


@pytest.fixture(scope="session")
def comparison_of_some(
    some_states: Units,
    compared_of_some: list[maps.ComparedPlan],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    return make_comparison(some_states, compared_of_some, tmp_path_factory.mktemp("few"))


def make_explored(
    units: Units, n_plans: int, *, title: str = "Plans to explore", n_rows: int = 1
) -> maps.Explored:
    """Plans that cut the land further and further in the east, from every unit's own majority.

    Their kilometres are made up, and so are the bounds: a plan is best at the price of its number.
    """
    votes = units.votes["2016"]
    middles = shapely.get_coordinates(shapely.centroid(units.polygons))[:, 0]
    order = np.argsort(np.argsort(middles, kind="stable"), kind="stable") / units.n_units
    plans = []
    for number in range(n_plans):
        part = ((votes[:, 0] > votes[:, 1]) ^ (order < 0.02 * number)).astype(np.int8)
        km = 1000.0 * (n_plans - number)
        share = 0.6 - 0.0001 * (number * (number + 1) / 2)
        plans.append(
            maps.ExploredPlan(
                Plan(part),
                f"{title} {number}",
                (number,) if n_rows == 1 else (number // n_rows, number % n_rows),
                {"share": share, "km": km, "splits": number, "votes": int(votes[part == 1].sum())},
                "The best possible, proven",
                until=number + 1.5 if n_rows == 1 else None,
            )
        )
    bounds = [
        maps.Bound(
            {"share": 1.0, "km": -1e-7 * price},
            max(one.figures["share"] - 1e-7 * price * one.figures["km"] for one in plans),
        )
        for price in range(n_plans)
    ]
    dials = [maps.Dial("Price", tuple(range(n_plans // n_rows)), "votes per km", n_rows == 1)]
    if n_rows > 1:
        dials.append(maps.Dial(title, tuple(range(n_rows))))
    return maps.Explored(
        title=title,
        measures=(
            maps.Measure("share", "Self-determined voters", "share", decimals=2),
            maps.Measure("km", "Frontier", unit="km"),
            maps.Measure("splits", title),
            maps.Measure("votes", "Votes in blue", "large"),
        ),
        plans=tuple(plans),
        across="km",
        up="share",
        dials=tuple(dials),
        told=("share", "km"),
        bounds=tuple(bounds),
        references=(maps.Reference(title, {"share": 0.58, "km": 2000.0}),),
        subtitle="As a price grows.",
        election="Presidential election of 2016",
        parties=("Clinton", "Trump"),
        headline_text="of two-party voters live in the nation they voted for",
    )


@pytest.fixture(scope="session")
def explorer_page(united_states: Units, tmp_path_factory: pytest.TempPathFactory) -> Path:
    page = maps.explore(united_states, make_explored(united_states, 12), "2016")
    return maps.save(page, tmp_path_factory.mktemp("explored") / "sweep.html")


@pytest.fixture(scope="session")
def explorer_of_some(some_states: Units, tmp_path_factory: pytest.TempPathFactory) -> Path:
    page = maps.explore(some_states, make_explored(some_states, 12), "2016")
    return maps.save(page, tmp_path_factory.mktemp("some-explored") / "sweep.html")


def make_units(
    polygons: npt.NDArray[np.object_], names: list[str] | None = None, crs: str = "EPSG:5070"
) -> Units:
    """Units without edges, with votes (10, 1), (20, 2), ... and two states."""
    n_units = len(polygons)
    count = np.arange(1, n_units + 1)
    return Units(
        ids=np.array([f"{i:03}" for i in range(n_units)]),
        names=np.array(names or [f"County {i}" for i in range(n_units)]),
        states=np.where(count % 2, "AA", "BB"),
        polygons=polygons,
        crs=crs,
        votes={"2016": np.stack([10 * count, count], axis=1)},
        attributes={},
        edges=Edges(
            pairs=np.empty((0, 2), np.int32),
            border=np.empty(0),
            kind=np.empty(0, "U6"),
            is_default=np.empty(0, np.bool_),
        ),
    )


@pytest.fixture
def hostile_units() -> Units:
    """Two counties, side by side, whose names and state are code."""
    units = make_units(shapely.box([0, 900], 0, [900, 1800], 900), [HOSTILE, "Plain"])
    object.__setattr__(units, "states", np.array([HOSTILE, HOSTILE]))
    return units


@pytest.fixture
def abroad() -> Units:
    """Twelve rectangles around Montreal, in degrees."""
    x, y = np.meshgrid(np.arange(-74.0, -73.4, 0.15), np.arange(45.3, 45.7, 0.15))
    west, south = x.ravel(), y.ravel()
    return make_units(shapely.box(west, south, west + 0.15, south + 0.15), crs="EPSG:4326")


@pytest.fixture
def hostile_page(hostile_units: Units, tmp_path: Path) -> Path:
    summary = maps.MapSummary(
        title=HOSTILE,
        headline=HOSTILE,
        headline_text=HOSTILE,
        subtitle=HOSTILE,
        election=HOSTILE,
        table=((HOSTILE, HOSTILE, HOSTILE),),
        status=HOSTILE,
        source=HOSTILE,
        notes=(HOSTILE,),
        parties=(HOSTILE, HOSTILE),
    )
    page = maps.draw(hostile_units, Plan(np.array([1, 0])), summary, "2016")
    return maps.save(page, tmp_path / "hostile.html")
