"""What identifies a question: the hash of everything that its answer depends on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from partition.scenario import Scenario
from partition.version import SCHEMA_VERSION, installed_version

WORDING = ("name", "title", "description", "sides")
"""Keys of a scenario that say what it and its sides are called, not what is asked."""


def inputs_sha256(scenario: Scenario, data_hashes: Mapping[str, str]) -> str:
    """Hash what the answer to a question depends on, so that a finished run is recognised.

    Parameters
    ----------
    scenario
        What is asked; its name, title and description do not matter, nor how its sides are
        called and coloured; its limits and seed do.
    data_hashes
        SHA-256 of every file the units were read from.

    Returns
    -------
    str
        SHA-256, 64 hexadecimal digits. Another version of the program, or another layout of
        ``run.json``, gives another hash.

    Examples
    --------
    >>> one, two = Scenario.shipped("counties"), Scenario.shipped("archipelago")
    >>> inputs_sha256(one, {}) == inputs_sha256(one, {}), len(inputs_sha256(one, {}))
    (True, 64)
    >>> inputs_sha256(one, {}) == inputs_sha256(two, {})
    False
    """
    asked = {key: value for key, value in scenario.to_table().items() if key not in WORDING}
    if scenario.data is not None:  # wherever the files lie, their hashes are what counts
        unasked = {*data_hashes, "max_size"}
        asked["data"] = {key: one for key, one in asked["data"].items() if key not in unasked}
    inputs = {
        "scenario": asked,
        "data": dict(data_hashes),
        "schema_version": SCHEMA_VERSION,
        "program": installed_version(),
    }
    text = json.dumps(inputs, sort_keys=True, ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
