"""The generated pages say what the program declares."""

import re

import pytest

from bot import reference
from bot.cli import parser


@pytest.mark.parametrize("name", ["commands.md", "settings.md"])
def test_the_tables_in_docs_are_current(name: str) -> None:
    kept = (reference.DOCS / name).read_text(encoding="utf-8")
    assert kept == reference.pages()[name], "run: python -m bot.reference"


@pytest.mark.parametrize("name", ["docs/operations.md", "config.example.toml"])
def test_every_command_line_that_is_written_down_is_understood(name: str) -> None:
    text = (reference.DOCS.parent / name).read_text(encoding="utf-8")
    found = re.findall(r"^(?:#.*?:\s+|docker exec \w+ )?folkmoot ((?:\w|-).*)$", text, re.MULTILINE)
    assert found
    for words in found:
        parser().parse_args(words.split())


def test_every_command_is_explained_in_the_manual() -> None:
    text = (reference.DOCS / "operations.md").read_text(encoding="utf-8")
    for name in parser().subcommands.keys() - {"demo"}:
        assert f"folkmoot {name}" in text
