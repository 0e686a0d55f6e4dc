"""The version of the program that is installed."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def installed_version() -> str:
    """Say which version runs; a checkout that nobody installed has none."""
    try:
        return version("two-nations")
    except PackageNotFoundError:
        return "not installed"
