"""A question over HTTP -> the object of `ask --json`; the one handler that others may call.

POST {"data": [QUESTION, HISTORY or null]} to /gradio_api/call/ask gives {"event_id": ID}, and
GET /gradio_api/call/ask/ID the answer as a server-sent event; or, in Python:
`gradio_client.Client("http://127.0.0.1:7860", download_files=False).predict(QUESTION, None, api_name="/ask")`
(without `download_files=False` that client takes every "path" in an answer for a file to fetch, and is refused).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from assistant.errors import NotesAssistantError, QuestionError
from assistant.plurals import counted
from assistant.render.json import answer_object, dumps, error_object
from assistant.types import Turn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.web.library import Library
    from assistant.web.limits import Limit

Object = dict[str, Any]
LONGEST_HISTORY = 100  # turns
_TURN = 'a turn of the history must be like {"role": "user", "content": "…"}'


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Answers scripts; an error is an object {"id", "error": {"code", "message"}}, as in a batch."""

    library: Library
    limit: Limit

    def ask(self, question: Any, history: Any, visitor: str) -> Object:
        """The object of `ask --json`; waits while the first index is being built."""
        try:
            return _plain(self._answer(question, history, visitor))
        except NotesAssistantError as error:
            return error_object(error.code, " ".join(error.what.split()))

    def _answer(self, question: Any, history: Any, visitor: str) -> Object:
        if not isinstance(question, str):
            raise QuestionError("the question must be a text")
        turns = _turns(history)
        if not self.limit.allows(visitor):
            return error_object(
                "TOO_MANY", f"{counted(self.limit.per_minute, 'question')} a minute is the most: wait a moment"
            )
        assistant = self.library.current()
        warnings = assistant.warnings
        answer = assistant.ask(question, turns)
        return answer_object(replace(answer, warnings=tuple(dict.fromkeys((*warnings, *answer.warnings)))))


def _plain(value: Object) -> Object:
    """Only what JSON can hold: no lone surrogate, no number that is not one."""
    plain: Object = json.loads(dumps(value))
    return plain


def _turns(history: Any) -> Sequence[Turn]:
    if history is None:
        return ()
    if not isinstance(history, list) or len(history) > LONGEST_HISTORY:
        raise QuestionError(f"the history must be a list of at most {LONGEST_HISTORY} turns")
    return tuple(_turn(turn) for turn in history)


def _turn(turn: Any) -> Turn:
    role, content = (turn.get("role"), turn.get("content")) if isinstance(turn, dict) else (None, None)
    if not isinstance(content, str) or role not in ("user", "assistant"):
        raise QuestionError(_TURN)
    return Turn(role, content)
