"""``report.md``: the report of one plan as a page to read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from partition import metrics
from partition.answer import wording
from partition.answer.figures import Report, Tally, Territory
from partition.land.ballot import COLOURS, Ballot
from partition.pages.formulas import formula
from partition.pages.markdown import TableRow, link
from partition.pages.rounding import counted, dollars, rounded
from partition.pages.switchers import stability_section
from partition.pages.text_asked import asked_section
from partition.pages.text_states import house_section, presidency_section, states_section
from partition.pages.text_steps import steps_section
from shapefiles.table_writing import Markdown, markdown_table, markdown_text

if TYPE_CHECKING:
    from partition.runs.run import Run

SHOWN = 10
"""Rows of the table of landmasses; ``report.json`` has all of them."""

FORMULAS: dict[str, Callable[..., Any]] = {
    "Matched votes": metrics.matched_votes,
    "Self-determination": metrics.self_determination,
    "Stranded shares": metrics.stranded_shares,
    "Status quo": metrics.status_quo,
    "Best without contiguity": metrics.best_without_contiguity,
    "Gain over the status quo": metrics.gain_over_status_quo,
    "Price of contiguity": metrics.price_of_contiguity,
    "Dissimilarity index": metrics.dissimilarity_index,
    "Variance between the nations": metrics.variance_between,
    "Cut edges": metrics.is_cut,
    "Frontier": metrics.frontier_km,
    "Outline": metrics.outlines,
    "Compactness": metrics.polsby_popper,
    "Pieces": metrics.components,
    "Exclaves": metrics.is_exclave,
    "Enclaves": metrics.is_enclave,
    "Keystones": metrics.articulation,
    "Split states": metrics.is_split,
    "Minority fragments": metrics.minority_fragments,
    "Electoral votes": metrics.kept_electors,
    "Presidency": metrics.count_electors,
    "House seats": metrics.huntington_hill,
    "Freed voters": metrics.freed_voters,
    "Break-even": metrics.break_even_value,
}
"""What the page calls each formula that it gives."""


def report_text(run: Run) -> str:
    """Write the report of a run as Markdown.

    Numbers are rounded for reading; ``report.json`` has the exact ones.
    """
    report = run.report
    sections = (
        _head(run),
        asked_section(run),
        steps_section(run.steps),
        _nations(report),
        _stranded(report),
        _line(report),
        states_section(report),
        presidency_section(report),
        house_section(report),
        _worth(report),
        _landmasses(report),
        stability_section(run),
        _formulas(),
        _source(run),
    )
    return "\n\n".join(block for section in sections for block in section) + "\n"


def _head(run: Run) -> list[str]:
    report, scenario = run.report, run.scenario
    size = counted(report.whole.both.units, "unit")
    return [
        f"# {markdown_text(scenario.title)}",
        markdown_text(scenario.description),
        f"*{', '.join(filter(None, (markdown_text(report.ballot.title), size)))}.*",
        *(_headline(run) if report.whole.both.voters else [f"{wording.WITHOUT_VOTERS}."]),
    ]


def _headline(run: Run) -> list[str]:
    """Set the plan between staying together and the best that any line could do."""
    report = run.report
    sorting, voters = report.sorting, report.whole.both.voters
    together = wording.percent(sorting.status_quo_voters / voters)
    most = wording.percent(sorting.best_without_contiguity_voters / voters)
    gain = sorting.gain_over_status_quo_share
    text = (
        f"If [nobody left](#status-quo) it would be {together}, and {most} if every unit joined "
        "[its own majority](#best-without-contiguity)"
    )
    if gain is not None:
        text += f": this line gains {wording.percent(gain)} of {link('what is possible', _GAIN)}"
    price = sorting.price_of_contiguity_voters
    return [
        f"**{markdown_text(wording.headline(report))}.** {wording.quality(run.result)}.",
        f"{text}.",
        f"The {link('price of contiguity', 'Price of contiguity')}, and of whatever else "
        f"constrains the line, is {rounded(price)} voters, "
        f"{wording.percent(sorting.price_of_contiguity_share)} of all."
        if price
        else "No line between these units could do better.",
    ]


def _per_person(report: Report) -> str:
    gdp, people = (report.years.get(one) for one in ("gdp_dollars", "people"))
    if gdp and people and gdp != people:
        return f"GDP of {gdp} per person of {people}"
    return f"GDP per person, {gdp}" if gdp else "GDP per person"


def voters_label(ballot: Ballot) -> str:
    """Head the row of all voters: whose votes count is said above it."""
    return "Two-party voters" if ballot.is_two_party else "Voters"


_GAIN = "Gain over the status quo"


def _nations(report: Report) -> list[str]:
    whole, land = report.whole, report.territory
    gdp = wording.dated("GDP", report, "gdp_dollars")

    def tallies(label: str, write: Callable[[Tally], str]) -> TableRow:
        return label, write(whole.blue), write(whole.red)

    def lands(label: str, write: Callable[[Territory], str]) -> TableRow:
        return label, write(land.blue), write(land.red)

    voters = (
        tallies(voters_label(report.ballot), lambda one: rounded(one.voters)),
        tallies(
            link("Self-determined voters", "Self-determination"),
            lambda one: _with_share(one.self_determined, one.self_determination),
        ),
        tallies("Stranded voters", lambda one: rounded(one.stranded)),
    )
    rows = [
        tallies("Units", lambda one: f"{one.units:,}"),
        tallies(wording.dated("People", report, "people"), lambda one: rounded(one.people)),
        tallies("Land (km²)", lambda one: rounded(one.land_km2)),
        tallies(f"{gdp} (2012 dollars)", lambda one: dollars(one.gdp_dollars)),
        tallies(_per_person(report), _gdp_per_person),
        *(voters if whole.both.voters else ()),
        lands("Access to the sea", lambda one: _yes_or_no(one.has_sea_access)),
        lands("Coast on the sea (km)", lambda one: rounded(one.sea_coast_km)),
        lands("Coast on the Great Lakes (km)", lambda one: rounded(one.lake_coast_km)),
        tallies(link("Pieces"), lambda one: f"{one.pieces:,}"),
        lands(link("Exclaves"), lambda one: _with_people(one.exclaves, one.exclave_people)),
        lands(link("Enclaves"), lambda one: _with_people(one.enclaves, one.enclave_people)),
        lands(
            Markdown(f"{link('Compactness')} (Polsby-Popper)"),
            lambda one: _index(one.polsby_popper),
        ),
        tallies(link("Electoral votes"), lambda one: rounded(one.electoral_votes)),
    ]
    if report.house is not None:
        seats = (f"{report.house.blue_seats}", f"{report.house.red_seats}")
        label = Markdown(f"{link('House seats')}, of {report.house.seats} together")
        rows.append((label, *seats))
    known = [row for row in rows if set(row[1:]) != {"-"}]
    heads = (f"{one} nation" for one in report.ballot.nation_names)
    return ["## The two nations", markdown_table(("", *heads), known)]


def _stranded(report: Report) -> list[str]:
    sorting, both = report.sorting, report.whole.both
    if not both.voters:
        return []
    sides = report.ballot.sides
    shares = (sorting.blue_stranded_share, sorting.red_stranded_share)
    rows = [
        ("Voters", rounded(both.blue_votes), rounded(both.red_votes)),
        (
            "Stranded in the other nation",
            rounded(sorting.blue_stranded_voters),
            rounded(sorting.red_stranded_voters),
        ),
        (link("Share stranded", "Stranded shares"), *(wording.percent(one) for one in shares)),
    ]
    blocks = [
        "## Who is stranded",
        markdown_table(("", *(f"{side} voters" for side in sides)), rows),
    ]
    difference = sorting.stranded_share_difference
    if difference is not None:
        more = markdown_text(sides[0] if difference > 0 else sides[1])
        points = 100 * abs(difference)
        blocks.append(
            "The line treats both sides alike."
            if points < 0.05
            else f"The line strands {more} voters more often, by {points:.1f} percentage points."
        )
    if sorting.dissimilarity_index is not None and sorting.variance_between_share is not None:
        blocks.append(
            f"The {link('dissimilarity index', 'Dissimilarity index')} of the two nations is "
            f"{sorting.dissimilarity_index:.2f}; "
            f"{wording.percent(sorting.variance_between_share)} of the variance of the vote lies "
            f"{link('between them', 'Variance between the nations')}, the rest inside."
        )
    return blocks


def _line(report: Report) -> list[str]:
    whole = report.whole
    if not whole.cut_edges:
        blocks = ["No two neighbouring units are in different nations."]
    else:
        edges = counted(whole.cut_edges, "pair")
        line = f"The {link('frontier', 'Frontier')}"
        parts = f"parts {link(edges, 'Cut edges')} of neighbouring units."
        blocks = [f"{line} {parts}"]
        if whole.border_km is not None:
            blocks = [f"{line} is {rounded(whole.border_km)} km long. It {parts}"]
    for name, land in (("blue", report.territory.blue), ("red", report.territory.red)):
        if land.keystones:
            blocks.append(_keystones(markdown_text(report.ballot.nation(name)), land))
    return ["## The line", *blocks]


def _keystones(name: str, land: Territory) -> str:
    named = []
    for one in land.gravest_keystones:
        place = ", ".join(filter(None, (one.name, one.state)))
        kind = "voters" if one.cut_off_people is None else "people"
        named.append(f"{markdown_text(place)} ({rounded(one.cut_off)} {kind})")
    return (
        f"{link(counted(land.keystones, 'single unit'), 'Keystones')} "
        f"{'holds' if land.keystones == 1 else 'hold'} the {name} nation together. "
        f"Most would be cut off without {'; '.join(named)}."
    )


def _worth(report: Report) -> list[str]:
    if not report.whole.both.voters:
        return []
    sorting = report.sorting
    freed, value = (
        sorting.gain_over_status_quo_voters,
        sorting.dollars_per_freed_voter_and_gdp_percent,
    )
    if freed <= 0:
        text = (
            "This line strands no fewer voters than one nation for everybody, so no second state "
            f"is {link('cheap enough', 'Freed voters')}."
        )
    else:
        text = (
            f"{rounded(freed)} fewer voters are stranded than when nobody leaves: that is what the "
            f"fixed cost of a second state {link('must outweigh', 'Freed voters')}."
        )
        if value is not None:
            text += (
                " For every percent of GDP that it costs a year, not to be stranded must be "
                f"{link('worth', 'Break-even')} {dollars(value)} a year to each of them."
            )
    return ["## Is a second state worth its cost?", text]


def _landmasses(report: Report) -> list[str]:
    if len(report.landmasses) < 2:
        return []
    rows = [
        (
            markdown_text(one.title),
            rounded(one.both.voters),
            wording.percent(one.both.self_determination),
            f"{one.blue.pieces} and {one.red.pieces}",
        )
        for one in report.landmasses[:SHOWN]
    ]
    names = [report.ballot.nation(one) for one in COLOURS]
    head = ("", "Voters", "Self-determined", f"Pieces, {' and '.join(names)}")
    return ["## By landmass", markdown_table(head, rows)]


def _formulas() -> list[str]:
    links = {function.__name__: link(label) for label, function in FORMULAS.items()}
    written = [(label, formula(function, links)) for label, function in FORMULAS.items()]
    blocks = [f"### {label}\n\n{one.to_markdown()}" for label, one in written if one is not None]
    return ["## Formulas", *blocks] if blocks else []


def _source(run: Run) -> list[str]:
    blocks = [f"Data: {markdown_text(run.dataset.source)}."] if run.dataset.source else []
    if run.dataset.repairs:
        lines = (f"- {markdown_text(one['message'])}" for one in run.dataset.repairs)
        blocks += ["What was mended in them; no vote was changed:", "\n".join(lines)]
    return blocks


def _with_share(count: int, share: float | None) -> str:
    return rounded(count) if share is None else f"{rounded(count)} ({wording.percent(share)})"


def _with_people(count: int | None, people: int | None) -> str:
    if count is None:
        return "-"
    return f"{count:,} ({rounded(people)} people)" if count and people is not None else f"{count:,}"


def _gdp_per_person(tally: Tally) -> str:
    if tally.gdp_dollars is None or not tally.people:
        return "-"
    return dollars(tally.gdp_dollars / tally.people)


def _yes_or_no(answer: bool | None) -> str:
    return "-" if answer is None else "yes" if answer else "no"


def _index(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
