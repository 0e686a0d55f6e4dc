"""How sure the nation of each unit is among good plans: always the same one, or contested."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

CATEGORIES = {"always red": 0.0, "contested": 0.5, "always blue": 1.0}
"""What a unit can be called, and the share of good plans that put it into the blue nation."""


def blue_share(robustness: npt.ArrayLike, n_units: int) -> npt.NDArray[np.float64]:
    """Read what is known of the units' robustness as shares.

    Parameters
    ----------
    robustness
        For each unit the share of good plans that put it into the blue nation, 0 to 1; or one of
        :data:`CATEGORIES`. Shape ``(n_units,)``.
    n_units
        Number of units of the map.

    Returns
    -------
    numpy.ndarray
        Shares from 0 (always red) to 1 (always blue), shape ``(n_units,)``.

    Raises
    ------
    ValueError
        When the array is for other units, or holds something else.

    Examples
    --------
    >>> blue_share(["always blue", "contested"], 2).tolist(), blue_share([0, 0.25], 2).tolist()
    ([1.0, 0.5], [0.0, 0.25])
    """
    given = np.asarray(robustness)
    if given.shape != (n_units,):
        raise ValueError(
            f"robustness has shape {given.shape}, expected ({n_units},), one value a unit."
        )
    if given.dtype.kind in "UO":
        names = given.tolist()
        wrong = [i for i, name in enumerate(names) if name not in CATEGORIES]
        if wrong:
            raise ValueError(
                f"robustness[{wrong[0]}] = {names[wrong[0]]!r}; choose from "
                f"{', '.join(CATEGORIES)}, or give shares."
            )
        return np.array([CATEGORIES[name] for name in names], np.float64)
    shares = given.astype(np.float64)
    outside = np.flatnonzero(~((shares >= 0) & (shares <= 1)))
    if len(outside):
        raise ValueError(
            f"robustness[{outside[0]}] = {shares[outside[0]]}, expected a share from 0 to 1."
        )
    return shares
