"""This file is the proof that the worked examples in the counting code are true."""

import doctest
import importlib
import pkgutil

import pytest

import core.voting

MODULES = [module.name for module in pkgutil.walk_packages(core.voting.__path__, "core.voting.")]


@pytest.mark.parametrize("name", MODULES)
def test_the_worked_examples_are_true(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
