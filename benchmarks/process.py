"""This file is another process under measurement: its memory, and the processor time it took."""

import os
import re
import sys
from pathlib import Path

PYTHON = (sys.executable, "-m", "bot")
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_MEMORY = re.compile(r"VmRSS:\s+(\d+) kB")


def memory_mib(pid: int) -> float:
    """Return the memory that a process holds (resident)."""
    found = _MEMORY.search(Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    assert found is not None
    return int(found[1]) / 1024


def cpu_s(pid: int) -> float:
    """Return the processor time that a process has taken, in all its threads."""
    after_name = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / _TICKS_PER_S


def config(folder: Path, more: str = "") -> Path:
    """Write a config.toml with a database beside it."""
    path = folder / "config.toml"
    path.write_text(f'[database]\nurl = "sqlite:///{folder}/folkmoot.db"\n{more}', encoding="utf-8")
    return path
