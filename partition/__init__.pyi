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
from .studies.alternative import alternatives as alternatives
from .studies.alternatives import Alternatives as Alternatives
from .studies.cascade import cascade as cascade
from .studies.cascaded import Cascade as Cascade
from .studies.compare import Comparison as Comparison
from .studies.compare import compare as compare
from .studies.robust import robust as robust
from .studies.robustness import Robustness as Robustness
from .studies.stability import Stability as Stability
from .studies.stable import stable as stable
from .studies.sweep import Sweep as Sweep
from .studies.sweep import sweep as sweep
from .studies.swing import swing as swing
from .studies.swings import Swings as Swings

__version__: str
