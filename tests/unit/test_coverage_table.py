"""The table of guarded paths is true: each source of the door stands in it, and each test that it names exists."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import get_args

import pytest

from guardrails.coverage import PATHS
from guardrails.door import Source

TESTS = Path(__file__).parents[1]


def test_every_source_of_the_door_has_a_row() -> None:
    assert {source for row in PATHS for source in row.sources} == set(get_args(Source))


@pytest.mark.parametrize("row", PATHS, ids=lambda row: row.name)
def test_the_test_of_a_row_exists(row: object) -> None:
    file, _, name = row.test.partition("::")  # type: ignore[attr-defined]
    tree = ast.parse((TESTS / file).read_text("utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
