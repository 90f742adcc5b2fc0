"""The names of columns and keys -> which of them holds the questions, and which the answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ASKED = frozenset(("question", "questions", "q", "front", "prompt", "ques"))
ANSWERED = frozenset(("answer", "answers", "ans", "a", "back", "response", "solution", "solutions", "explanation"))
ASKING = frozenset(("question", "questions"))
ANSWERING = frozenset(("answer", "answers", "solution", "solutions", "response", "explanation"))
# What stands beside "question" or "answer" where the column holds neither.
BESIDES = frozenset(
    "id ids uid uuid no nos nr num number numbers of count counts total index idx type types kind category topic topics"
    " tag tags level levels difficulty status date time author url urls link links source score votes length language "
    "option options choice choices wrong incorrect".split()
)
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
WORD = re.compile(r"[^\W_]+")
MOST_WORDS = 3


def said(name: str) -> str:
    """A name as words in lower case: "ideal answer" of "IdealAnswer", "ideal_answer" and "Ideal answer:"."""
    return " ".join(WORD.findall(CAMEL.sub(" ", name).lower())) if "#" not in name else name.strip().lower()


def asked_in(names: Sequence[str], known: frozenset[str] = ASKED) -> int:
    """The column of the questions, -1 for none: by its whole name, else by the word "question" in it."""
    return _column(names, known, ASKING, ANSWERING | BESIDES)


def answered_in(names: Sequence[str], known: frozenset[str] = ANSWERED) -> int:
    """The column of the answers, -1 for none: by its whole name, else by a word such as "answer" in it."""
    return _column(names, known, ANSWERING, BESIDES)


def _column(names: Sequence[str], known: frozenset[str], telling: frozenset[str], others: frozenset[str]) -> int:
    plain = [said(name) for name in names]
    whole = (column for column, name in enumerate(plain) if name in known)
    among = (column for column, name in enumerate(plain) if _tells(name.split(), telling, others))
    return next(whole, next(among, -1))


def _tells(words: Sequence[str], telling: frozenset[str], others: Iterable[str]) -> bool:
    """Whether a short name has a telling word in it; a single letter beside it counts choices ("Answer B")."""
    short = 0 < len(words) <= MOST_WORDS and all(len(word) > 1 and word != "#" for word in words)
    return short and not telling.isdisjoint(words) and set(words).isdisjoint(others)
