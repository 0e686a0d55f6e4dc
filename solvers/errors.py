"""What can go wrong inside the solvers, as an exception."""

from __future__ import annotations


class InternalError(RuntimeError):
    """The program has contradicted itself: a plan, a bound or a proof is not what it must be.

    Nothing that was given to it is the reason. The message has what was expected and what was
    found; nothing is returned, for it might be wrong.
    """
