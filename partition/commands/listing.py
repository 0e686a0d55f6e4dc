"""``partition scenarios`` and ``partition data``: what comes with the program."""

from __future__ import annotations

from partition.commands.console import say


def scenarios() -> None:
    """List the scenarios that come with the program."""
    from partition.scenario.catalogue import scenarios as catalogue

    for line in catalogue().lines():
        say(line)


def data() -> None:
    """Say where every figure of the embedded data comes from."""
    from partition.pages.display import data_card_lines

    for line in data_card_lines():
        say(line)
