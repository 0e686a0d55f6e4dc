"""Every figure of report.json, counted again from plan.csv and the public figures alone.

Nothing of the program takes part in the recount: votes, people and electors come from the tables
of figures, shapes from the boundary file, graphs from the stored edges, by way of pandas, networkx
and shapely.
"""

from __future__ import annotations

import importlib.util
import json
import math
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely

import partition
import shapefiles
from partition.land.dataset import Dataset
from partition.question.question import Question
from partition.runs.run import Run
from partition.scenario import shipped_names
from partition.verify import verify
from solvers.plan import Plan
from solvers.result import Result, Status

ROOM = Path(shapefiles.__file__).parent
SIDES = ("blue", "red")


def read(name: str) -> pd.DataFrame:
    codes = {"geoid": str, "state_fips": str}
    return pd.read_csv(ROOM / "figures" / name, dtype=codes, keep_default_na=False)


class Recount:
    """A plan read from its file, with all that the public figures say of it."""

    def __init__(self, plan: Path, election: str, shapes: pd.Series) -> None:
        nation = pd.read_csv(plan, dtype=str).set_index("GEOID").nation
        votes = read(f"president-{election}.csv").set_index("geoid")
        if election == "2020":
            votes.update(read("president-2020-corrections.csv").set_index("geoid"))
        table = read("counties.csv").set_index("geoid").join(votes.astype(int))
        # The year nearest to the election: an estimate of 2016, or the census of 2020.
        self.people_year = "2016" if election == "2016" else "2020"
        people = table.population_2016
        if self.people_year == "2020":
            people = read("population-2020.csv").set_index("geoid").population
        self.table = table.assign(nation=nation, people=people)
        assert len(self.table) == len(nation) == 3_113
        self.election, self.nation, self.shapes = election, nation, shapes
        self.known: dict[frozenset[str], shapely.Geometry] = {}
        self.boxes = pd.DataFrame(shapely.bounds(shapes.to_numpy()), shapes.index)
        self.own = self.table.dem.where(self.table.nation == "blue", self.table.rep)
        edges = pd.read_parquet(ROOM / "data" / "edges.parquet")
        self.touching = nx.Graph(edges[["geoid_a", "geoid_b"]].itertuples(index=False))
        self.touching.add_nodes_from(self.table.index)
        self.graph = nx.Graph()
        self.graph.add_nodes_from(self.table.index)
        for row in edges[edges.is_default].itertuples():
            self.graph.add_edge(row.geoid_a, row.geoid_b, border=row.border)
        of = self.table.nation.to_dict()
        self.cut = [(a, b) for a, b in self.graph.edges if of[a] != of[b]]
        self.uncut = self.graph.copy()
        self.uncut.remove_edges_from(self.cut)
        self.pieces = [set(one) for one in nx.connected_components(self.uncut)]
        self.landmasses = [set(one) for one in nx.connected_components(self.graph)]
        year = "2024" if election == "2024" else "2016"
        self.electors = read("states.csv").set_index("state")[f"electoral_votes_{year}"]

    def sums(self, members: Any, side: str | None = None) -> dict[str, Any]:
        rows = self.table.loc[sorted(members)]
        if side is not None:
            rows = rows[rows.nation == side]
        voters, matched = int(rows.dem.sum() + rows.rep.sum()), int(self.own[rows.index].sum())
        inside = set(rows.index)
        return {
            "units": len(rows),
            "blue_votes": int(rows.dem.sum()),
            "red_votes": int(rows.rep.sum()),
            "voters": voters,
            "self_determined_voters": matched,
            "stranded_voters": voters - matched,
            "self_determined_share": matched / voters if voters else None,
            "people": int(rows.people.sum()),
            "gdp_dollars": int(rows.gdp_2016.sum()) * 1000,
            "land_km2": shapely.area(self.shapes[rows.index].to_numpy()).sum() / 1e6,
            "pieces": sum(bool(one & inside) for one in self.pieces),
        }

    def line(self, members: set[str]) -> dict[str, Any]:
        cut = [pair for pair in self.cut if pair[0] in members]
        return {
            "cut_edges": len(cut),
            "border_km": sum(self.graph.edges[pair]["border"] for pair in cut) / 1000,
        }

    def country(self) -> dict[str, Any]:
        blue = self.table[self.table.nation == "blue"]
        red = self.table[self.table.nation == "red"]
        blue_votes, red_votes = int(self.table.dem.sum()), int(self.table.rep.sum())
        stranded = int(red.dem.sum()) / blue_votes, int(blue.rep.sum()) / red_votes
        matched = int(blue.dem.sum() + red.rep.sum())
        least = max(blue_votes, red_votes)
        most = int(self.table[["dem", "rep"]].max(axis=1).sum())
        # The correlation of vote and nation, over all voters: its square is the variance between.
        counts = np.array([[blue.dem.sum(), blue.rep.sum()], [red.dem.sum(), red.rep.sum()]], float)
        margins = counts.sum(axis=0).prod() * counts.sum(axis=1).prod()
        phi = np.linalg.det(counts) / math.sqrt(margins) if margins else 0.0
        freed = matched - least
        gdp = int(self.table.gdp_2016.sum()) * 1000
        return {
            "blue_stranded_voters": int(red.dem.sum()),
            "red_stranded_voters": int(blue.rep.sum()),
            "blue_stranded_share": stranded[0],
            "red_stranded_share": stranded[1],
            "stranded_share_difference": stranded[0] - stranded[1],
            "status_quo_voters": least,
            "best_without_contiguity_voters": most,
            "gain_over_status_quo_voters": freed,
            "gain_over_status_quo_share": freed / (most - least),
            "price_of_contiguity_voters": most - matched,
            "price_of_contiguity_share": (most - matched) / (blue_votes + red_votes),
            "dissimilarity_index": abs(1 - sum(stranded)),
            "variance_between_share": phi**2,
            "dollars_per_freed_voter_and_gdp_percent": gdp / 100 / freed if freed > 0 else None,
        }

    def territory(self, side: str, coast: pd.DataFrame) -> dict[str, Any]:
        units = self.table.index[self.table.nation == side]
        shape = self.merged(units)
        own = set(units)
        pieces = [one for one in self.pieces if one <= own]
        people = self.table.people
        exclaves, enclaves = [], []
        for landmass in self.landmasses:
            here = [one for one in pieces if one <= landmass]
            main = max(here, key=lambda one: people[sorted(one)].sum(), default=None)
            exclaves += [one for one in here if one is not main]
        for one in pieces:
            around = {other for unit in one for other in self.touching[unit]} - own
            if not around or not self.reaches_around(around, one):
                continue
            ring, facing = self.merged(one).boundary, self.merged(around)
            if ring.intersection(facing.boundary).length > ring.length - 1:
                enclaves.append(one)
        sea = coast.sea_coast[units].sum() / 1000
        return {
            "has_sea_access": bool(sea > 0),
            "sea_coast_km": sea,
            "lake_coast_km": coast.lake_coast[units].sum() / 1000,
            "outline_km": shape.length / 1000,
            "polsby_popper": 4 * math.pi * shape.area / shape.length**2 if shape.length else None,
            "exclaves": len(exclaves),
            "exclave_people": sum(int(people[sorted(one)].sum()) for one in exclaves),
            "enclaves": len(enclaves),
            "enclave_people": sum(int(people[sorted(one)].sum()) for one in enclaves),
            **self.keystones(pieces),
        }

    def reaches_around(self, around: set[str], piece: set[str]) -> bool:
        """Whether the boxes let a ring lie inside: only then are shapes worth the merging."""
        west, south, east, north = self.boxes.loc[sorted(piece)].to_numpy().T
        outside = self.boxes.loc[sorted(around)].to_numpy().T
        return bool(
            outside[0].min() <= west.min() + 1
            and outside[1].min() <= south.min() + 1
            and outside[2].max() >= east.max() - 1
            and outside[3].max() >= north.max() - 1
        )

    def merged(self, units: Any) -> shapely.Geometry:
        # A nation in one piece is asked for as the nation and as the piece.
        key = frozenset(units)
        if key not in self.known:
            self.known[key] = shapely.coverage_union_all(self.shapes[sorted(key)].to_numpy())
        return self.known[key]

    def keystones(self, pieces: list[set[str]]) -> dict[str, Any]:
        found = []
        of = self.table.people.to_dict()
        for piece in pieces:
            graph = self.uncut.subgraph(piece).copy()
            for unit in list(nx.articulation_points(graph)):
                around = list(graph[unit])
                graph.remove_node(unit)
                parts = nx.connected_components(graph)
                people = [int(sum(of[other] for other in one)) for one in parts]
                found.append((sum(people) - max(people), unit))
                graph.add_edges_from((unit, other) for other in around)
        found.sort(key=lambda one: (-one[0], one[1]))
        return {
            "keystones": len(found),
            "gravest_keystones": [
                {
                    "id": unit,
                    "name": self.table.name[unit],
                    "state": self.table.state[unit],
                    "cut_off_people": people,
                    "cut_off_voters": None,
                }
                for people, unit in found[:5]
            ],
        }

    def by_state(self, column: str | None = None) -> pd.DataFrame:
        values = self.table.assign(value=1 if column is None else self.table[column])
        sums = values.pivot_table("value", "state", "nation", "sum", fill_value=0)
        return sums.reindex(columns=SIDES, fill_value=0)

    def states(self) -> dict[str, Any]:
        units, people = self.by_state(), self.by_state("people")
        torn = units[(units > 0).all(axis=1)].index
        smaller = people.loc[torn].min(axis=1)
        is_blue = people.loc[torn].idxmin(axis=1) == "blue"
        order = sorted(torn, key=lambda state: (-smaller[state], state))
        return {
            **{
                f"{side}_states": sorted(units.index.difference(torn)[whole])
                for side in SIDES
                for whole in [units.loc[units.index.difference(torn), side].to_numpy() > 0]
            },
            "split_states": [
                {
                    "state": state,
                    **{f"{side}_units": int(units.loc[state, side]) for side in SIDES},
                    **{f"{side}_people": int(people.loc[state, side]) for side in SIDES},
                    "cut_off_people": int(smaller[state]),
                }
                for state in order
            ],
            "blue_cut_off_people": int(smaller[is_blue].sum()),
            "red_cut_off_people": int(smaller[~is_blue].sum()),
            "cut_off_people": int(smaller.sum()),
        }

    def kept(self) -> pd.DataFrame:
        """Share each state's electors, the remainder to the larger fraction."""
        people = self.by_state("people")
        kept = pd.DataFrame(0, index=people.index, columns=list(SIDES))
        for state, row in people.iterrows():
            exact = Fraction(int(self.electors[state]) * int(row.blue), int(row.sum()))
            blue = math.floor(exact + Fraction(1, 2)) if exact % 1 != Fraction(1, 2) else None
            if blue is None:
                blue = math.ceil(exact) if row.blue >= row.red else math.floor(exact)
            kept.loc[state] = blue, int(self.electors[state]) - blue
        return kept

    def contest(self, side: str | None, electors: pd.Series) -> dict[str, Any]:
        rows = self.table if side is None else self.table[self.table.nation == side]
        votes = rows.groupby("state")[["dem", "rep"]].sum()
        votes = votes.reindex(self.electors.index, fill_value=0)
        lead = np.sign(votes.dem - votes.rep)
        count = {name: int(electors[lead == sign].sum()) for name, sign in zip(
            ("blue", "red", "tied"), (1, -1, 0), strict=True
        )}  # fmt: skip
        total = sum(count.values())
        winners = [name for name in SIDES if count[name] > total / 2]
        blue, red = int(votes.dem.sum()), int(votes.rep.sum())
        return {
            "electoral_votes": total,
            **{f"{name}_electoral_votes": one for name, one in count.items()},
            "winner": winners[0] if winners else None,
            "blue_votes": blue,
            "red_votes": red,
            "margin_electoral_votes": abs(count["blue"] - count["red"]),
            "blue_lead_votes_share": (blue - red) / (blue + red) if blue + red else None,
        }

    def presidency(self) -> dict[str, Any]:
        kept = self.kept().reindex(self.electors.index, fill_value=0)
        people = self.table.groupby("nation").people.sum()
        leaving = None
        if len(people) == 2:
            leaving = "blue" if people.blue <= people.red else "red"
        found = {
            "together": self.contest(None, self.electors),
            **{f"{side}_nation": self.contest(side, kept[side]) for side in SIDES},
        }
        stays = {"blue": "red_nation", "red": "blue_nation", None: "together"}[leaving]
        return {
            **found,
            "leaving_nation": leaving,
            "leaving_electoral_votes": int(kept[leaving].sum()) if leaving else 0,
            "rest_of_the_country": found[stays],
        }

    def house(self) -> dict[str, Any]:
        people = self.by_state("people").drop("DC")
        whole = seats(people.sum(axis=1))
        shared = seats(people.stack())
        own = {side: seats(people[side]) for side in SIDES}
        return {
            "seats": 435,
            **{f"{side}_seats": int(shared.xs(side, level=1).sum()) for side in SIDES},
            "delegations": [
                {
                    "state": state,
                    "undivided_seats": int(whole[state]),
                    **{f"{side}_seats": int(shared[state, side]) for side in SIDES},
                    **{f"{side}_own_seats": int(own[side][state]) for side in SIDES},
                }
                for state in sorted(people.index)
            ],
        }

    def document(self, coast: pd.DataFrame) -> dict[str, Any]:
        everybody = set(self.table.index)
        presidency = self.presidency()
        whole = {
            "": presidency["together"]["electoral_votes"],
            **{side: presidency[f"{side}_nation"]["electoral_votes"] for side in SIDES},
        }
        return {
            "schema_version": 1,
            "election": self.election,
            "years": {"people": self.people_year, "gdp_dollars": "2016"},
            "country": {
                **self.sums(everybody),
                "electoral_votes": whole[""],
                **self.country(),
                **self.line(everybody),
            },
            "nations": {
                side: {
                    **self.sums(everybody, side),
                    "electoral_votes": whole[side],
                    **self.territory(side, coast),
                }
                for side in SIDES
            },
            "states": self.states(),
            "presidency": presidency,
            "house": self.house(),
            "landmasses": sorted(
                (
                    {
                        "both": {**self.sums(one), "electoral_votes": None},
                        **{
                            side: {**self.sums(one, side), "electoral_votes": None}
                            for side in SIDES
                        },
                        **self.line(one),
                    }
                    for one in self.landmasses
                ),
                key=lambda one: -one["both"]["voters"],
            ),
        }


