"""The version of the program that is installed, and that of what it writes."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

SCHEMA_VERSION = 1
"""Version of the layout of ``run.json``; raised when a reader of the old one would go wrong."""


def installed_version() -> str:
    """Say which version runs; a checkout that nobody installed has none."""
    try:
        return version("two-nations")
    except PackageNotFoundError:
        return "not installed"
