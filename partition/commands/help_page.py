"""The help of a command: options under several headings, and examples below them."""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand, TyperGroup

from partition.commands.examples import EXAMPLES


class SectionedCommand(TyperCommand):
    """A command whose options stand under the heading that each of them names, with examples."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write arguments and options, those without a heading first."""
        sections: dict[str, list[tuple[str, str]]] = {"Arguments": [], "Options": []}
        for one in self.get_params(ctx):
            usual = "Arguments" if one.param_type_name == "argument" else "Options"
            record = one.get_help_record(ctx)
            if record is not None:
                heading = getattr(one, "rich_help_panel", None) or usual
                sections.setdefault(heading, []).append(record)
        for heading, records in sections.items():
            if records:
                with formatter.section(heading):
                    formatter.write_dl(records)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Write what people do with the command, each line with its purpose below it."""
        examples = EXAMPLES.get(self.name or "", ())
        if examples:
            with formatter.section("Examples"):
                for number, (line, purpose) in enumerate(examples):
                    if number:
                        formatter.write_paragraph()
                    formatter.write(f"  {line}\n      {purpose}\n")


class Overview(TyperGroup):
    """The program, whose help says of every command what it does, in a whole sentence."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the first sentence of each command's own help."""
        rows = []
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            text = "" if command is None else command.help or ""
            rows.append((name, " ".join(text.split("\n\n")[0].split())))
        with formatter.section("Commands"):
            formatter.write_dl(rows)
