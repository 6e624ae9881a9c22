"""This file is another process under measurement: its memory, and the processor time it took."""

import re
import sys
import time
from pathlib import Path

PYTHON = (sys.executable, "-m", "bot")
_CPU_OF_PROCESS = 2
_MEMORY = re.compile(r"VmRSS:\s+(\d+) kB")


def memory_mib(pid: int) -> float:
    """Return the memory that a process holds (resident)."""
    found = _MEMORY.search(Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    assert found is not None
    return int(found[1]) / 1024


def cpu_s(pid: int) -> float:
    """Return the processor time that a process has taken, in all its threads."""
    # Linux makes the number of a process's own clock so; it counts nanoseconds, where the file
    # `stat` has hundredths of a second.
    return time.clock_gettime((~pid << 3) | _CPU_OF_PROCESS)


def config(folder: Path, more: str = "") -> Path:
    """Write a config.toml with a database beside it."""
    path = folder / "config.toml"
    path.write_text(f'[database]\nurl = "sqlite:///{folder}/folkmoot.db"\n{more}', encoding="utf-8")
    return path
