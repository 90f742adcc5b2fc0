"""A question and what stands below it -> whether that is only what the question speaks of: code, or choices."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.notes.markers import answer_marker

if TYPE_CHECKING:
    from collections.abc import Sequence

ASKS_OF_CODE = re.compile(
    r"\b(?:(?:the|its|this|correct|guess|predict) (?:\w+ )?(?:output|outcome)|output of|(?:will|does|would)"
    r" (?:\w+ ){0,5}(?:prints?|logs?|output)|(?:will|does|would|is|gets?|be) (?:\w+ ){0,5}(?:printed|logged|output))\b"
    r"|^(?:guess|predict) ",
    re.IGNORECASE,
)
CODE = (
    r"(?:code|program|snippet|functions?|methods?|class|query|operation|expressions?|statements?|declarations?|script)"
)
ANNOUNCES_CODE = re.compile(
    rf"\b(?:following|below)\b[^?\n]{{0,60}}\b{CODE}\b|\b(?:this|the given) {CODE}\b|\b{CODE} below\b", re.IGNORECASE
)
WANTS_CODE = re.compile(
    r"(?:write|create|implement|build|develop|provide|give|rewrite|convert|generate|fix|correct"
    r"|how (?:do|can|would) you (?:write|create|implement|build|fix))\b",
    re.IGNORECASE,
)
ANNOUNCES_CHOICES = re.compile(
    r"\bwhich (?:one )?(?:of|among) (?:the )?(?:following|these|below)\b|\bthe following\W*$", re.IGNORECASE
)
ANNOUNCES_ITEMS = re.compile(r"\b(?:the following|these (?:two|three|four|five|\d{1,2}))[ \t]+[^\W\d]", re.IGNORECASE)
WANTS_ITEMS = re.compile(r"(?:list|name|which|enumerate|give|state|mention)\b", re.IGNORECASE)
ITEM = re.compile(r"[ \t]*(?:[-*+\u2022]|\(?(?:\d{1,2}|[A-Ha-h])[.):])[ \t]+(?P<words>\S[^\n]*)$")
CODE_ITEM = re.compile(
    r"[ \t]*(?:[-*+\u2022]|\(?(?:\d{1,2}|[A-Ha-h])[.):])[ \t]+(?P<words>`[^\n`]+`|`{3}[^\n`]+`{3})[ \t]*$"
)
TELLS = re.compile(
    r"[:\u2192\u2713\u2714\u2705\u2611]|\*\*|\[[xX]\]|->|=>| [-\u2013\u2014] |\b(?:correct|answer)\b", re.IGNORECASE
)
COMMENT = re.compile(r"//|#|=>|->|--|/\*|\u2192|\boutput\b", re.IGNORECASE)
VERDICT = re.compile(
    r"(?://|#|--|/\*)[^\n]*\b(?:error|wrong|because|fix|fixed|should|missing|invalid|correct|bug)\b", re.IGNORECASE
)
STRONG = re.compile(
    r"[{};][ \t]*$|\w\([^()\n]{0,200}\)[ \t]*(?::[ \t]*)?$|[\w\])][ \t]*(?:[:+*/-]?=(?!=)|\+\+)"
    r"|^[ \t]*(?:import|package|func|def|var|let|const|class|public|private|return|SELECT|select|print)[ \t(]"
)
SENTENCE = re.compile(
    r"[ \t][a-z]{1,15}(?:[ \t][a-z]{1,15}){3}[^\n]{0,200}\w\.[ \t]*$"
)  # four plain words, a full stop
WORDS = re.compile(r"[A-Z][a-z]*(?:\s[A-Za-z'\u2019-]+|[.,:!](?=\s|$))*")
COMMENTED = re.compile(r"[ \t]*(?://|/\*|(?:#|--)[ \t])")
LABELLED = re.compile(r"^[ \t]*(?:Answer|ANSWER|Ans|ANS|Solution|SOLUTION)[ \t]?[:-](?=[ \t\n])", re.MULTILINE)
LONGEST = 400
LONGEST_SHOWN = 4000
FEW_WORDS = 3
LONGEST_CHOICE = 12
HALF = 0.5
PAIR = 2


def only_shown(question: str, answer: str) -> bool:
    """Whether all that stands below is the code of "What is the output?" or the choices of "Which of these?"."""
    question, answer = question[:LONGEST], answer.strip("\r\n")
    if len(answer) > LONGEST_SHOWN:
        return False
    if ANNOUNCES_CHOICES.search(question) and _only_choices(answer, ITEM):
        return True
    if ANNOUNCES_ITEMS.search(question) and not WANTS_ITEMS.match(question) and _only_choices(answer, CODE_ITEM):
        return True
    code = _only_code(answer)
    if code is None or _speaks(code):
        return False
    if ASKS_OF_CODE.search(question):
        return COMMENT.search(code) is None and not (WANTS_CODE.match(question) and _is_code(code))
    return ANNOUNCES_CODE.search(question) is not None and not WANTS_CODE.match(question) and not VERDICT.search(code)


def speaks_of_code(words: str) -> bool:
    """Whether words ask what code does, or announce it."""
    words = words[:LONGEST]
    return ASKS_OF_CODE.search(words) is not None or ANNOUNCES_CODE.search(words) is not None


def _speaks(code: str) -> bool:
    """Whether what is set as code is nothing but words ("Yes, it is")."""
    return WORDS.fullmatch(code.strip("`\n ")) is not None


def looks_like_code(lines: Sequence[str]) -> bool:
    """Whether lines without a fence are code, all of them."""
    filled = [line for line in lines if line.strip()]
    return bool(filled) and _is_code("\n".join(filled)) and all(_may_be_code(line) for line in filled)


def begins_code(line: str) -> bool:
    """Whether a line looks like code and like nothing else."""
    return STRONG.search(line[:LONGEST]) is not None


def _only_choices(answer: str, item: re.Pattern[str]) -> bool:
    """Whether every line is a short item that tells nothing more, and none is marked as the right one."""
    items = [item.match(line) for line in answer.split("\n") if line.strip()]
    return len(items) >= PAIR and all(
        one and len(one["words"].split()) <= LONGEST_CHOICE and not TELLS.search(one["words"]) for one in items
    )


def _only_code(answer: str) -> str | None:
    """The code of an answer that is nothing else: one fence, or lines that look like code; None otherwise."""
    if answer.startswith("```"):
        code = answer.split("\n", 1)[-1].rstrip()
        return code if code.find("```") == len(code) - 3 and not LABELLED.search(code) else None
    lines = answer.split("\n")
    answered = any(answer_marker(line.lstrip(" \t*>_")) for line in lines)
    return answer if len(lines) >= PAIR and looks_like_code(lines) and not answered else None


def _is_code(code: str) -> bool:
    """Whether half of the lines look like code and like nothing else."""
    lines = [line for line in code.split("\n") if line.strip(" \t`(){}[];,") and not COMMENTED.match(line)]
    return sum(begins_code(line) for line in lines) >= max(1, HALF * len(lines))


def _may_be_code(line: str) -> bool:
    if ITEM.match(line) or (SENTENCE.search(line[:LONGEST]) and not COMMENT.search(line)):
        return False
    return begins_code(line) or len(line.split()) <= FEW_WORDS or COMMENTED.match(line) is not None
