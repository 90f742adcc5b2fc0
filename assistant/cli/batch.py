"""Lines of JSON with questions -> lines of JSON with answers, in order, each written as soon as it is known."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from assistant.cli import asking, streams
from assistant.cli.questions import checked
from assistant.errors import NotesAssistantError, NotesError, NotesIndexError, UsageError
from assistant.render.json import Object, answer_object, dumps, error_object
from assistant.types import Turn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.app import Assistant

LONGEST_LINE = 1_000_000  # bytes: a question and a long conversation
_SHAPE = '{"id": "1", "question": "…"}'


class LineError(UsageError):
    """A line of a batch that does not say what to answer."""

    code = "BATCH_LINE"


@dataclass(frozen=True, slots=True)
class _Asked:
    identity: object
    question: str
    history: tuple[Turn, ...]


@contextmanager
def lines(source: str) -> Iterator[IO[bytes]]:
    """The lines of a file, or of standard input for `-`. Raises UsageError when the file cannot be read."""
    if source == "-":
        yield sys.stdin.buffer
        return
    try:
        file = Path(source).open("rb")  # noqa: SIM115 - closed below; an error while it is read is another error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"{source} cannot be read ({why})", run="assistant ask --batch FILE") from error
    with file:
        yield file


def run(assistant: Assistant, source: IO[bytes]) -> None:
    """Answer every line; a line that cannot be answered says why in its place.

    Raises NotesError or NotesIndexError when no line could be answered any more.
    """
    for number, line in enumerate(_whole_lines(source), start=1):
        if line.strip():
            streams.write_json(dumps(_object(assistant, line, number)))


def _whole_lines(source: IO[bytes]) -> Iterator[bytes]:
    """Lines of any length, of which no more is kept than a usable line has."""
    while line := source.readline(LONGEST_LINE + 1):
        rest = line
        while len(rest) > LONGEST_LINE and not rest.endswith(b"\n"):
            rest = source.readline(LONGEST_LINE + 1)
        yield line


def _object(assistant: Assistant, line: bytes, number: int) -> Object:
    identity: object = None
    try:
        fields = _fields(line, number)
        identity = fields.get("id")
        asked = _asked(fields, number)
        return answer_object(asking.answer(assistant, asked.question, asked.history), identity)
    except (NotesError, NotesIndexError):
        raise
    except NotesAssistantError as error:
        return error_object(error.code, " ".join(error.what.split()), identity)
    except Exception as error:  # noqa: BLE001 - one line's bug must not cost the others their answers
        return error_object("INTERNAL", f"line {number}: a fault of the program ({type(error).__name__})", identity)


def _fields(line: bytes, number: int) -> dict[str, Any]:
    if len(line) > LONGEST_LINE:
        raise LineError(f"line {number} is longer than {LONGEST_LINE:,} bytes")
    try:
        fields = json.loads(line.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise LineError(f"line {number} is not JSON ({error})") from error
    if not isinstance(fields, dict):
        raise LineError(f"line {number} is not an object like {_SHAPE}")
    return fields


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")


def _asked(fields: dict[str, Any], number: int) -> _Asked:
    question = fields.get("question")
    if not isinstance(question, str):
        raise LineError(f"line {number} has no question in it: it must be like {_SHAPE}")
    return _Asked(fields.get("id"), checked(question), _history(fields.get("history"), number))


def _history(turns: object, number: int) -> tuple[Turn, ...]:
    if turns is None:
        return ()
    if not isinstance(turns, list):
        raise LineError(f"line {number}: history must be a list")
    return tuple(_turn(turn, number) for turn in turns)


def _turn(turn: object, number: int) -> Turn:
    role, content = (turn.get("role"), turn.get("content")) if isinstance(turn, dict) else (None, None)
    if not isinstance(content, str) or role not in ("user", "assistant"):
        raise LineError(f'line {number}: a turn of the history must be like {{"role": "user", "content": "…"}}')
    return Turn(role, content)
