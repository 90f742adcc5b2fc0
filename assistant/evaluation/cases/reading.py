"""Case files (YAML or JSON lines) -> checked case files, mistakes named with file, line and what was meant."""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, ValidationError

from assistant.errors import CaseError, editing
from assistant.evaluation.cases.schema import CaseFile, Expect, Split, Wording, WrittenCase
from assistant.evaluation.cases.values import Case, expand

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

SUFFIXES = (".yaml", ".yml", ".jsonl")
KNOWN_VALUES = (*get_args(Expect), *get_args(Split), *get_args(Wording), "draft")
MISTAKES_SHOWN = 10  # of a file: all of them stand in one line
BETWEEN = "; "
FIRST_CASES = "assistant eval self"

Steps = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Suite:
    """The cases of one file, in its order, and the folder of notes that they ask about (None: the settings')."""

    name: str
    corpus: Path | None
    cases: tuple[Case, ...]
    path: str


@dataclass(frozen=True, slots=True)
class _Tree:
    """A file's data and the line of every key and item in it."""

    data: Any
    lines: dict[Steps, int] = field(default_factory=dict)

    def line(self, path: Steps) -> int:
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_suites(paths: Sequence[Path]) -> tuple[Suite, ...]:
    """The suites of files and folders, in order of their names.

    Raises `CaseError` with every mistake found, each with its line, when a file cannot be taken as it is.
    """
    files = list({file.resolve(): file for path in paths for file in _files(path)}.values())
    if not files:
        raise CaseError(f"no case files in {', '.join(map(str, paths))}", run=FIRST_CASES)
    mistakes: list[str] = []
    broken: list[Path] = []
    suites = []
    for file in files:
        try:
            suites.append(read_suite(file))
        except CaseError as error:
            mistakes.append(error.what)
            broken.append(file)
    mistakes.extend([*_namesakes(suites), *_twice(suites)])
    if mistakes:
        raise CaseError(BETWEEN.join(mistakes), run=editing(*(broken or files)))
    return tuple(suites)


def read_suite(path: Path) -> Suite:
    """The cases of one file; `CaseError` names each mistake with its line."""
    try:
        return _suite(path)
    except CaseError as error:
        error.run = error.run or editing(path)
        raise


def read_file(path: Path) -> CaseFile:
    """The cases of a file as they are written; `CaseError` as `read_suite` raises it."""
    read_suite(path)
    return _checked(path, _tree(path))


def _suite(path: Path) -> Suite:
    tree = _tree(path)
    file = _checked(path, tree)
    corpus = _corpus(path, file.corpus) if file.corpus else None
    where = {number: f"{path}:{tree.line(('cases', number))}" for number in range(len(file.cases))}
    cases = tuple(expand(file, path.stem, where))
    twice = _twice([Suite(path.stem, corpus, cases, str(path))])
    if twice:
        raise CaseError(BETWEEN.join(twice))
    return Suite(path.stem, corpus, cases, str(path))


def _tree(path: Path) -> _Tree:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise CaseError(f"{path}: cannot be read ({why})") from error
    return _json_lines(path, text) if path.suffix == ".jsonl" else _yaml(path, text)


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file for file in path.iterdir() if file.suffix in SUFFIXES and file.is_file())
    if not path.exists():
        near = _meant(path.name, [file.name for file in path.parent.glob("*")])
        raise CaseError(f"there is no case file {path}{near}", run=FIRST_CASES)
    return [path]


def _corpus(path: Path, corpus: str) -> Path:
    """The folder beside the file or beside any folder above it: case files are moved about, projects too."""
    for parent in path.resolve().parents:
        if (parent / corpus).is_dir():
            return parent / corpus
    raise CaseError(f"{path}: the corpus {corpus} is not a folder here or in a folder above")


# --- text -> data with lines ---------------------------------------------------------------------


def _yaml(path: Path, text: str) -> _Tree:
    import yaml

    from assistant.evaluation.cases.nodes import Loader

    tree = _Tree({}, {})
    try:
        node = yaml.compose(text, Loader=Loader)
        data = None if node is None else _plain(path, node, (), tree.lines)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise CaseError(f"{path}:{line}: not valid YAML ({error.problem})") from error
    except yaml.YAMLError as error:
        raise CaseError(f"{path}:1: not valid YAML ({error})") from error
    except RecursionError as error:
        raise CaseError(f"{path}:1: not valid YAML (it is nested too deep)") from error
    if data is None:
        raise CaseError(f"{path}:1: the file is empty")
    return _Tree(data, tree.lines)


def _plain(path: Path, node: Any, place: Steps, lines: dict[Steps, int]) -> Any:
    """A YAML node as plain data; scalars keep their YAML meaning, a key that stands twice is a mistake."""
    import yaml

    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key, value in node.value:
            if str(key.value) in found:
                raise CaseError(f"{path}:{key.start_mark.line + 1}: `{key.value}` stands here twice")
            lines[(*place, str(key.value))] = key.start_mark.line + 1
            found[str(key.value)] = _plain(path, value, (*place, str(key.value)), lines)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_plain(path, value, (*place, number), lines) for number, value in enumerate(node.value)]
    return _scalar(node)


