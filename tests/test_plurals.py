"""What is counted is said in the singular when it is one, everywhere a person reads it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import assistant
from assistant.plurals import counted

NOUNS = (  # not those that are verbs as well
    "bytes|cards|cases|citations|clusters|drafts|duplicates|entries|errors|files|findings|gaps|headings|hints|items|"
    "lines|notes|passages|questions|records|rows|seconds|sections|sources|tokens|turns|warnings"
)
PLURAL = re.compile(rf" (?:[\w-]+ )?(?:{NOUNS})\b")


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 notes"), (1, "1 note"), (2, "2 notes"), (21, "21 notes"), (-1, "-1 notes")]
)
def test_only_one_is_in_the_singular(number, said):
    assert counted(number, "note") == said


def test_a_plural_that_is_more_than_an_s_is_given():
    assert [counted(number, "entry is", "entries are") for number in (1, 3)] == ["1 entry is", "3 entries are"]


def test_no_text_puts_a_number_that_can_be_one_before_a_plural():
    package = Path(assistant.__file__).parent
    found = [
        f"{path.relative_to(package)}:{line}: {text}"
        for path in sorted(package.rglob("*.py"))
        for line, text in _plurals(ast.parse(path.read_text(encoding="utf-8")))
    ]

    assert found == []


def _plurals(tree):
    """The f-strings with a plural right behind a value that may be a one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            for value, text in zip(node.values, node.values[1:], strict=False):
                match = isinstance(text, ast.Constant) and PLURAL.match(str(text.value))
                if match and isinstance(value, ast.FormattedValue) and _may_be_one(value):
                    yield node.lineno, f"{{{ast.unparse(value.value)}}}{match[0]}"


def _may_be_one(shown):
    """Neither a constant of the module, nor a number with a fixed form such as 1.0, nor a text."""
    value = ast.unparse(shown.value)
    return shown.format_spec is None and not value.isupper() and not re.match(r"counted\(|.*\.upper\(", value)
