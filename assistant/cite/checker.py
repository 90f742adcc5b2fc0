"""A writer's pieces, as they stream -> checked text: marks re-numbered or dropped, sentences marked.

What stands before the first bracket of a sentence is given on at once; from there the text is held
until the sentence has ended, because a mark behind a full stop belongs to the sentence before it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.cite.judge import Judge, Segment
from assistant.cite.marks import MARK, OPENING, Mark, fenced, marks, masked, neutral, unfinished
from assistant.types import Draft, Unsupported

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.cite.statements import Language
    from assistant.types import Prompt

NOT_IN_NOTES_SUFFIX = " [not in your notes]"
LONGEST_SENTENCE = 8_000  # characters; a longer one is judged as far as it goes

ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|vs|cf|etc|approx|resp|no|fig|dr|mr|ms|st)\.|^\s*[>#*_ ]*\(?\w{1,3}[.)])\s*$", re.IGNORECASE
)


def check(text: str, prompt: Prompt, language: Language) -> Draft:
    """The whole text at once; the same as feeding it in pieces of any size."""
    checker = Checker(prompt, language)
    checker.feed(text)
    checker.close()
    return checker.draft()


class Checker:
    """A transducer: `feed` takes what the writer wrote, and gives what may be shown of it.

    The pieces given, joined, are `draft().text`.
    """

    def __init__(self, prompt: Prompt, language: Language) -> None:
        self._judge = Judge(prompt, language)
        self._language = language
        self._pending = ""  # written, not yet judged: at most one sentence that has not ended
        self._line = ""  # of its first line, what is judged already
        self._shown = 0  # characters of `_pending` that were given on
        self._given: list[str] = []
        self._length = 0  # of the text of all judged sentences
        self._unsupported: list[Unsupported] = []

    def feed(self, piece: str) -> str:
        """The text that may be shown now; pieces may be cut anywhere."""
        self._pending += piece
        return self._give("".join(self._judged(last=False)) + self._ahead())

    def close(self) -> str:
        """The rest of the text, when the writer has written all, or was cut."""
        return self._give("".join(self._judged(last=True)))

    def draft(self) -> Draft:
        """All that was given on so far, its citations, and the sentences without support."""
        return Draft("".join(self._given), tuple(self._judge.citations), tuple(self._unsupported))

    def _give(self, text: str) -> str:
        self._given.append(text)
        return text

    def _ahead(self) -> str:
        """What of the unfinished sentence no mark can change any more."""
        bracket = OPENING.search(self._pending)
        ready = self._pending[: bracket.start() if bracket else None].rstrip()
        ahead = ready[self._shown :]
        self._shown = max(self._shown, len(ready))
        return ahead

    def _judged(self, *, last: bool) -> Iterator[str]:
        """The finished sentences of what is pending, checked, less what was given on before."""
        found = marks(self._pending, self._line, self._judge.is_text)
        start = 0
        for end in [*self._ends(found, last=last)]:
            inside = [mark for mark in found if start <= mark.start < end]
            yield self._sentence(start, end, inside)[self._shown :]
            self._shown = 0
            start = end
        self._line = (self._line + self._pending[:start]).rpartition("\n")[2][-LONGEST_SENTENCE:]
        self._pending = self._pending[start:]

    def _ends(self, found: list[Mark], *, last: bool) -> Iterator[int]:
        """Where each finished sentence ends: before the first letter of the next one."""
        text = masked(self._pending, found)
        if not last and unfinished(self._pending):
            text = text[: _last_opening(self._pending)]
        start = 0
        for beginning in [*self._beginnings(text)][1:]:
            yield from (*_cuts(self._pending, start, beginning), beginning)
            start = beginning
        yield from _cuts(self._pending, start, len(self._pending))
        if last:
            yield len(self._pending)

    def _beginnings(self, text: str) -> Iterator[int]:
        """Where sentences begin: at every line that is not blank, and inside it; fenced code is one."""
        code = fenced(text)
        before, unended = self._line, False
        for line in re.finditer(r"[^\n]*\S", text):
            if any(start < line.end() - 1 and line.start() > start and line.start() < end for start, end in code):
                continue
            for start, end in self._language.sentences(line[0]):
                if not unended or start == 0:
                    yield line.start() + start
                unended = bool(ABBREVIATION.search(before + line[0][:end]))
            before, unended = "", False

    def _sentence(self, start: int, end: int, found: list[Mark]) -> str:
        raw = self._pending[start:end]
        body = raw.rstrip()
        segments = _segments(start, body, found)
        verdict = self._judge.judge(segments)
        text = _marked(segments, verdict.numbers)
        if not verdict.supported:
            first = self._length + len(text) - len(text.lstrip())
            self._unsupported.append(Unsupported(text.strip(), first, self._length + len(text.rstrip())))
            text = text.rstrip() + NOT_IN_NOTES_SUFFIX
        behind_mark = not segments[-1].text and end < len(self._pending)
        blank = raw[len(body) :] or (" " if behind_mark else "")
        self._judge.pass_over(blank)
        text += blank
        self._length += len(text)
        return text


def _cuts(text: str, start: int, end: int) -> Iterator[int]:
    """Where a sentence without an end is cut, never inside what may be a mark; then its end."""
    while end - start > LONGEST_SENTENCE:
        piece = text[start : start + LONGEST_SENTENCE]
        start += (_last_opening(piece) if unfinished(piece) else 0) or LONGEST_SENTENCE
        yield start


def _last_opening(text: str) -> int:
    """Where the last bracket opens; the text's end when none does."""
    return max((found.start() for found in OPENING.finditer(text)), default=len(text))


def _segments(start: int, body: str, found: list[Mark]) -> list[Segment]:
    """The clauses of a sentence that stands at `start`, each up to its mark; the last one has none."""
    segments = []
    position = 0
    for mark in found:
        segments.append(Segment(body[position : mark.start - start], mark.numbers))
        position = mark.end - start
    return [*segments, Segment(body[position:], ())]


def _marked(segments: list[Segment], numbers: tuple[tuple[int, ...], ...]) -> str:
    """The sentence with the marks that hold; where one goes, the blank before it goes too."""
    text = ""
    for position, (segment, held) in enumerate(zip(segments, numbers, strict=True)):
        text = _joined(text, segment.text) if position else neutral(segment.text)
        if held:
            blank = "" if not text or text[-1].isspace() else " "
            text += blank + " ".join(f"[{number}]" for number in held)
    return text


def _joined(text: str, following: str) -> str:
    """A clause behind a mark, which may be gone."""
    words = neutral(following)
    if MARK.search(text[text.rfind(" ") + 1 :]):
        return text + ("" if not words or words[0] in " \n\t.,;:!?" else " ") + words
    bare = text.rstrip(" \t")
    if not words or not words[0].isalnum():
        return bare + words if bare else words.lstrip()
    return (bare + " " if bare else "") + words
