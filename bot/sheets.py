"""Tables as CSV and JSON files that no spreadsheet takes for a program."""

import csv
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

from core.kernel.canonical import unframed
from core.kernel.feature import Sheet

# What makes a spreadsheet run a cell, in the ordinary and in the wide letters of CJK.
_FORMULA_STARTS = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
# What stands in a row as it is and has no way of its own to be written in JSON.
_TEXTS = frozenset({datetime, Fraction, bytes})
# What the writer of cells writes as we do.
_BARE = frozenset({int, type(None)})


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
            plain = [_written(value) if type(value) in _TEXTS else value for value in row]
            rows.writerow([value if type(value) in _BARE else cell(value) for value in plain])
            item = _item(dict(zip(sheet.header, plain, strict=True)))
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
        case str():
            return f"'{value}" if value[:1] in _FORMULA_STARTS else value
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case datetime() | Fraction() | bytes():
            return cell(_written(value))
        case _:
            return cell(_short(value))


def _written(value: Any) -> Any:
    """Return a value that JSON does not know in a form that it does: instants, fractions, bytes."""
    match value:
        case datetime():
            at = value.astimezone(UTC).isoformat(timespec="milliseconds")
            return at.replace("+00:00", "Z")
        case Fraction():
            return str(value)
        case bytes():
            return value.hex()
        case Mapping():
            return {str(name): part for name, part in value.items()}
        case _:
            raise TypeError(f"no way to write {type(value).__name__}")


_encoder = partial(json.JSONEncoder, ensure_ascii=False, check_circular=False, default=_written)
_item = unframed(_encoder())
_short = unframed(_encoder(sort_keys=True, separators=(",", ":")))
