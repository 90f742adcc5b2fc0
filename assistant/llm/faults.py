"""What went wrong while a model was asked -> one sentence for a person; never the server's own words.

A server may echo the key in its error text, so of an error only its kind and status are told.
"""

from __future__ import annotations

import email.utils
import math
import time
from typing import TYPE_CHECKING

from assistant.errors import WriterError
from assistant.llm.choice import KEYS
from assistant.llm.guard import Broken
from assistant.plurals import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.llm.choice import Choice

MAY_PASS = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
SAFE = "The answer in your notes' own words is given instead"
LONGEST_WAIT = 3_600.0
FIRST_WAIT = 0.5  # seconds, doubled each time


def status(error: BaseException) -> int | None:
    """The HTTP status that an error carries."""
    codes = (getattr(cause, "status_code", None) for cause in _causes(error))
    return next((code for code in codes if isinstance(code, int)), None)


def may_pass(error: BaseException) -> bool:
    """Whether the same request may succeed a moment later."""
    return status(error) in MAY_PASS


def wait(error: BaseException, attempt: int) -> float:
    """Seconds to wait before the next attempt (from 0): what the server asks for, else a little longer each time."""
    asked = _retry_after(error)
    return FIRST_WAIT * 2**attempt if asked is None else asked


def fault(error: BaseException, choice: Choice) -> WriterError:
    """The error that a person reads, with what may mend it."""
    what, run = _told(error, choice)
    return WriterError(f"{choice.name} at {choice.host}: {what}", safe=SAFE, run=run)


def _told(error: BaseException, choice: Choice) -> tuple[str, str]:
    code = status(error)
    if code is not None:
        return _status_told(code, error, choice)
    for cause in _causes(error):
        if isinstance(cause, Broken):
            return str(cause), "assistant doctor"
    return _connection_told(error, choice)


def _status_told(code: int, error: BaseException, choice: Choice) -> tuple[str, str]:
    if code in (401, 403):
        variable = KEYS.get(choice.provider)
        right = f"export {variable}=…" if variable else "assistant doctor"
        return f"the server does not accept the key ({code})", right
    if code == 404:  # noqa: PLR2004 - the status
        return f"the server has no model {choice.model!r} at this address (404)", "assistant ask --llm PROVIDER:MODEL …"
    if code == 429:  # noqa: PLR2004 - the status
        asked = _retry_after(error)
        later = f"; it asks to wait {counted(round(asked), 'second')}" if asked else ""
        return f"the server is busy or the quota is used up (429){later}", "assistant ask --no-llm …"
    if code in (400, 413, 422):
        smaller = "a smaller llm.context_window may help"
        return f"the server does not take the request ({code}); {smaller}", "$EDITOR assistant.toml"
    return f"the server failed ({code})", "assistant ask --no-llm …"


def _connection_told(error: BaseException, choice: Choice) -> tuple[str, str]:
    kinds = {type(cause).__name__ for cause in _causes(error)}
    run = "assistant doctor"
    if "ConnectTimeout" in kinds:
        return "the server does not answer", run
    if kinds & {"ConnectError", "ConnectionRefusedError", "gaierror"}:
        here = "; it must run on this machine" if choice.stays_here else ""
        return f"the server cannot be reached{here}", run
    if kinds & {"ReadTimeout", "TimeoutException", "APITimeoutError", "WriteTimeout", "PoolTimeout", "TimeoutError"}:
        return "the server fell silent", run
    if kinds & {"UnicodeDecodeError", "JSONDecodeError"}:
        return "the server sent what is no answer", run
    if kinds & {"ReadError", "RemoteProtocolError", "WriteError", "ConnectionResetError", "LocalProtocolError"}:
        return "the connection broke before the answer was whole", "assistant ask --no-llm …"
    return f"the server sent what is no answer ({type(error).__name__})", run


def _retry_after(error: BaseException) -> float | None:
    for cause in _causes(error):
        value = getattr(getattr(cause, "response", None), "headers", {}).get("retry-after")
        if value is not None:
            return _seconds(str(value))
    return None


def _seconds(value: str) -> float | None:
    try:
        seconds = float(value)
    except ValueError:
        date = email.utils.parsedate_tz(value)
        seconds = email.utils.mktime_tz(date) - time.time() if date else math.nan
    return None if math.isnan(seconds) or seconds < 0 else min(seconds, LONGEST_WAIT)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it came from, nearest first."""
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        cause = cause.__cause__ or cause.__context__
