"""The README tells the truth: what it shows is what the commands print."""

import re
import tomllib

import pytest

from tests.readme import README, ROOT, examples, printed, shell_lines

TEXT = README.read_text("utf-8")


@pytest.mark.parametrize("example", examples(TEXT), ids=lambda each: each.command)
def test_a_command_of_the_readme_prints_what_stands_below_it(example):
    assert printed(example.command) == example.output


def test_the_gate_installs_as_the_readme_says():
    gate = (ROOT / ".ci" / "run").read_text("utf-8")
    for line in shell_lines(TEXT):
        install = re.search(r"\.venv/bin/pip (install -q -e \S+ -c constraints\.txt)", line)
        if install and "dev" in install[1]:
            assert install[1].replace("-q", "--quiet") in gate.replace("'.[dev]'", "'.[dev]'")


def test_every_extra_that_the_readme_names_exists():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    named = set(re.findall(r"notes-assistant\[(\w+)\]|'\.\[(\w+)\]'", TEXT))

    assert {one or other for one, other in named} <= set(project["optional-dependencies"])


def test_every_dependency_is_pinned_in_the_constraints():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    pinned = {
        line.split("==")[0].lower().replace("_", "-") for line in (ROOT / "constraints.txt").read_text().split("\n")
    }
    wanted = [
        *project["dependencies"],
        *(each for extra in project["optional-dependencies"].values() for each in extra),
    ]

    theirs = [each for each in wanted if not each.startswith("notes-assistant[")]
    missing = [each for each in theirs if re.split(r"[><=\[]", each)[0].lower().replace("_", "-") not in pinned]

    assert missing == []


def test_every_command_is_in_the_readme():
    from assistant.cli.commands import TABLE

    missing = [name for name in TABLE if f"assistant {name}" not in TEXT]

    assert missing == []
