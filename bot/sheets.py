"""Tables as CSV and JSON files that no spreadsheet takes for a program."""

import csv
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from core.kernel.canonical import encode
from core.kernel.feature import Sheet

# What makes a spreadsheet run a cell, in the ordinary and in the wide letters of CJK.
_FORMULA_STARTS = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def write_sheet(folder: Path, sheet: Sheet) -> int:
    """Write a table as NAME.csv and NAME.json; return how many rows there were."""
    n = 0
    with (
        (folder / f"{sheet.name}.csv").open("x", encoding="utf-8", newline="") as table,
        (folder / f"{sheet.name}.json").open("x", encoding="utf-8") as items,
    ):
        rows = csv.writer(table)
        rows.writerow(sheet.header)
        for row in sheet.rows:
            plain = [_plain(value) for value in row]
            rows.writerow([cell(value) for value in plain])
            item = json.dumps(dict(zip(sheet.header, plain, strict=True)), ensure_ascii=False)
            items.write(f"{',' if n else '['}\n{item}")
            n += 1
        items.write("\n]\n" if n else "[]\n")
    return n


def write_json(path: Path, value: Any) -> None:
    """Write one JSON document for people and programs to read."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    with path.open("x", encoding="utf-8") as file:
        file.write(f"{text}\n")


def cell(value: Any) -> str:
    """Return a value as a cell; a text that would be a formula gets an apostrophe in front."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return f"'{value}" if value[:1] in _FORMULA_STARTS else value
        case int() | float():
            return str(value)
        case _:
            return cell(encode(value))


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: instants and fractions as text."""
    match value:
        case datetime():
            at = value.astimezone(UTC).isoformat(timespec="milliseconds")
            return at.replace("+00:00", "Z")
        case Fraction():
            return str(value)
        case bytes():
            return value.hex()
        case Mapping():
            return {str(name): _plain(part) for name, part in value.items()}
        case list() | tuple():
            return [_plain(part) for part in value]
        case _:
            return value
