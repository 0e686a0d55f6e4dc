"""Circuits: closed walks from face to face, what they cross, and how much they enclose.

Where a connected graph is drawn in the plane, the edges between two connected parts are those that
a closed curve crosses which passes no face twice: a circuit of the dual graph. A spanning tree of
the units says what it encloses. An edge of the tree carries the sum of all units beyond it, added
where the curve crosses it one way and subtracted where it crosses it the other way; the sum along
the curve is what lies on the side without the root. So a cheapest frontier between two parts that
hold given amounts is a shortest walk from a face back to itself whose sum lies within limits [1]_.

Walks may pass a face twice and wind around a unit twice, which circuits do not. What is found is
therefore a bound from below; where the shortest walk is a circuit, it is the cheapest frontier. To
keep walks to circuits as far as it costs nothing, a walk passes the face that it begins at only
there, and the root, which no walk can count twice, should be the unit that holds most.

The sums at which walks reach a face are the bits of one whole number. They are taken modulo another
one, and a walk that comes to the same sum modulo that counts as well. At 1.9 times the sum of all
units hardly any does; at 1.5 times, a walk around the root alone would seem to enclose half of all.

References
----------
.. [1] J. K. Park, C. A. Phillips, "Finding minimum-quotient cuts in planar graphs", Proceedings of
   the 25th Annual ACM Symposium on Theory of Computing (1993) 766-775, doi:10.1145/167088.167284
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from solvers.graphs.faces import Plane
from solvers.graphs.graph import Graph
from solvers.stop import Stop

N_ENTRIES = 16
"""Faces beside the outer one from which ways across a map are sought."""
N_WAYS = 64
"""Such ways that are looked at."""


class Hop(NamedTuple):
    """A step of a walk: where it leads, what crossing adds to its sum, and the edge it crosses."""

    head: int
    amount: int
    edge: int


@dataclass(frozen=True, slots=True, eq=False)
class Dual:
    """The faces of a graph, as walks pass from one to the next.

    Parameters
    ----------
    hops
        Steps from each face across each edge around it, but edges with one face on both sides.
    steps
        The same where an edge that is *n* long takes *n* steps: faces first, then the places
        within long edges.
    modulus
        What sums are taken modulo.

    Attributes
    ----------
    everything
        All sums, as bits.
    """

    hops: tuple[tuple[Hop, ...], ...]
    steps: tuple[tuple[Hop, ...], ...]
    modulus: int
    everything: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "everything", (1 << self.modulus) - 1)

    def sums(self, lower: int, upper: int) -> int:
        """Mark the sums from `lower` to `upper` as bits."""
        if upper - lower + 1 >= self.modulus:
            return self.everything
        return self.moved((1 << max(0, upper - lower + 1)) - 1, lower)

    def moved(self, sums: int, amount: int) -> int:
        """Add an amount to every sum."""
        amount %= self.modulus
        if not amount:
            return sums
        rest = self.modulus - amount
        # In either way one of the two halves is short, and so is the work on it.
        if amount < rest:
            return ((sums << amount) & self.everything) | (sums >> rest)
        return ((sums & ((1 << rest) - 1)) << amount) | (sums >> rest)


def dual_of(
    graph: Graph,
    plane: Plane,
    edge_of_arc: Sequence[int],
    lengths: Sequence[int],
    amounts: Sequence[int],
    root: int,
    modulus: int,
) -> Dual:
    """Lead walks over the faces of a connected graph.

    Parameters
    ----------
    graph, plane
        The graph, and what lies beside its arcs.
    edge_of_arc
        Number of the edge of each arc.
    lengths
        Length of each edge, at least 1.
    amounts
        What each unit holds, 0 or more, shape ``(n_units,)``.
    root
        The unit that lies outside of what is enclosed.
    modulus
        What sums are taken modulo.
    """
    beyond = sums_beyond(graph, amounts, root)
    side, reverse = plane.side.tolist(), graph.reverse.tolist()
    hops: list[list[Hop]] = [[] for _ in range(len(plane.start) - 1)]
    for arc, back in enumerate(reverse):
        if side[arc] != side[back]:
            hops[side[back]].append(Hop(side[arc], beyond[arc], edge_of_arc[arc]))
    steps: list[list[Hop]] = [[] for _ in hops]
    inner: dict[int, list[int]] = {}
    for face, own in enumerate(hops):
        for head, amount, edge in own:
            way, counting = [face, head], 0
            if lengths[edge] > 1 and edge not in inner:
                inner[edge] = list(range(len(steps), len(steps) + lengths[edge] - 1))
                steps += [[] for _ in inner[edge]]
                way[1:1] = inner[edge]
            elif lengths[edge] > 1:  # back, so that the same step counts
                way[1:1] = reversed(inner[edge])
                counting = len(way) - 2
            for place, (at, to) in enumerate(pairwise(way)):
                steps[at].append(Hop(to, amount if place == counting else 0, edge))
    return Dual(tuple(map(tuple, hops)), tuple(map(tuple, steps)), modulus)


def sums_beyond(graph: Graph, amounts: Sequence[int], root: int) -> list[int]:
    """Say what lies beyond each arc on its way to the root: 0 where it is not in the tree.

    Parameters
    ----------
    graph
        A connected graph.
    amounts
        What each unit holds, shape ``(n_units,)``.
    root
        Root of a tree of shortest ways.

    Returns
    -------
    list of int
        The sum of the units whose way to the root is along the arc, its negative along the arc
        that leads back.

    Examples
    --------
    >>> path = Graph.from_edges(3, np.array([[0, 1], [1, 2]]))
    >>> sums_beyond(path, [5, 6, 7], root=0)  # of 0 to 1, 1 to 0, 1 to 2, 2 to 1
    [-13, 13, -7, 7]
    """
    start, heads = graph.start.tolist(), graph.neighbours.tolist()
    reverse = graph.reverse.tolist()
    to_root = {root: -1}
    order = [root]
    for unit in order:
        for arc in range(start[unit], start[unit + 1]):
            if heads[arc] not in to_root:
                to_root[heads[arc]] = reverse[arc]
                order.append(heads[arc])
    held, beyond = list(amounts), [0] * len(heads)
    for unit in reversed(order[1:]):
        arc = to_root[unit]
        beyond[arc], beyond[reverse[arc]] = held[unit], -held[unit]
        held[heads[arc]] += held[unit]
    return beyond


class Walks:
    """The sums at which walks from one face reach every place, layer by layer.

    Attributes
    ----------
    layers
        For each number of steps, the sums first reached after so many, by place; of earlier steps
        only where they are to be kept.
    reached
        The sums reached so far, by place.
    """

    def __init__(
        self, dual: Dual, start: int, sums: int, barred: Collection[int], *, is_kept: bool
    ) -> None:
        self.dual, self.is_kept = dual, is_kept
        self.barred = {start, *barred}
        self.layers = [{start: sums}]
        self.reached = {start: sums}

    def extend(self, stop: Stop) -> None:
        """Go one step further.

        Raises
        ------
        Halted
            When the search is to end.
        """
        found: dict[int, int] = {}
        for place, sums in self.layers[-1].items():
            stop.check()
            for head, amount, _ in self.dual.steps[place]:
                if head not in self.barred:
                    found[head] = found.get(head, 0) | self.dual.moved(sums, amount)
        layer = {}
        for head, sums in found.items():
            known = self.reached.get(head, 0)
            all_of_them = sums | known
            if all_of_them != known:
                layer[head] = all_of_them ^ known
                self.reached[head] = all_of_them
        if not self.is_kept:
            self.layers.clear()
        self.layers.append(layer)

    def way(self, place: int, total: int, rng: np.random.Generator) -> Iterator[int]:
        """Yield the edges of one of the shortest ways on which a sum is reached, backwards."""
        steps = next(
            n_steps for n_steps, layer in enumerate(self.layers) if layer.get(place, 0) >> total & 1
        )
        for layer in reversed(self.layers[:steps]):
            before = [
                (hop.head, (total + hop.amount) % self.dual.modulus, hop.edge)
                for hop in self.dual.steps[place]
                if layer.get(hop.head, 0) >> (total + hop.amount) % self.dual.modulus & 1
            ]
            place, total, edge = before[int(rng.integers(len(before)))]
            yield edge


class Meeting(NamedTuple):
    """Walks of the least length that meet again, to be closed."""

    length: int
    out: Walks
    home: Walks

    def draw(self, rng: np.random.Generator) -> list[int]:
        """Draw a closed walk, as the edges that it crosses."""
        met = {
            place: both
            for place, sums in self.out.layers[-1].items()
            if (both := sums & self.home.reached.get(place, 0))
        }
        place = list(met)[int(rng.integers(len(met)))]
        offset = int(rng.integers(met[place].bit_length()))
        rest = met[place] >> offset
        total = offset + (rest & -rest).bit_length() - 1
        return [*self.out.way(place, total, rng), *self.home.way(place, total, rng)]


def shortest_circuit(
    dual: Dual,
    start: int,
    barred: Collection[int],
    sums: int,
    below: int,
    stop: Stop,
    *,
    is_kept: bool = False,
) -> Meeting | None:
    """Find the least length of a closed walk from a face with one of the wanted sums.

    Parameters
    ----------
    dual
        Where to walk.
    start
        The face, which it passes only there.
    barred
        Faces that it does not pass.
    sums
        The sums wanted, as bits.
    below
        What its length is to be below.
    stop
        Ends the search.
    is_kept
        Whether to keep all it takes to draw such walks, many times as much memory.

    Returns
    -------
    Meeting or None
        None where every such walk has length `below` at least.

    Raises
    ------
    Halted
        When the search is to end.
    """
    # What goes out from the face by a sum a comes home by -b, where a - b is wanted.
    out = Walks(dual, start, 1, barred, is_kept=is_kept)
    home = Walks(dual, start, sums, barred, is_kept=is_kept)
    for length in range(1, below):
        (out if length % 2 else home).extend(stop)
        if not out.layers[-1]:
            return None
        if any(found & home.reached.get(place, 0) for place, found in out.layers[-1].items()):
            return Meeting(length, out, home)
    return None


def is_passed(
    graph: Graph, plane: Plane, faces: Collection[int], amounts: npt.NDArray[np.int64], least: int
) -> bool:
    """Whether every circuit passes one of some faces, if both sides hold `least` or more.

    A circuit that passes none of them cuts no edge around them. So the units of each piece that
    these edges make lie on one side, and the other side within what the piece leaves connected.
    """
    is_around = np.isin(plane.side, list(faces))
    is_around |= is_around[graph.reverse]
    ends = np.stack([plane.tail, graph.neighbours], axis=1)[is_around]
    blocks = Graph.from_edges(graph.n_units, np.unique(np.sort(ends, axis=1), axis=0)).landmasses()
    largest = int(np.argmax(_sums(blocks, amounts)))
    is_in = (blocks == largest).astype(np.int8)
    rest = _sums(graph.label(is_in), np.where(is_in, 0, amounts))
    return int(rest.max()) < least


def _sums(labels: npt.NDArray[np.int32], amounts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    sums = np.zeros(int(labels.max()) + 1, np.int64)
    np.add.at(sums, labels, amounts)
    return sums


def passed_faces(
    graph: Graph,
    plane: Plane,
    dual: Dual,
    amounts: npt.NDArray[np.int64],
    least: int,
) -> list[int]:
    """Choose faces of which every circuit passes one, as :func:`is_passed` has it.

    `dual` counts `amounts`. The widest one comes first, which is the outer one of a map, and then
    those on a way from it across the map and back to it, with about as much on either side.
    """
    outer = int(np.argmax(np.diff(plane.start)))
    faces = [outer]
    if is_passed(graph, plane, faces, amounts, least):
        return faces
    for way in _ways_across(dual, outer, int(amounts.sum())):
        if is_passed(graph, plane, [outer, *way], amounts, least):
            return [outer, *way]
    # Or else all from the outer one inwards, as far as it takes.
    inwards = list(_ways_from(dual, outer, barred=-1))
    few, enough = 1, len(inwards)
    while enough - few > 1:
        middle = (few + enough) // 2
        if is_passed(graph, plane, inwards[:middle], amounts, least):
            enough = middle
        else:
            few = middle
    return inwards[:enough]


def _ways_across(dual: Dual, outer: int, total: int) -> Iterator[list[int]]:
    """Yield ways from a face back to it that leave about as much on either side.

    Each goes the shortest way to some face in between and from there to the end; short ones come
    first, some of the many there are.
    """
    first = {hop.head: hop.amount for hop in dual.hops[outer]}
    entries = list(first)[:: 1 + len(first) // N_ENTRIES]
    n_faces = len(dual.hops)
    n_steps, sums = np.full((len(entries), n_faces), n_faces), np.zeros((len(entries), n_faces))
    trees = [_ways_from(dual, entry, outer) for entry in entries]
    for place, (entry, tree) in enumerate(zip(entries, trees, strict=True)):
        n_steps[place, entry], sums[place, entry] = 1, first[entry]
        for face, (back, amount) in tree.items():
            if face != entry:
                n_steps[place, face] = n_steps[place, back] + 1
                sums[place, face] = sums[place, back] + amount
    length = n_steps[:, None] + n_steps[None]
    share = np.abs(sums[:, None] - sums[None]) / total
    length[np.abs(share - 0.5) > 0.1] = 2 * n_faces
    for chosen in np.argsort(length, axis=None, kind="stable")[:N_WAYS].tolist():
        there, back, face = np.unravel_index(chosen, length.shape)
        if length[there, back, face] < 2 * n_faces:
            yield list({*_way(trees[there], int(face)), *_way(trees[back], int(face))})


def _way(before: dict[int, tuple[int, int]], face: int) -> list[int]:
    """Follow the steps of a tree back to its root."""
    way = [face]
    while before[way[-1]][0] != way[-1]:
        way.append(before[way[-1]][0])
    return way


def _ways_from(dual: Dual, entry: int, barred: int) -> dict[int, tuple[int, int]]:
    """Walk from a face to all others; say from where each is met, and what that step adds."""
    before = {entry: (entry, 0)}
    queue = deque([entry])
    while queue:
        face = queue.popleft()
        for hop in dual.hops[face]:
            if hop.head != barred and hop.head not in before:
                before[hop.head] = (face, hop.amount)
                queue.append(hop.head)
    return before
