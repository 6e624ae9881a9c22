"""This file is what every counting method must have to stand in the registry."""

import ast
import sys
from pathlib import Path

import pytest

from core.voting import METHODS, Method
from tests.voting.elections import METHOD_IDS

FOLDER = Path("core/voting")

every_method = pytest.mark.parametrize(
    "method", [METHODS[name] for name in METHOD_IDS], ids=METHOD_IDS
)


@every_method
def test_a_method_is_a_file_of_its_name_with_idea_example_and_reference(method: Method) -> None:
    module = type(method).__module__
    assert module == f"core.voting.{method.name.replace('-', '_')}"
    told = sys.modules[module].__doc__ or ""
    assert told.startswith("This file is ")
    for part in ("\nThe idea: ", "\n>>> ", "\nReference: "):
        assert part in told


def test_a_method_stands_in_the_registry_under_its_own_name() -> None:
    assert {name: method.name for name, method in METHODS.items()} == {n: n for n in METHODS}
    assert len({method.title for method in METHODS.values()}) == len(METHODS)


def test_counting_decides_on_nothing_but_the_standard_library() -> None:
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                top = name.partition(".")[0]
                is_ours = name == "core.voting" or name.startswith("core.voting.")
                is_fast = top == "numpy" and path.stem.startswith("fast")
                assert is_ours or is_fast or top in sys.stdlib_module_names, (path, name)


def test_no_float_is_written_where_counting_decides() -> None:
    for path in FOLDER.rglob("*.py"):
        if path.stem.startswith("fast"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant):
                assert not isinstance(node.value, float), (path, node.lineno)
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
                # of fractions only: these files hold nothing else to divide
                assert path.stem in {"conviction", "equal_shares", "shares"}, (path, node.lineno)
