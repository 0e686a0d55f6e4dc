"""The states of a plan: those it splits, the presidency of each nation, seats in the House."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from partition.answer.land import Ground
from partition.answer.state_figures import (
    Contest,
    Delegation,
    Fragments,
    House,
    Presidency,
    StateSplits,
)
from partition.metrics import (
    BLUE,
    HOUSE_SEATS,
    NATION_NAMES,
    RED,
    WITHOUT_SEATS,
    Ints,
    count_electors,
    electors_of,
    fragments,
    huntington_hill,
    is_split,
    kept_electors,
    minority_fragments,
)


def state_splits(ground: Ground) -> StateSplits | None:
    """Say which states lie within a nation and which are split; None where no unit has a state."""
    if not (ground.units.states != "").any():
        return None
    codes, units = fragments(
        ground.units.states, np.ones(ground.units.n_units, np.int64), ground.assignment
    )
    people = _people(ground)
    has_code = codes != ""  # units without a state are no state together
    codes, units = codes[has_code], units[has_code]
    people = None if people is None else people[has_code]
    split = is_split(units)
    cut_off = None if people is None else minority_fragments(people)[split].sum(axis=0)
    torn = [
        Fragments(
            state=str(codes[row]),
            blue_units=int(units[row, BLUE]),
            red_units=int(units[row, RED]),
            blue_people=None if people is None else int(people[row, BLUE]),
            red_people=None if people is None else int(people[row, RED]),
        )
        for row in np.flatnonzero(split).tolist()
    ]
    torn.sort(key=lambda one: (-(one.cut_off_people or 0), one.state))
    return StateSplits(
        blue_states=tuple(codes[~split & (units[:, BLUE] > 0)].tolist()),
        red_states=tuple(codes[~split & (units[:, RED] > 0)].tolist()),
        split_states=tuple(torn),
        blue_cut_off_people=None if cut_off is None else int(cut_off[BLUE]),
        red_cut_off_people=None if cut_off is None else int(cut_off[RED]),
    )


def presidency(ground: Ground, electors: Mapping[str, int] | None) -> Presidency | None:
    """Recount the presidential election in each nation; None without electoral votes or people."""
    people = _people(ground)
    if electors is None or people is None:
        return None
    codes, votes = fragments(ground.units.states, ground.votes, ground.assignment)
    given = electors_of(codes, electors)
    kept = kept_electors(people, given)
    return Presidency(
        together=_contest(votes.sum(axis=1), given),
        blue=_contest(votes[:, BLUE], kept[:, BLUE]),
        red=_contest(votes[:, RED], kept[:, RED]),
        leaving=_leaving(ground, people),
    )


def house(ground: Ground, electors: Mapping[str, int] | None) -> House | None:
    """Share the seats of the House; None without people, or where the data name no electors.

    The states are those of the United States where there are electoral votes; more fragments than
    seats, which only other data can have, leave the measure out.
    """
    people = _people(ground)
    if electors is None or people is None:
        return None
    codes = np.unique(ground.units.states)
    has_seats = ~np.isin(codes, list(WITHOUT_SEATS))
    codes, people = codes[has_seats], people[has_seats]
    if (people > 0).sum() > HOUSE_SEATS:
        return None
    undivided = huntington_hill(people.sum(axis=1))
    shared = huntington_hill(people.ravel()).reshape(-1, 2)
    own = np.column_stack([huntington_hill(people[:, part]) for part in (RED, BLUE)])
    return House(
        seats=HOUSE_SEATS,
        delegations=tuple(
            Delegation(
                state=state,
                undivided_seats=int(undivided[row]),
                blue_seats=int(shared[row, BLUE]),
                red_seats=int(shared[row, RED]),
                blue_own_seats=int(own[row, BLUE]),
                red_own_seats=int(own[row, RED]),
            )
            for row, state in enumerate(codes.tolist())
        ),
    )


def _people(ground: Ground) -> Ints | None:
    """Inhabitants of each state in each nation, where they are known."""
    if ground.people is None:
        return None
    return fragments(ground.units.states, ground.people, ground.assignment)[1]


def _contest(votes: Ints, electors: npt.NDArray[np.int64]) -> Contest:
    count = count_electors(votes, electors)
    blue, red = votes.sum(axis=0).tolist()
    return Contest(
        electoral_votes=count.total,
        blue_electoral_votes=count.blue,
        red_electoral_votes=count.red,
        tied_electoral_votes=count.tied,
        winner=None if count.winner is None else NATION_NAMES[count.winner],
        blue_votes=blue,
        red_votes=red,
    )


def _leaving(ground: Ground, people: Ints) -> str | None:
    if len(np.unique(ground.assignment)) < 2:
        return None
    total = people.sum(axis=0)
    return "blue" if total[BLUE] <= total[RED] else "red"
