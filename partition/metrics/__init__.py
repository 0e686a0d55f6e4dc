"""Metrics: pure functions from arrays to numbers, each with its formula and source.

Votes come as whole numbers with the columns blue, red. An assignment gives the part of every
unit: :data:`RED` is part 0 and :data:`BLUE` part 1. Row *i* is the same unit in every array.
"""

from partition.metrics.heterogeneity import (
    break_even_value,
    dissimilarity_index,
    freed_voters,
    variance_between,
)
from partition.metrics.house import HOUSE_SEATS, WITHOUT_SEATS, huntington_hill
from partition.metrics.keystones import articulation
from partition.metrics.nations import BLUE, NATION_NAMES, RED, Assignment, Ints, Pairs, nation_votes
from partition.metrics.pieces import components, is_enclave, is_exclave
from partition.metrics.presidency import ElectoralCount, count_electors
from partition.metrics.shape import frontier_km, is_cut, outlines, polsby_popper
from partition.metrics.states import (
    electors_of,
    fragments,
    is_split,
    kept_electors,
    minority_fragments,
)
from partition.metrics.voters import (
    best_without_contiguity,
    gain_over_status_quo,
    matched_votes,
    price_of_contiguity,
    self_determination,
    share,
    status_quo,
    stranded_shares,
)

__all__ = [
    "BLUE",
    "HOUSE_SEATS",
    "NATION_NAMES",
    "RED",
    "WITHOUT_SEATS",
    "Assignment",
    "ElectoralCount",
    "Ints",
    "Pairs",
    "articulation",
    "best_without_contiguity",
    "break_even_value",
    "components",
    "count_electors",
    "dissimilarity_index",
    "electors_of",
    "fragments",
    "freed_voters",
    "frontier_km",
    "gain_over_status_quo",
    "huntington_hill",
    "is_cut",
    "is_enclave",
    "is_exclave",
    "is_split",
    "kept_electors",
    "matched_votes",
    "minority_fragments",
    "nation_votes",
    "outlines",
    "polsby_popper",
    "price_of_contiguity",
    "self_determination",
    "share",
    "status_quo",
    "stranded_shares",
    "variance_between",
]
