"""The sections of ``report.md`` on the states, the presidency and the House."""

from __future__ import annotations

from partition.answer import wording
from partition.answer.figures import Report
from partition.answer.state_figures import Contest, Presidency
from partition.land.ballot import COLOURS, Ballot
from partition.pages.markdown import link
from partition.pages.rounding import counted, rounded
from shapefiles.table_writing import markdown_table, markdown_text

SHOWN = 10
"""Rows of the table of split states; ``report.json`` has all of them."""

LISTED = 26
"""Up to how many undivided states of a nation are listed by code."""

COUNTED_BY_CONGRESS = {
    "2016": "Congress counted 304 for Trump and 227 for Clinton: Maine gave one of its four to "
    "Trump, and seven electors voted for others than their state had.",
    "2020": "Congress counted 306 for Biden and 232 for Trump: Maine gave one to Trump, Nebraska "
    "one to Biden.",
    "2024": "Congress counted 312 for Trump and 226 for Harris: Maine gave one to Trump, Nebraska "
    "one to Harris.",
}
"""The count of the whole country, by the Office of the Federal Register, National Archives."""


def states_section(report: Report) -> list[str]:
    """Say which states the line leaves whole, and what it cuts off."""
    states = report.states
    if states is None:
        return []
    names = [report.ballot.nation(one) for one in COLOURS]
    blue, red = map(markdown_text, names)
    counts = [
        f"{counted(len(codes), 'state')} in the {name} nation{_listed(codes)}"
        for name, codes in ((blue, states.blue_states), (red, states.red_states))
        if codes
    ]
    split = len(states.split_states)
    text = f"Undivided: {' and '.join(counts)}. " if counts else ""
    text += f"{link('Split', 'Split states')}: {split}."
    if split and states.cut_off_people is not None:
        text += (
            f" {rounded(states.cut_off_people)} people live in "
            f"{link('the smaller part', 'Minority fragments')} of their state, "
            f"{rounded(states.blue_cut_off_people)} of them in the {blue} nation and "
            f"{rounded(states.red_cut_off_people)} in the {red} one."
        )
    blocks = ["## The states", text]
    if split and states.cut_off_people is not None:
        rows = [
            (markdown_text(one.state), rounded(one.blue_people), rounded(one.red_people))
            for one in states.split_states[:SHOWN]
        ]
        blocks.append(
            markdown_table(
                ("State", f"People in the {names[0]} nation", f"in the {names[1]} nation"), rows
            )
        )
    return blocks


def presidency_section(report: Report) -> list[str]:
    """Say who would have won the presidency with the line in place."""
    presidency = report.presidency
    if presidency is None:
        return []
    sides, (blue, red) = report.ballot.sides, report.ballot.nation_names
    contests = [("Whole country", presidency.together)]
    if presidency.leaving is not None:
        contests += [
            (f"{blue} nation alone", presidency.blue),
            (f"{red} nation alone", presidency.red),
        ]
    rows = [
        (
            label,
            str(one.electoral_votes),
            str(one.blue_electoral_votes),
            str(one.red_electoral_votes),
            wording.winner(one, sides),
            _lead(one, sides),
        )
        for label, one in contests
    ]
    rules = (
        f"Votes as they were cast; {link('the winner takes all', 'Presidency')} in every state, "
        f"and a split state {link('shares its electoral votes', 'Electoral votes')} by people."
    )
    if presidency.together.electoral_votes == 538 and report.election in COUNTED_BY_CONGRESS:
        rules += f" {COUNTED_BY_CONGRESS[report.election]}"
    head = ("", "Electoral votes", *sides, "President", "Lead in votes")
    rest = _rest(presidency, report.ballot)
    return ["## The presidency", rest, markdown_table(head, rows), rules]


def _rest(presidency: Presidency, ballot: Ballot) -> str:
    if presidency.leaving is None:
        return "Nobody leaves, so the presidency stays as it was."
    rest = presidency.rest
    scores = (rest.blue_electoral_votes, rest.red_electoral_votes)
    sides = (markdown_text(ballot.blue), markdown_text(ballot.red))
    leaving = markdown_text(ballot.nation(presidency.leaving))
    if rest.winner is None:
        outcome = f"nobody would have had a majority, at {scores[0]} to {scores[1]}"
    else:
        outcome = f"{wording.winner(rest, sides)} would have won by {max(scores)} to {min(scores)}"
    return (
        f"If the {leaving} nation, the one with fewer people, left the other, "
        f"{presidency.leaving_electoral_votes} electoral votes would leave. In the rest of the "
        f"country {outcome}; in votes: {_lead(rest, sides)}."
    )


def _lead(contest: Contest, sides: tuple[str, str]) -> str:
    lead = contest.blue_lead_votes_share
    if not lead:
        return "even"
    return f"{sides[0] if lead > 0 else sides[1]} +{wording.percent(abs(lead))}"


def house_section(report: Report) -> list[str]:
    """Say how many seats of the House each nation would fill, together and alone."""
    house = report.house
    if house is None or not (report.whole.blue.units and report.whole.red.units):
        return []
    blue, red = (markdown_text(report.ballot.nation(one)) for one in COLOURS)
    shared = (
        f"If both nations still shared one House of {house.seats}, with a delegation for every "
        f"part of a split state, the {blue} nation would send {house.blue_seats} members and the "
        f"{red} one {house.red_seats} ({link('how', 'House seats')})."
    )
    own = []
    for name in ("blue", "red"):
        seats = {one.state: getattr(one, f"{name}_own_seats") for one in house.delegations}
        first = sorted(seats, key=lambda state: (-seats[state], state))[:5]
        named = ", ".join(
            f"{markdown_text(state)} {seats[state]}" for state in first if seats[state]
        )
        own.append(f"{named} in the {markdown_text(report.ballot.nation(name))} nation")
    return [
        "## The House",
        shared,
        f"In a House of {house.seats} of its own, the largest delegations would be "
        + "; ".join(own)
        + ".",
    ]


def _listed(codes: tuple[str, ...]) -> str:
    """List the states that are fewer than the others; readers know the rest."""
    return f" ({', '.join(map(markdown_text, codes))})" if len(codes) <= LISTED else ""
