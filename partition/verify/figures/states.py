"""The states under the line, the presidency, and the seats of the House."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from heapq import heapify, heapreplace
from typing import Any

from partition.verify.agreement import share
from partition.verify.figures.ground import BLUE, RED, Ground

SEATS = 435
"""Seats of the House of Representatives."""

WITHOUT_SEATS = ("DC",)
"""What has electoral votes and is no state."""

Sums = dict[str, list[int]]
"""Something of each state in the red and in the blue nation, by code."""


def by_state(ground: Ground, values: list[int]) -> Sums:
    """Add up whole numbers over each state in each nation."""
    states = ground.data.states
    sums: Sums = {code: [0, 0] for code in sorted(set(states))}
    for state, part, value in zip(states, ground.plan, values, strict=True):
        sums[state][part] += value
    return sums


def splits(ground: Ground) -> dict[str, Any] | None:
    """Say which states the line leaves whole, and whom it cuts off from the rest of theirs."""
    if not any(ground.data.states):
        return None
    units = by_state(ground, [1] * len(ground.plan))
    units.pop("", None)
    people = None if ground.people is None else by_state(ground, ground.people)
    split = [code for code, (red, blue) in units.items() if red and blue]
    rows = [_split(code, units[code], None if people is None else people[code]) for code in split]
    rows.sort(key=lambda row: (-(row["cut_off_people"] or 0), row["state"]))
    blue = red = None
    if people is not None:
        both = [people[code] for code in split]
        blue = sum(own[BLUE] for own in both if own[BLUE] < own[RED])
        red = sum(own[RED] for own in both if own[BLUE] >= own[RED])
    return {
        "blue_states": [code for code, own in units.items() if not own[RED]],
        "red_states": [code for code, own in units.items() if not own[BLUE]],
        "split_states": rows,
        "blue_cut_off_people": blue,
        "red_cut_off_people": red,
        "cut_off_people": None if blue is None or red is None else blue + red,
    }


def _split(code: str, units: list[int], people: list[int] | None) -> dict[str, Any]:
    return {
        "state": code,
        "blue_units": units[BLUE],
        "red_units": units[RED],
        "blue_people": None if people is None else people[BLUE],
        "red_people": None if people is None else people[RED],
        "cut_off_people": None if people is None else min(people),
    }


def presidency(ground: Ground) -> dict[str, Any] | None:
    """Recount the presidential election together and in each nation."""
    electors, people = ground.data.electors, ground.people
    if electors is None or people is None:
        return None
    kept = {code: _kept(electors[code], own) for code, own in by_state(ground, people).items()}
    votes = [
        by_state(ground, [pair[side] for pair in ground.votes]) for side in (RED, BLUE)
    ]  # side -> state -> nation
    together = _contest([(sum(votes[RED][c]), sum(votes[BLUE][c]), sum(kept[c])) for c in kept])
    alone = [
        _contest([(votes[RED][c][n], votes[BLUE][c][n], kept[c][n]) for c in kept]) for n in (0, 1)
    ]
    leaving = _leaving(ground, people)
    return {
        "leaving_nation": leaving,
        "leaving_electoral_votes": 0
        if leaving is None
        else alone[BLUE if leaving == "blue" else RED]["electoral_votes"],
        "rest_of_the_country": together
        if leaving is None
        else alone[RED if leaving == "blue" else BLUE],
        "together": together,
        "blue_nation": alone[BLUE],
        "red_nation": alone[RED],
    }


def _kept(electors: int, people: list[int]) -> list[int]:
    """Share the electoral votes of a state by people, by largest remainder.

    One vote at most is left over: it goes to the larger fraction, then to the nation with more
    people there, then to the blue one, where both go if nobody lives there at all.
    """
    if not sum(people):
        return [electors // 2, electors - electors // 2]
    exact = [Fraction(electors * own, sum(people)) for own in people]
    given = [int(part) for part in exact]
    if sum(given) < electors:
        given[max((exact[n] - given[n], people[n], n) for n in (0, 1))[2]] += 1
    return given


def _contest(states: list[tuple[int, int, int]]) -> dict[str, Any]:
    """Count an election from each state's red votes, blue votes and electoral votes."""
    won: Counter[int] = Counter()
    for red, blue, electors in states:
        won[(blue > red) - (blue < red)] += electors
    red, blue, electors = (sum(row[column] for row in states) for column in range(3))
    winner = next((name for name, of in (("blue", 1), ("red", -1)) if 2 * won[of] > electors), None)
    return {
        "electoral_votes": electors,
        "blue_electoral_votes": won[1],
        "red_electoral_votes": won[-1],
        "tied_electoral_votes": won[0],
        "winner": winner,
        "blue_votes": blue,
        "red_votes": red,
        "margin_electoral_votes": abs(won[1] - won[-1]),
        "blue_lead_votes_share": share(blue - red, blue + red),
    }


def _leaving(ground: Ground, people: list[int]) -> str | None:
    """Name the nation with fewer people, of equal ones the blue; none where there is only one."""
    if len(set(ground.plan)) < 2:
        return None
    red, blue = (sum(people[unit] for unit in ground.of(part)) for part in (RED, BLUE))
    return "blue" if blue <= red else "red"


def house(ground: Ground) -> dict[str, Any] | None:
    """Share the seats of the House between states, fragments, and within each nation."""
    if ground.data.electors is None or ground.people is None:
        return None
    sums = by_state(ground, ground.people)
    codes = [code for code in sums if code not in WITHOUT_SEATS]
    fragments = [sums[code][part] for code in codes for part in (RED, BLUE)]
    if sum(people > 0 for people in fragments) > SEATS:
        return None
    undivided = apportion([sum(sums[code]) for code in codes])
    shared = apportion(fragments)
    own = [apportion([sums[code][part] for code in codes]) for part in (RED, BLUE)]
    return {
        "seats": SEATS,
        "blue_seats": sum(shared[1::2]),
        "red_seats": sum(shared[::2]),
        "delegations": [
            {
                "state": code,
                "undivided_seats": undivided[row],
                "blue_seats": shared[2 * row + BLUE],
                "red_seats": shared[2 * row + RED],
                "blue_own_seats": own[BLUE][row],
                "red_own_seats": own[RED][row],
            }
            for row, code in enumerate(codes)
        ],
    }


def apportion(people: list[int], seats: int = SEATS) -> list[int]:
    """Share seats by equal proportions (Huntington and Hill).

    Whoever has people gets a seat; each further one goes where ``people**2 / (n * (n + 1))`` is
    largest with the *n* seats so far, of equal ones to the larger, then to the first.
    """
    given = [int(own > 0) for own in people]
    # The smallest of these is the next in turn.
    turns = [(Fraction(-own * own, 2), -own, row) for row, own in enumerate(people)]
    heapify(turns)
    for _ in range(seats - sum(given) if any(given) else 0):
        row = turns[0][2]
        given[row] += 1
        priority = Fraction(people[row] ** 2, given[row] * (given[row] + 1))
        heapreplace(turns, (-priority, -people[row], row))
    return given
