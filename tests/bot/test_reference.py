"""The generated pages say what the program declares."""

import pytest

from bot import reference


@pytest.mark.parametrize("name", ["commands.md", "settings.md"])
def test_the_tables_in_docs_are_current(name: str) -> None:
    kept = (reference.DOCS / name).read_text(encoding="utf-8")
    assert kept == reference.pages()[name], "run: python -m bot.reference"
