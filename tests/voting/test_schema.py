"""This file is the published schema of an export, held against real ones."""

import json
import re
from pathlib import Path
from typing import Any

from tests.voting.test_recount import proposal

SCHEMA = json.loads(Path("docs/recount.schema.json").read_text("utf-8"))


def conforms(value: Any, schema: dict[str, Any], place: str = "file") -> None:
    """Hold a value to the parts of JSON Schema that ours uses."""
    if "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]]
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}
    if "type" in schema:
        assert isinstance(value, kinds[schema["type"]]), place
    assert value == schema.get("const", value), place
    assert "pattern" not in schema or re.search(schema["pattern"], value), place
    for name in schema.get("required", []):
        assert name in value, f"{place}.{name}"
    for name, inner in schema.get("properties", {}).items():
        if name in value:
            conforms(value[name], inner, f"{place}.{name}")
    if "properties" in schema:
        assert set(value) <= set(schema["properties"]), place
    if isinstance(value, list) and "items" in schema:
        for entry in value:
            conforms(entry, schema["items"], f"{place}[]")


def test_an_export_conforms_to_the_published_schema() -> None:
    conforms(proposal(delegations=[{"from": "eve", "to": "ann"}]), SCHEMA)
    assert SCHEMA["properties"]["version"]["const"] == 1
