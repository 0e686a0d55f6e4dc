"""Figures of the states under a plan: splits, the presidency, seats in the House."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fragments:
    """A state that the line splits.

    Parameters
    ----------
    state
        Its code.
    blue_units, red_units
        Units in each nation.
    blue_people, red_people
        Inhabitants in each nation.
    """

    state: str
    blue_units: int
    red_units: int
    blue_people: int | None
    red_people: int | None

    @property
    def cut_off_people(self) -> int | None:
        """Inhabitants of the smaller fragment."""
        if self.blue_people is None or self.red_people is None:
            return None
        return min(self.blue_people, self.red_people)


@dataclass(frozen=True, slots=True, repr=False)
class StateSplits:
    """What the line does to the states.

    Parameters
    ----------
    blue_states, red_states
        Codes of the states that lie within one nation.
    split_states
        States that lie in both nations, those with the most people cut off first.
    blue_cut_off_people, red_cut_off_people
        People of split states in each nation, cut off from the larger part of their state.
    """

    blue_states: tuple[str, ...]
    red_states: tuple[str, ...]
    split_states: tuple[Fragments, ...]
    blue_cut_off_people: int | None
    red_cut_off_people: int | None

    def __repr__(self) -> str:
        split = ", ".join(one.state for one in self.split_states[:20])
        more = ", ..." if len(self.split_states) > 20 else ""
        whole = f"{len(self.blue_states)} blue, {len(self.red_states)} red"
        return (
            f"<StateSplits: {whole}, {len(self.split_states)} split{split and f' ({split}{more})'}>"
        )

    @property
    def cut_off_people(self) -> int | None:
        """People cut off from the larger part of their state, in both nations."""
        if self.blue_cut_off_people is None or self.red_cut_off_people is None:
            return None
        return self.blue_cut_off_people + self.red_cut_off_people


@dataclass(frozen=True, slots=True)
class Contest:
    """A presidential election, recounted within one nation or in the whole country.

    Parameters
    ----------
    electoral_votes
        All electoral votes of the election.
    blue_electoral_votes, red_electoral_votes, tied_electoral_votes
        Electoral votes of each side, and of states with as many voters on both sides.
    winner
        ``blue``, ``red``, or None where neither has a majority of the electoral votes.
    blue_votes, red_votes
        Two-party votes of each side.
    """

    electoral_votes: int
    blue_electoral_votes: int
    red_electoral_votes: int
    tied_electoral_votes: int
    winner: str | None
    blue_votes: int
    red_votes: int

    @property
    def margin_electoral_votes(self) -> int:
        """Lead in electoral votes of the side that has more of them."""
        return abs(self.blue_electoral_votes - self.red_electoral_votes)

    @property
    def blue_lead_votes_share(self) -> float | None:
        """Lead of the blue side among two-party votes; below 0 where the red side leads."""
        voters = self.blue_votes + self.red_votes
        return (self.blue_votes - self.red_votes) / voters if voters else None


@dataclass(frozen=True, slots=True)
class Presidency:
    """Who would have won the presidency, had the line been there that year.

    Parameters
    ----------
    together
        The election in the whole country.
    blue, red
        The election in each nation alone.
    leaving
        The nation that leaves the other: the one with fewer people, in a tie the blue one; None
        where nobody leaves.
    """

    together: Contest
    blue: Contest
    red: Contest
    leaving: str | None

    @property
    def leaving_electoral_votes(self) -> int:
        """Electoral votes that leave."""
        return 0 if self.leaving is None else getattr(self, self.leaving).electoral_votes

    @property
    def rest(self) -> Contest:
        """What is left of the country: all of it where nobody leaves."""
        if self.leaving is None:
            return self.together
        return self.red if self.leaving == "blue" else self.blue


@dataclass(frozen=True, slots=True)
class Delegation:
    """Seats of one state, or of its fragments.

    Parameters
    ----------
    state
        Its code.
    undivided_seats
        Seats when nobody leaves.
    blue_seats, red_seats
        Seats of its fragment in each nation, when one House is shared by all fragments.
    blue_own_seats, red_own_seats
        Seats of its fragment when each nation has a House of its own.
    """

    state: str
    undivided_seats: int
    blue_seats: int
    red_seats: int
    blue_own_seats: int
    red_own_seats: int


@dataclass(frozen=True, slots=True, repr=False)
class House:
    """Seats of the House of Representatives over the fragments of the states.

    Parameters
    ----------
    seats
        Seats of one House.
    delegations
        Each state, in the order of their codes.
    """

    seats: int
    delegations: tuple[Delegation, ...]

    def __repr__(self) -> str:
        sides = f"{self.blue_seats} blue, {self.red_seats} red"
        return f"<House of {self.seats} seats: {sides}, {len(self.delegations)} delegations>"

    @property
    def blue_seats(self) -> int:
        """Seats of the blue nation in a House shared by all fragments."""
        return sum(one.blue_seats for one in self.delegations)

    @property
    def red_seats(self) -> int:
        """Seats of the red nation in a House shared by all fragments."""
        return sum(one.red_seats for one in self.delegations)
