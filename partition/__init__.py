"""Divide a country between two political camps, and say what that would mean.

>>> import partition
>>> run = partition.solve("archipelago", election="2016")
>>> run  # doctest: +ELLIPSIS
<Run 'archipelago' on 2016: 64.78 % of two-party voters live in the nation they voted for. ...>

`run.report` holds the figures, `run.map()` is a map that a notebook shows, and
``run.write("folder")`` keeps everything in a folder.
"""

import lazy_loader

from partition.version import installed_version

# Geography and solvers take a second to load; `partition --help` should not wait for them.
# The stub beside this file lists what is public, once, for people, editors and type checkers.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

__version__ = installed_version()
