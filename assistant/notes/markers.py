"""A line -> whether a mark of a question ("Q.", "Q1)", "Question 3:") or an answer ("A:", "Ans.") begins it."""

from __future__ import annotations

import re
from dataclasses import dataclass

QUESTION = re.compile(
    # A full-width colon may have become two Western letters.
    r"(?P<open>[(\[]?)(?P<word>Q(?:ues(?:tion)?|n|ns)?|q(?:ues(?:tion)?)?|Que|QUE|QUES|QUESTION"
    r"|Q(?!uestions)(?=[a-z]*s)[uestioa]{5,8}n)"  # "Qustion", "Quesiton"
    r"(?:[ \t]{0,2}(?:\.?[Nn]o\.?[ \t]?|\.(?=\d)|#|-)?[ \t]{0,2}(?P<number>\d{1,4}(?:\.\d{1,3}){0,3}))?"
    r"(?P<delimiter>[ \t]{0,2}(?:[.:)\]]{1,3}-?|\uff1a|\u00a3\u00ba|[-\u2013\u2014\u00b7\u2022|](?=[ \t])|$"
    r"|(?=\*\*|__))"
    r"|[ \t]{1,3}(?=[A-Z\"'`(\u00bf]))"
    r"[ \t]{0,8}"
)
ANSWER = re.compile(
    r"(?P<kind>(?i:intv|interview|sample|model|suggested|expected|detail(?:ed)?)[ \t]?(?=[Aa][Nn]))?"
    r"(?P<word>A(?:ns(?:wer)?)?|ANS(?:WER)?|a(?:ns(?:wer)?)?|Sol(?:ution)?|A(?=[a-z]*w)[nswera]{3,6}r)"
    r"(?:[ \t]?[-#]?(?P<number>\d{1,4}))?[ \t]{0,2}"
    r"(?P<delimiter>[.:)]-{0,8}(?!=)|\uff1a|\u00a3\u00ba|(?<=A)(?=\*\*[ \t]?[:.-])|(?<=ns)(?=\*\*|__)"
    r"|(?<=[we]r)(?=\*\*|__)|-{1,8}>|-{2,8}|(?<=[ \t])-(?!\d)|-(?=[ \t]|$)|[\u2013\u2014](?=[ \t]))[ \t]{0,8}"
)


BOLD_COLON = re.compile(r"(?:\*\*|__)[ \t]?[:\u2013\u2014-]")


@dataclass(frozen=True, slots=True)
class Marker:
    """`end` is the column behind the marker; `number` is "" for a marker without one."""

    number: str
    end: int


def question_marker(line: str, column: int = 0) -> Marker | None:
    """The question marker at this column."""
    found = QUESTION.match(line, column)
    if found is None or _is_a_word(found):
        return None
    return Marker(found["number"] or "", found.end())


def _is_a_word(found: re.Match[str]) -> bool:
    """Sort out what only looks like a marker: "Q.E.D.", "Question everything", "Q&A", "(q) ..."."""
    delimiter = found["delimiter"].strip()
    if not delimiter:
        rest = found.string[found.end() :].strip()
        if BOLD_COLON.match(rest):
            return False
        stands_alone = not rest or rest.startswith(("**", "__"))
        return not found["number"] or not (stands_alone or rest.rstrip(" \t*_").endswith("?"))
    if found["open"]:
        return not delimiter.startswith((")", "]"))
    if delimiter.startswith(("-", "]")) and not found["number"]:
        return found["word"].islower() or delimiter == "]"
    return found.string.startswith(("E.D", "e.d"), found.end())


def answer_marker(line: str, column: int = 0) -> Marker | None:
    """The answer marker at this column."""
    found = ANSWER.match(line, column)
    if found is None or (found["kind"] and found["number"]):  # "Sample answer 1:" is one of several
        return None
    one_letter = found["word"] in ("A", "a") and not found["number"]
    if one_letter and found["delimiter"].startswith("-"):
        return None
    if found["word"] == "a" and not found["delimiter"].startswith(":"):
        return None
    return Marker(found["number"] or "", found.end())
