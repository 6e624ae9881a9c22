"""The README is run: its transcript is replayed, its commands are the ones that work."""

import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"
_SPOKEN = re.compile(r"[a-z]+\*?: ")
# What differs from day to day: instants and hashes.
_CHANGING = (
    (re.compile(r"[A-Z][a-z]{2} \d{1,2} [A-Z][a-z]{2} \d{4}, \d\d:\d\d UTC"), "<time>"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "<hash>"),
)


def _plain(text: str) -> str:
    """Return text with what changes named, and without the line breaks that depend on it."""
    for pattern, name in _CHANGING:
        text = pattern.sub(name, text)
    return " ".join(word for word in text.split() if word != "|")


def _transcript() -> str:
    found = re.search(r"```text\n\$ folkmoot\n(.*?)```", README.read_text(), re.DOTALL)
    assert found is not None
    return found[1]


def test_the_transcript_of_the_room_is_what_the_room_says(tmp_path: Path) -> None:
    shown = _transcript()
    lines = [line for line in shown.split("\n") if _SPOKEN.match(line)]
    assert len(lines) >= 4
    said = subprocess.run(
        [sys.executable, "-m", "bot"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(README.parent)},
        input="\n".join(lines) + "\n",
        capture_output=True,
        text=True,
        timeout=180,
        check=True,
    )
    assert said.stderr == ""
    assert _plain(said.stdout) == _plain(shown)


def test_the_two_commands_stand_on_lines_of_their_own() -> None:
    lines = README.read_text().split("\n")
    starts = [line for line in lines if line.startswith("python3 -m venv .venv && ")]
    assert [line.split()[-1] for line in starts] == [".venv/bin/folkmoot", "pytest"]


def test_what_the_readme_points_to_is_there() -> None:
    linked = re.findall(r"\]\(([^)]+)\)", README.read_text())
    missing = [target for target in linked if not (README.parent / target).exists()]
    assert not missing