def seats(people: pd.Series) -> pd.Series:
    """Share 435 seats by ranking all priorities at once."""
    populated = people[people > 0].astype(float)
    if populated.empty:
        return pd.Series(0, index=people.index)
    n = np.arange(1, 435)
    priority = populated.to_numpy()[:, None] / np.sqrt(n * (n + 1))
    last = np.sort(priority.ravel())[-(435 - len(populated))]
    won = pd.Series(1 + (priority >= last).sum(axis=1), index=populated.index)
    return won.reindex(people.index, fill_value=0)


def leaves(document: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(document, dict):
        for key, value in document.items():
            yield from leaves(value, f"{path}.{key}")
    elif isinstance(document, list):
        for row, value in enumerate(document):
            yield from leaves(value, f"{path}[{row}]")
    else:
        yield path, document


@pytest.fixture(scope="module")
def shapes() -> pd.Series:
    """The boundary file as published, Alaska and Maui merged as their votes are."""
    package = importlib.util.find_spec("_plotly_geo")
    if package is None or package.origin is None:
        pytest.skip('needs the boundary file: pip install "two-nations[build]"')
    path = Path(package.origin).parent / "package_data" / "cb_2016_us_county_500k.shp"
    counties = gpd.read_file(path).set_crs("EPSG:4269").to_crs("EPSG:5070")
    unit = counties.GEOID.mask(counties.STATEFP == "02", "02000").replace("15005", "15009")
    return counties.dissolve(unit).geometry


@pytest.fixture(scope="module")
def coast() -> pd.DataFrame:
    table = pd.read_parquet(
        ROOM / "data" / "units.parquet", columns=["geoid", "sea_coast", "lake_coast"]
    )
    return table.set_index("geoid")


def plan_of(name: str, dataset: Dataset, election: str) -> Plan:
    units, votes = dataset.units, dataset.units.votes[election]
    if name == "status quo":
        return Plan(np.ones(units.n_units, np.int8))
    if name == "archipelago":
        return Plan(votes[:, 0] > votes[:, 1])
    if name == "states":
        lead = pd.Series(votes[:, 0] - votes[:, 1]).groupby(units.states).transform("sum")
        return Plan((lead > 0).to_numpy())
    if name == "cascadia":
        return Plan(np.isin(units.states, ["CA", "OR", "WA"]))
    return Plan(np.random.default_rng(7).random(units.n_units) < 0.3)


@pytest.mark.parametrize(
    ("name", "election"),
    [
        ("status quo", "2016"),
        ("archipelago", "2024"),
        ("states", "2016"),
        ("cascadia", "2020"),
        ("by chance", "2020"),
    ],
)
def test_report_json_agrees_with_a_recount_from_plan_csv_alone(
    dataset: Dataset,
    shapes: pd.Series,
    coast: pd.DataFrame,
    tmp_path: Path,
    name: str,
    election: str,
) -> None:
    plan = plan_of(name, dataset, election)
    scenario = partition.Scenario.shipped("archipelago").override(election=election)
    question = Question(scenario, dataset)
    report = question.measure(plan)
    matched = report.whole.both.self_determined
    result = Result(plan, Status.OPTIMAL, matched, matched, 1.0, 0)
    folder = Run(question, result, report).write(tmp_path / "run")
    assert wrong_figures(folder, election, shapes, coast) == {}


@pytest.mark.parametrize("name", shipped_names())
def test_what_a_scenario_finds_holds_when_counted_and_checked_anew(
    dataset: Dataset, shapes: pd.Series, coast: pd.DataFrame, tmp_path: Path, name: str
) -> None:
    run = partition.solve(name, data=dataset, gap=0.005, certify=True)
    folder = run.write(tmp_path / name)
    # Votes, weights and every constraint anew, and the bound from its certificate.
    confirmation = verify(folder)
    assert confirmation.is_recounted
    assert confirmation.objective == run.result.objective
    assert confirmation.bound == run.result.bound
    assert wrong_figures(folder, "2016", shapes, coast) == {}


def wrong_figures(
    folder: Path, election: str, shapes: pd.Series, coast: pd.DataFrame
) -> dict[str, Any]:
    """List the figures of report.json that a recount from plan.csv has otherwise."""
    found = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    for landmass in found["landmasses"]:
        assert landmass.pop("title")
    expected = Recount(folder / "plan.csv", election, shapes).document(coast)
    found_leaves, expected_leaves = dict(leaves(found)), dict(leaves(expected))
    assert found_leaves.keys() == expected_leaves.keys()
    return {
        path: (found_leaves[path], value)
        for path, value in expected_leaves.items()
        if found_leaves[path] != (pytest.approx(value) if isinstance(value, float) else value)
    }