def _scalar(node: Any) -> Any:
    import yaml

    constructor = yaml.SafeLoader("")
    try:
        return constructor.construct_object(node)
    except (ValueError, yaml.YAMLError):
        return node.value
    finally:
        constructor.dispose()


def _json_lines(path: Path, text: str) -> _Tree:
    """One case a line; a line without `ask` carries what stands at a file's top (`version`, `corpus`, `defaults`)."""
    data: dict[str, Any] = {"cases": []}
    lines: dict[Steps, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except ValueError as error:
            raise CaseError(f"{path}:{number}: not valid JSON ({error})") from error
        if (
            isinstance(item, dict)
            and "ask" not in item
            and not data["cases"]
            and set(item) <= set(CaseFile.model_fields)
        ):
            data.update(item)
            lines.update({(key,): number for key in item})
        else:
            lines[("cases", len(data["cases"]))] = number
            data["cases"].append(item)
    return _Tree(data, lines)


# --- data -> checked data ------------------------------------------------------------------------


def _checked(path: Path, tree: _Tree) -> CaseFile:
    try:
        return CaseFile.model_validate(tree.data)
    except ValidationError as error:
        found = [_mistake(path, tree, mistake) for mistake in error.errors(include_url=False)]
    unique = list(dict.fromkeys(text for _, text in sorted(found)))
    more = [f"{path}: and {len(unique) - MISTAKES_SHOWN} more"] if len(unique) > MISTAKES_SHOWN else []
    raise CaseError(BETWEEN.join(unique[:MISTAKES_SHOWN] + more))


def _mistake(path: Path, tree: _Tree, mistake: Mapping[str, Any]) -> tuple[int, str]:
    place = tuple(mistake["loc"])
    line = tree.line(place)
    name = _name(tree.data, place)
    return line, f"{path}:{line}: {name}{_sentence(mistake, place)}"


def _name(data: Any, place: Steps) -> str:
    if place[:1] != ("cases",) or len(place) < len(("cases", "number")):
        return ""
    try:
        case = data["cases"][place[1]]
        return f"{case.get('id') or case.get('ask')}: "
    except (AttributeError, IndexError, KeyError, TypeError):
        return ""


def _sentence(mistake: Mapping[str, Any], place: Steps) -> str:
    last = next((part for part in reversed(place) if isinstance(part, str)), "the file")
    value = mistake.get("input")
    sentences: Mapping[str, Callable[[], str]] = {
        "extra_forbidden": lambda: f"there is no key `{last}`{_meant(str(last), _keys(place))}",
        "missing": lambda: f"`{last}` is missing",
        "literal_error": lambda: _not_one_of(mistake, place),
        "string_type": lambda: f"`{last}` must be text, not {value!r}: put it in quotes",
        "string_pattern_mismatch": lambda: f"`{last}` cannot be {value!r}: small letters, digits and hyphens only",
        "value_error": lambda: str(mistake["ctx"]["error"]),
    }
    return sentences.get(mistake["type"], lambda: f"`{last}`: {mistake['msg']}")()


def _not_one_of(mistake: Mapping[str, Any], place: Steps) -> str:
    name = place[-2] if place[-1] == "[key]" else place[-1]
    value = str(mistake["input"])
    return f"`{name}` cannot be {value!r}: {mistake['ctx']['expected']}{_meant(value, KNOWN_VALUES)}"


def _keys(place: Steps) -> list[str]:
    """The keys that may stand where one was refused."""
    model: type[BaseModel] = CaseFile
    names = [part for part in place[:-1] if isinstance(part, str)]
    for name in names:
        annotation = model.model_fields[name].annotation if name in model.model_fields else None
        model = _model_in(annotation) or model
    return list(model.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)


def _meant(written: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(written, known, 1, 0.5)
    return f" (did you mean `{near[0]}`?)" if near else ""


def _namesakes(suites: Sequence[Suite]) -> list[str]:
    """Suites that would share a baseline and results, as those are named after the file."""
    first: dict[str, Suite] = {}
    return [
        f"{suite.path}: the suite {suite.name} is {first[suite.name].path} already, so another name is needed"
        for suite in suites
        if first.setdefault(suite.name, suite) is not suite
    ]


def _twice(suites: Sequence[Suite]) -> list[str]:
    first: dict[str, Case] = {}
    mistakes = []
    for case in (case for suite in suites for case in suite.cases):
        if case.id in first:
            mistakes.append(f"{case.where}: the id {case.id} is used already at {first[case.id].where}")
        first.setdefault(case.id, case)
    return mistakes


def written_case(data: Mapping[str, Any]) -> WrittenCase:
    """A case from data, checked; `CaseError` says what is wrong."""
    try:
        return WrittenCase.model_validate(dict(data))
    except ValidationError as error:
        tree = _Tree({"cases": [dict(data)]})
        found = [_mistake(Path("case"), tree, {**item, "loc": ("cases", 0, *item["loc"])}) for item in error.errors()]
        what = BETWEEN.join(text.partition(": ")[2] for _, text in found)
        raise CaseError(what, run="assistant eval new --help") from error
