from .answer import Report as Report
from .answer import measure as measure
from .land.dataset import Dataset as Dataset
from .land.inspecting import inspect as inspect
from .land.own_map import MapFiles as MapFiles
from .runs.reading import read as read
from .runs.run import Run as Run
from .runs.solving import solve as solve
from .scenario import Scenario as Scenario
from .scenario.catalogue import scenarios as scenarios
from .studies.comparing.compare import compare as compare
from .studies.comparing.comparison import Comparison as Comparison
from .studies.exits.cascade import cascade as cascade
from .studies.exits.cascaded import Cascade as Cascade
from .studies.nearby.alternative import alternatives as alternatives
from .studies.nearby.alternatives import Alternatives as Alternatives
from .studies.nearby.robust import robust as robust
from .studies.nearby.robustness import Robustness as Robustness
from .studies.nearby.stability import Stability as Stability
from .studies.nearby.stable import stable as stable
from .studies.sweeping.sweep import Sweep as Sweep
from .studies.sweeping.sweep import sweep as sweep
from .studies.swings.swing import swing as swing
from .studies.swings.swings import Swings as Swings

__version__: str
