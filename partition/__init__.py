"""Divide a country between two political camps, and say what that would mean.

>>> import partition
>>> run = partition.solve("archipelago", election="2016")
>>> run  # doctest: +ELLIPSIS
<Run 'archipelago' on 2016: 64.78 % of two-party voters live in the nation they voted for. ...>

- :func:`solve` answers a question, :func:`read` brings an answer back from its folder. A
  :class:`Run` has the figures (`run.report`) and a map that a notebook shows (`run.map()`);
  ``run.write("folder")`` keeps everything.
- :func:`scenarios` lists the questions that come with the package; each is a :class:`Scenario`, and
  ``scenario.but(border=50)`` is another.
- :func:`compare`, :func:`sweep` and :func:`robust` ask several questions at once.
- :func:`alternatives` finds other plans nearly as good as the best.
- :func:`stable` tells who would want to switch to the other nation of a plan.
- :func:`cascade` lets a nation leave, and sees who follows; :func:`swing` moves the votes.
- :func:`inspect` tells what is wrong with a map of one's own, which any of them takes as ``data=``.
"""

import lazy_loader

from partition.version import installed_version

# Geography and solvers take a second to load; `partition --help` should not wait for them.
# The stub beside this file says where every public name is, for people, editors and type checkers.
__getattr__ = lazy_loader.attach_stub(__name__, __file__)[0]

__all__ = [
    "Run",
    "Scenario",
    "alternatives",
    "cascade",
    "compare",
    "inspect",
    "read",
    "robust",
    "scenarios",
    "solve",
    "stable",
    "sweep",
    "swing",
]
"""The face of the package, which whoever looks around is shown; other public names, of what these
hand back or take, are imported as well."""

__version__ = installed_version()


def __dir__() -> list[str]:
    return [*__all__]
