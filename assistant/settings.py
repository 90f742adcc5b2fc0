"""`assistant.toml`, `ASSISTANT_*` variables and flags -> one frozen `Settings`; the later of them wins.

A setting is one field below. Its key in the file is the field's alias (`llm.model` stands in the table
`[llm]`), its variable is the key in capitals (`ASSISTANT_LLM_MODEL`).
"""

from __future__ import annotations

import difflib
import hashlib
import os
import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import SettingsError, editing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FILE = "assistant.toml"
LARGEST_FILE = 1_000_000  # bytes; a settings file is read by hand
PREFIX = "ASSISTANT_"
PROGRAM = "notes-assistant"


class Settings(BaseModel):
    """All that can be set; folders are absolute. Made by `load`."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True)

    notes: Path
    index: Path
    models: Path
    feedback: Path
    conversations: Path
    asked: Path
    gaps: bool = True
    embedding_model: str = Field("all-MiniLM-L6-v2", min_length=1)
    confidence: Path | None = None
    formats: dict[str, str] = {}

    sources: int = Field(5, validation_alias="retrieval.sources", ge=1, le=50)

    llm: str | None = Field(None, validation_alias="llm.model")
    base_url: str | None = Field(None, validation_alias="llm.base_url")
    context_window: int | None = Field(None, validation_alias="llm.context_window", ge=512)
    max_answer_tokens: int = Field(600, validation_alias="llm.max_answer_tokens", ge=16)
    temperature: float = Field(0.0, validation_alias="llm.temperature", ge=0, le=2)

    host: str = Field("127.0.0.1", validation_alias="web.host", min_length=1)
    port: int = Field(7860, validation_alias="web.port", ge=0, le=65535)
    token: str = Field("", validation_alias="web.token", repr=False)
    answers_at_once: int = Field(2, validation_alias="web.answers_at_once", ge=1, le=64)
    questions_per_minute: int = Field(60, validation_alias="web.questions_per_minute", ge=1, le=100_000)
    queue: int = Field(64, validation_alias="web.queue", ge=32, le=10_000)

    @property
    def display(self) -> str:
        """What stands before a note's relative path when it is shown: "corpus/", "" or "/home/me/notes/"."""
        try:
            inside = self.notes.relative_to(Path.cwd()).as_posix()
        except (ValueError, OSError):
            return f"{self.notes.as_posix().rstrip('/')}/"
        return "" if inside == "." else f"{inside}/"


@dataclass(frozen=True, slots=True)
class _Layer:
    """Settings from one place: key -> value, key -> how a person would name it there, and what mends `{name}`."""

    values: dict[str, Any]
    names: dict[str, str]
    folder: Path
    mend: str

    def error(self, key: str, what: str) -> SettingsError:
        name = self.names[key]
        return SettingsError(f"{name}: {what}", safe="Nothing was changed.", run=self.mend.replace("{name}", name))


_KEYS = {field.validation_alias or name: name for name, field in Settings.model_fields.items()}
KEYS: tuple[str, ...] = tuple(str(key) for key in _KEYS)
"""Every key as it is written in the file, tables before a dot."""
_FOLDERS = ("notes", "index", "models", "feedback", "conversations", "asked", "confidence")
_TABLES = ("formats",)  # keys whose value is a table of the person's own names


def load(flags: Mapping[str, object] | None = None) -> Settings:
    """The settings of this process: file < variables < flags (by field name; None means not given).

    `no_llm` among the flags takes away a language model that the file or a variable names. Raises
    SettingsError, naming the key, for an unknown key or variable and for a value that cannot be used.
    """
    here = _working_folder()
    file = _find(here)
    layers = [
        *([] if file is None else [_file_layer(file)]),
        _variable_layer(os.environ, here),
        _flag_layer(flags or {}, here),
    ]
    return _validated(layers, {**_merged(layers, flags or {}), **_folders(layers, file)})


def _working_folder() -> Path:
    try:
        return Path.cwd()
    except OSError as error:
        raise SettingsError("the working folder is no longer there", run="cd") from error


def _find(folder: Path) -> Path | None:
    candidates = (parent / FILE for parent in (folder, *folder.parents))
    return next((path for path in candidates if path.is_file()), None)


# --- the three layers --------------------------------------------------------------------------


def _file_layer(path: Path) -> _Layer:
    values = dict(_flat(_table(path)))
    names = {key: f"{path}: {key}" for key in values}
    return _checked(_Layer(values, names, path.parent, editing(path)), "key")


def _table(path: Path) -> dict[str, Any]:
    import tomllib

    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
        if len(data) > LARGEST_FILE:
            raise _unusable(path, f"larger than {LARGEST_FILE} bytes")
        return tomllib.loads(data.decode("utf-8-sig"))
    except OSError as error:
        raise _unusable(path, error.strerror or type(error).__name__) from error
    except (ValueError, RecursionError) as error:
        raise _unusable(path, f"not valid TOML: {error}") from error


def _unusable(path: Path, why: str) -> SettingsError:
    return SettingsError(f"{path} cannot be read: {why}", safe="Nothing was changed.", run=editing(path))


