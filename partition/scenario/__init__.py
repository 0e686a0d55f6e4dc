"""Scenarios: one run, as a person writes it in TOML.

A file has one table for each kind of wish, and each table is one frozen dataclass: a new key is a
new field, a new table a new dataclass and a field of :class:`Scenario`.

.. code-block:: toml

    title = "Two contiguous nations"
    description = "One sentence."
    election = "2016"              # whose votes count

    [nations]                      # what each nation, blue and red, must meet
    blue.pieces = 1                # most pieces on every landmass, or "any"
    blue.sea_access = true         # at least one unit on the sea
    blue.least.population = 0.4    # shares of the whole: population, gdp, votes, area
    blue.most.area = 0.5
    blue.stranded_most = 0.3       # largest share of all blue voters outside the blue nation
    blue.stranded_most_by_state = 0.6    # the same within every state

    [units]                        # by id (06037), state (CA), FIPS code of a state (06), or "all"
    blue = ["VT"]                  # fixed to the blue nation
    red = []                       # fixed to the red nation
    whole = ["states"]             # kept whole: every state, some of them, or "all"
    only = ["CA", "OR", "WA"]      # nobody else may choose; "all" by default ...
    rest = "red"                   # ... and this is where they stay

    [states]
    split_most = 5                 # most states that may be split between the nations

    [voters]
    at_home = 80000000             # least voters who live in the nation of their vote

    [swing]                        # voters who change sides before anything is asked
    points = 2.0                   # of the two-party vote, to blue; to red where negative
    in_proportion = false          # or the losing side keeps the same share everywhere
    error = 3.0                    # points of an error in every unit, a standard deviation ...
    draw = 0                       # ... and which one is drawn

    [most]                         # of any goal that costs, whatever is best
    border = 12000                 # kilometres

    [apart]                        # plans that this one must differ from
    people = 5000000               # least people in units that are in another nation
    plans = [["CA", "OR"], ["WA"]] # each by the places that are blue in it

    [[then]]                       # goals that come after this one, each within a share of ...
    goal = "border"                # ... the best of those before: what weights can be given to
    within = 0.005

    [neighbours]                   # countries that connect the units of one nation
    canada = "blue"

    [weights]                      # what is best; partition.question.goals has the formulas
    self_determination = 1
    border = 0.5                   # votes a kilometre

    [edges]                        # kinds of edge to switch against the default
    on = ["ferry"]
    off = ["bridge"]

    [sides]                        # what they are called and coloured; it changes no answer
    blue.name = "Remain"
    red.name = "Leave"
    blue.colour = "#3b6fb6"        # some readers are colour-blind: not every two colours will do
    red.colour = "#d98a1f"

    [limits]                       # when the search may stop
    time_limit = 60                # seconds
    gap = 0.001                    # share: 0.001 is 0.1 %
    seed = 0
    # iterations = 40              # rounds of the search: ends it at the same point everywhere

Every key but `title` and `description` may be left out. The name is the file's, without ``.toml``.
"""

from __future__ import annotations

from partition.scenario.apart import ApartRules
from partition.scenario.goal_limits import LeastRules, MostRules
from partition.scenario.limits import LONGEST, MAX_SEED, SearchLimits
from partition.scenario.nations import QUANTITIES, STRANDED, NationRules, Nations, Shares
from partition.scenario.overrides import NO_OVERRIDES, Overrides
from partition.scenario.page import Scenario, shipped_names
from partition.scenario.places import ALL, STATES, EdgeSwitches, Neighbours, UnitRules
from partition.scenario.sides import Side, Sides
from partition.scenario.states import StateRules
from partition.scenario.then import Step, read_steps
from partition.scenario.weights import Weights

__all__ = [
    "ALL",
    "LONGEST",
    "MAX_SEED",
    "NO_OVERRIDES",
    "QUANTITIES",
    "STATES",
    "STRANDED",
    "ApartRules",
    "EdgeSwitches",
    "LeastRules",
    "MostRules",
    "NationRules",
    "Nations",
    "Neighbours",
    "Overrides",
    "Scenario",
    "SearchLimits",
    "Shares",
    "Side",
    "Sides",
    "StateRules",
    "Step",
    "UnitRules",
    "Weights",
    "read_steps",
    "shipped_names",
]
