"""What ``report.md`` has to say, section by section, written anew from the figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from partition.verify import stability
from partition.verify.counted import Counted
from partition.verify.goals import WEIGHTS, read_goal_limits
from partition.verify.steps import price_rows
from partition.verify.writing import dollars, escaped, gap_percent, percent, rounded, table

GOALS = {
    "self_determination": "Voters who live in the nation of their vote",
    "intensity": "The same voters, each times the margin of the unit",
    "border": "Length of the frontier",
    "cut_edges": "Neighbouring units in different nations",
    "state_splits": "Voters cut off from the larger part of their state",
    "status_quo": "People whose nation is not that of their state today",
    "population_balance": "People who would have to move to make the nations equal",
    "gdp_balance": "GDP that would have to move to make the nations equal",
    "area_balance": "Land that would have to move to make the nations equal",
    "blue_at_home": "Blue voters who live in the blue nation",
    "red_at_home": "Red voters who live in the red nation",
    "worse_off": "Voters at home if both sides had the smaller of their shares",
}
"""What the page calls each goal."""

CONGRESS = {"2016": "304 227", "2020": "306 232", "2024": "312 226"}
"""The count of the whole country in Congress, which the page cites."""

SHOWN = 10
"""Rows that a table of states or landmasses shows."""


LONGEST = 3
"""Borders that do not count which are named."""


class Section(NamedTuple):
    """What a section of the page says."""

    heading: str
    table: list[str]
    prose: list[str]
    """Texts that hold the numbers of its sentences, in order."""


def expected(document: dict[str, Any], report: Any, data: Counted) -> Iterator[Section | None]:
    """Write every section; None stands for one that the page leaves out.

    Parameters
    ----------
    document, report
        Of ``run.json`` and ``report.json``.
    data
        What the run divides.
    """
    yield _summary(document, report, data)
    yield _asked(document, data)
    yield _steps(document)
    yield _nations(report, data)
    yield _stranded(report, data.sides)
    yield _line(report)
    yield _states(report["states"], data.nations_in_text)
    yield _presidency(report, data)
    yield _house(report)
    yield _worth(report["country"])
    yield _landmasses(report["landmasses"], data.nations_in_text)
    yield _stability(document, report, data)


def _summary(document: dict[str, Any], report: Any, data: Counted) -> Section:
    country, gap = report["country"], document["gap"]
    texts = [escaped(data.title), f"{country['units']:,}"]
    if country["voters"]:
        texts.append(percent(country["self_determined_share"], 2))
        texts.append(gap_percent(gap) if gap else "")
        texts.append(f"{document['windows']:,}" if document["windows"] and gap else "")
        names = ("status_quo_voters", "best_without_contiguity_voters")
        texts += [percent(country[name] / country["voters"]) for name in names]
        gain, price = country["gain_over_status_quo_share"], country["price_of_contiguity_voters"]
        texts.append("" if gain is None else percent(gain))
        if price:
            texts += [rounded(price), percent(country["price_of_contiguity_share"])]
    return Section("", [], texts)


def _asked(document: dict[str, Any], data: Counted) -> Section:
    scenario, goals = document["scenario"], document["goals"]
    texts: list[str] = []
    units = scenario["units"]
    for name in ("blue", "red"):
        rules = scenario["nations"][name]
        texts.append(f"{rules['pieces']}" if rules["pieces"] not in {1, "any"} else "")
        for side in ("least", "most"):
            shares = [rules[side][key] for key in ("population", "gdp", "votes", "area")]
            texts += [f"{100 * share:g} %" for share in shares if share is not None]
        stranded = [rules.get(key) for key in ("stranded_most", "stranded_most_by_state")]
        texts += [f"{100 * share:g} %" for share in stranded if share is not None]
    at_home = scenario.get("voters", {"at_home": None})["at_home"]
    split_most = scenario.get("states", {"split_most": None})["split_most"]
    texts += [f"{limit:,}" for limit in (at_home, split_most) if limit is not None]
    texts += _apart(scenario)
    bounded = read_goal_limits(scenario)
    texts += [f"{amount:,.15g} {WEIGHTS[key]}" for (_, key), amount in bounded.items()]
    texts += [escaped(place) for name in ("blue", "red") for place in units[name]]
    if not {"states", "all"} & set(units["whole"]):
        texts += map(escaped, units["whole"])
    texts += [] if "all" in units["only"] else map(escaped, units["only"])
    texts += [kind for name in ("on", "off") for kind in scenario["edges"][name]]
    texts += _left_out(document["borders_left_out"], data)
    weights = scenario["weights"]
    plain = {**dict.fromkeys(weights, 0), "self_determination": 1}
    if weights == plain:
        return Section("## What was asked", [], texts)
    rows = [
        (
            GOALS[one["key"]],
            f"{one['amount']:,.0f} {one['unit']}",
            f"{one['weight']:,.6g}",
            f"{one['votes']:+,.1f}",
        )
        for one in goals
    ]
    rows.append(("**Together**", "", "", f"**{sum(one['votes'] for one in goals):+,.1f}**"))
    head = ("Goal", "This plan has", "Votes for each", "Votes")
    return Section("## What was asked", table(head, rows), texts)


def _apart(scenario: dict[str, Any]) -> list[str]:
    rules = scenario.get("apart", {})
    plans = len(rules.get("plans", []))
    named = [rules[key] for key in ("people", "voters") if key in rules]
    return [text for least in named for text in (f"{least:,}", "" if plans == 1 else f"{plans:,}")]


def _steps(document: dict[str, Any]) -> Section | None:
    if "steps" not in document:
        return None
    head = ("Goal", "Its plan has", "The plan before had", "It costs", "It may cost")
    return Section("## First this, then that", table(head, price_rows(document["steps"])), [])


def _left_out(borders: Any, data: Counted) -> list[str]:
    """Tell how many borders do not count, and the longest of them."""
    if not borders:
        return []
    names = dict(zip(data.ids, zip(data.columns["name"], data.states, strict=True), strict=True))
    texts = [f"{len(borders):,}"]
    for one in sorted(borders, key=lambda one: -one["km"])[:LONGEST]:
        for unit in one["units"]:
            name, state = names[unit]
            texts.append(escaped(f"{name}, {state}" if state else name))
        texts.append(f"({one['km']:,.1f} km)")
    rest = len(borders) - LONGEST
    return [*texts, f"{rest:,} more"] if rest > 0 else texts


def _nations(report: Any, data: Counted) -> Section:
    nations, years = (report["nations"]["blue"], report["nations"]["red"]), data.years

    def row(label: str, write: Callable[[Any], str]) -> tuple[str, str, str]:
        return label, write(nations[0]), write(nations[1])

    voters = (
        row(
            "Voters" if data.electors is None else "Two-party voters",
            lambda one: rounded(one["voters"]),
        ),
        row("[Self-determined voters](#self-determination)", _with_share),
        row("Stranded voters", lambda one: rounded(one["stranded_voters"])),
    )
    rows = [
        row("Units", lambda one: f"{one['units']:,}"),
        row(_dated("People", years, "people"), lambda one: rounded(one["people"])),
        row("Land (km²)", lambda one: rounded(one["land_km2"])),
        row(
            _dated("GDP", years, "gdp_dollars") + " (2012 dollars)",
            lambda one: escaped(dollars(one["gdp_dollars"])),
        ),
        row(_per_person(years), _gdp_per_person),
        *(voters if report["country"]["voters"] else ()),
        row("Access to the sea", lambda one: _yes_or_no(one["has_sea_access"])),
        row("Coast on the sea (km)", lambda one: rounded(one["sea_coast_km"])),
        row("Coast on the Great Lakes (km)", lambda one: rounded(one["lake_coast_km"])),
        row("[Pieces](#pieces)", lambda one: f"{one['pieces']:,}"),
        row("[Exclaves](#exclaves)", lambda one: _with_people(one, "exclave")),
        row("[Enclaves](#enclaves)", lambda one: _with_people(one, "enclave")),
        row(
            "[Compactness](#compactness) (Polsby-Popper)",
            lambda one: "-" if one["polsby_popper"] is None else f"{one['polsby_popper']:.3f}",
        ),
        row("[Electoral votes](#electoral-votes)", lambda one: rounded(one["electoral_votes"])),
    ]
    if (house := report["house"]) is not None:
        label = f"[House seats](#house-seats), of {house['seats']} together"
        rows.append((label, f"{house['blue_seats']}", f"{house['red_seats']}"))
    known = [one for one in rows if one[1:] != ("-", "-")]
    return Section(
        "## The two nations",
        table(("", *(escaped(f"{one} nation") for one in data.nation_names)), known),
        [],
    )


def _dated(label: str, years: dict[str, str], figure: str) -> str:
    return f"{label}, {years[figure]}" if figure in years else label


def _per_person(years: dict[str, str]) -> str:
    if not years:
        return "GDP per person"
    gdp, people = years["gdp_dollars"], years["people"]
    same = f"GDP per person, {gdp}"
    return same if gdp == people else f"GDP of {gdp} per person of {people}"


def _gdp_per_person(nation: Any) -> str:
    if nation["gdp_dollars"] is None or not nation["people"]:
        return "-"
    return escaped(dollars(nation["gdp_dollars"] / nation["people"]))


def _with_share(nation: Any) -> str:
    count, share = rounded(nation["self_determined_voters"]), nation["self_determined_share"]
    return count if share is None else f"{count} ({percent(share)})"


def _with_people(nation: Any, name: str) -> str:
    count, people = nation[f"{name}s"], nation[f"{name}_people"]
    if count is None:
        return "-"
    return f"{count:,} ({rounded(people)} people)" if count and people is not None else f"{count:,}"


def _yes_or_no(answer: bool | None) -> str:
    return "-" if answer is None else "yes" if answer else "no"


def _stranded(report: Any, sides: tuple[str, str]) -> Section | None:
    country = report["country"]
    if not country["voters"]:
        return None
    head = ("", *(escaped(f"{side} voters") for side in sides))
    names = ("blue", "red")
    rows = [
        ("Voters", *(rounded(country[f"{name}_votes"]) for name in names)),
        (
            "Stranded in the other nation",
            *(rounded(country[f"{name}_stranded_voters"]) for name in names),
        ),
        (
            "[Share stranded](#stranded-shares)",
            *(percent(country[f"{name}_stranded_share"]) for name in names),
        ),
    ]
    texts: list[str] = []
    difference = country["stranded_share_difference"]
    if difference is not None and 100 * abs(difference) >= 0.05:
        texts += [escaped(sides[0] if difference > 0 else sides[1]), f"{100 * abs(difference):.1f}"]
    index, variance = country["dissimilarity_index"], country["variance_between_share"]
    if index is not None and variance is not None:
        texts += [f"{index:.2f}", percent(variance)]
    return Section("## Who is stranded", table(head, rows), texts)


def _line(report: Any) -> Section:
    texts: list[str] = []
    country = report["country"]
    if country["cut_edges"]:
        length = country["border_km"]
        texts += ["" if length is None else rounded(length), f"{country['cut_edges']:,}"]
    for name in ("blue", "red"):
        nation = report["nations"][name]
        texts.append(f"{nation['keystones']:,}" if nation["keystones"] else "")
        for one in nation["gravest_keystones"]:
            people = one["cut_off_voters" if one["cut_off_people"] is None else "cut_off_people"]
            texts += [escaped(one["name"]), escaped(one["state"]), rounded(people)]
    return Section("## The line", [], texts)


def _states(states: Any, names: tuple[str, str]) -> Section | None:
    if states is None:
        return None
    texts: list[str] = []
    for codes in (states["blue_states"], states["red_states"]):
        if codes:
            texts += [f"{len(codes):,}", *(map(escaped, codes) if len(codes) <= 26 else ())]
    split = states["split_states"]
    texts.append(f"{len(split)}")
    if not split or states["cut_off_people"] is None:
        return Section("## The states", [], texts)
    counts = ("cut_off_people", "blue_cut_off_people", "red_cut_off_people")
    texts += [rounded(states[name]) for name in counts]
    rows = [
        (escaped(one["state"]), rounded(one["blue_people"]), rounded(one["red_people"]))
        for one in split[:SHOWN]
    ]
    head = (
        "State",
        *map(escaped, (f"People in the {names[0]} nation", f"in the {names[1]} nation")),
    )
    return Section("## The states", table(head, rows), texts)


def _presidency(report: Any, data: Counted) -> Section | None:
    presidency, sides = report["presidency"], data.sides
    if presidency is None:
        return None
    texts: list[str] = []
    contests = [("Whole country", presidency["together"])]
    if presidency["leaving_nation"] is not None:
        for colour, name in zip(("blue", "red"), data.nation_names, strict=True):
            contests.append((escaped(f"{name} nation alone"), presidency[f"{colour}_nation"]))
        rest = presidency["rest_of_the_country"]
        scores = [rest["blue_electoral_votes"], rest["red_electoral_votes"]]
        if rest["winner"] is not None:
            scores.sort(reverse=True)
        texts += map(str, (presidency["leaving_electoral_votes"], *scores))
        texts.append(_lead(rest, sides))
    rows = [
        (
            label,
            str(one["electoral_votes"]),
            str(one["blue_electoral_votes"]),
            str(one["red_electoral_votes"]),
            {"blue": escaped(sides[0]), "red": escaped(sides[1]), None: "nobody"}[one["winner"]],
            _lead(one, sides),
        )
        for label, one in contests
    ]
    if presidency["together"]["electoral_votes"] == 538:
        texts.append(CONGRESS.get(report["election"], ""))
    head = ("", "Electoral votes", *map(escaped, sides), "President", "Lead in votes")
    return Section("## The presidency", table(head, rows), texts)


def _lead(contest: Any, sides: tuple[str, str]) -> str:
    lead = contest["blue_lead_votes_share"]
    if not lead:
        return "even"
    return escaped(f"{sides[0] if lead > 0 else sides[1]} +{percent(abs(lead))}")


def _house(report: Any) -> Section | None:
    house, nations = report["house"], report["nations"]
    if house is None or not (nations["blue"]["units"] and nations["red"]["units"]):
        return None
    names = ("seats", "blue_seats", "red_seats", "seats")
    texts = [f"{house[name]}" for name in names]
    for name in ("blue", "red"):
        seats = {one["state"]: one[f"{name}_own_seats"] for one in house["delegations"]}
        first = sorted(seats, key=lambda state: (-seats[state], state))[:5]
        texts += [f"{escaped(state)} {seats[state]}" for state in first if seats[state]]
    return Section("## The House", [], texts)


def _worth(country: Any) -> Section | None:
    if not country["voters"]:
        return None
    freed, value = (
        country["gain_over_status_quo_voters"],
        country["dollars_per_freed_voter_and_gdp_percent"],
    )
    texts = [rounded(freed), "" if value is None else dollars(value)] if freed > 0 else []
    return Section("## Is a second state worth its cost?", [], texts)


def _landmasses(landmasses: Any, names: tuple[str, str]) -> Section | None:
    if len(landmasses) < 2:
        return None
    rows = [
        (
            escaped(one["title"]),
            rounded(one["both"]["voters"]),
            percent(one["both"]["self_determined_share"]),
            f"{one['blue']['pieces']} and {one['red']['pieces']}",
        )
        for one in landmasses[:SHOWN]
    ]
    head = ("", "Voters", "Self-determined", escaped(f"Pieces, {names[0]} and {names[1]}"))
    return Section("## By landmass", table(head, rows), [])


def _stability(document: dict[str, Any], report: Any, data: Counted) -> Section | None:
    if "stability" not in document:
        return None
    nations = report["nations"].values()
    lines, texts = stability.written(document, data, any(not one["units"] for one in nations))
    return Section(stability.HEADING, lines, texts)