def _flat(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Keys with the tables they stand in before a dot; of an unknown table the first key is enough."""
    for name, value in table.items():
        key = above + name
        if not isinstance(value, dict) or key in _TABLES:
            yield key, value
        elif any(known.startswith(f"{key}.") for known in KEYS):
            yield from _flat(value, f"{key}.")
        else:
            yield ".".join((key, *list(value)[:1])), value


def _variable_layer(environment: Mapping[str, str], here: Path) -> _Layer:
    known = {PREFIX + key.upper().replace(".", "_"): key for key in KEYS}
    given = {name: value for name, value in environment.items() if name.startswith(PREFIX) and value}
    keys = {known.get(name, name): name for name in given}
    values = {key: _written(given[name]) if key in _TABLES else given[name] for key, name in keys.items()}
    layer = _Layer(values, keys, here, "unset {name}")
    return _checked(layer, "variable", tuple(known))


def _written(text: str) -> object:
    """A table in a variable is written as TOML writes it on one line: `{"*.log" = "plain"}`."""
    import tomllib

    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (ValueError, RecursionError):
        return text


def _flag_layer(flags: Mapping[str, object], here: Path) -> _Layer:
    keys = {name: key for key, name in _KEYS.items()}
    values = {
        str(keys.get(name, name)): value for name, value in flags.items() if value is not None and name != "no_llm"
    }
    names = {key: f"--{_KEYS.get(key, key).replace('_', '-')}" for key in values}
    return _checked(_Layer(values, names, here, "assistant --help"), "flag")


def _checked(layer: _Layer, kind: str, known: tuple[str, ...] = KEYS) -> _Layer:
    """The layer with its paths made absolute; an unknown key is an error."""
    for key in layer.values:
        if key not in KEYS:
            raise layer.error(key, f"there is no such {kind}.{_suggestion(key, known)}")
    absolute = {key: _absolute(layer, key) if key in _FOLDERS else value for key, value in layer.values.items()}
    return _Layer(absolute, layer.names, layer.folder, layer.mend)


def _suggestion(key: str, known: tuple[str, ...]) -> str:
    inside = [name for name in known if name.startswith(f"{key}.")]
    near = inside or difflib.get_close_matches(key, known, n=1)
    return f" Did you mean {' or '.join(near)}?" if near else f" There are: {', '.join(known)}."


def _absolute(layer: _Layer, key: str) -> Path:
    value = layer.values[key]
    if not isinstance(value, str | Path) or not str(value).strip() or "\0" in str(value):
        raise layer.error(key, f"{value!r} is no path")
    return Path(os.path.abspath(layer.folder / os.path.expanduser(value)))  # noqa: PTH100, PTH111 - links stay


# --- what follows from all of them -------------------------------------------------------------


def _merged(layers: list[_Layer], flags: Mapping[str, object]) -> dict[str, Any]:
    merged = {key: value for layer in layers for key, value in layer.values.items()}
    if flags.get("no_llm"):
        merged.pop("llm.model", None)
    return merged


def _folders(layers: list[_Layer], file: Path | None) -> dict[str, Any]:
    """Notes and the folders that belong to them: beside the file, or in the person's data folder.

    An index belongs to notes: one that is named in a lower layer than the notes is not theirs.
    """
    notes: Path | None = None
    index: Path | None = None
    of_project = False
    for layer in layers:
        named: Path | None = layer.values.get("notes")
        if named is not None and not _same(named, notes):
            notes, index, of_project = named, None, file is not None and layer is layers[0]
        index = layer.values.get("index", index)
    if notes is None:
        raise _homeless(file)
    beside = file.parent if of_project and file is not None else None
    return _placed(notes, index, beside, _merged(layers, {}))


def _placed(notes: Path, index: Path | None, beside: Path | None, merged: Mapping[str, Any]) -> dict[str, Any]:
    from platformdirs import user_cache_path, user_data_path

    own = user_data_path(PROGRAM, appauthor=False) / _name(notes)
    home = own if beside is None or _inside(beside / "index", notes) else beside
    index = home / "index" if index is None else index
    _keep_apart(notes, index)
    return {
        "notes": notes,
        "index": index,
        "models": merged.get("models", user_cache_path(PROGRAM, appauthor=False) / "models"),
        "feedback": merged.get("feedback", home / "feedback"),
        "conversations": merged.get("conversations", own / "conversations"),
        "asked": merged.get("asked", own / "asked"),
    }


def _name(notes: Path) -> str:
    """A folder name that a person can recognise and that no other notes folder has."""
    resolved = os.fsencode(os.path.realpath(notes))
    readable = re.sub(r"[^a-z0-9]+", "-", notes.name.lower()).strip("-") or "notes"
    return f"{readable[:40]}-{hashlib.sha256(resolved).hexdigest()[:12]}"


def _keep_apart(notes: Path, index: Path) -> None:
    if _inside(index, notes) or _inside(notes, index):
        what = f"index: the index {index} and the notes {notes} lie inside each other"
        raise SettingsError(
            what, safe="The notes are untouched.", run=f"assistant --notes {shlex.quote(str(notes))} --index DIR index"
        )


def _homeless(file: Path | None) -> SettingsError:
    missing = f'{file} does not say where the notes are (notes = "FOLDER")' if file else f"no {FILE} here or above"
    return SettingsError(
        f"I do not know where your notes are: {missing} and no --notes",
        run='assistant --notes FOLDER ask "your question"',
    )


def _same(one: Path, other: Path | None) -> bool:
    return other is not None and os.path.realpath(one) == os.path.realpath(other)


def _inside(path: Path, folder: Path) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def _validated(layers: list[_Layer], values: dict[str, Any]) -> Settings:
    try:
        return Settings.model_validate(values)
    except ValidationError as invalid:
        problem = invalid.errors(include_url=False, include_input=False)[0]
        key = str(problem["loc"][0])
        layer = next(layer for layer in reversed(layers) if key in layer.values)
        raise layer.error(key, problem["msg"][:1].lower() + problem["msg"][1:]) from invalid
