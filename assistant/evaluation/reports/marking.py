"""An answer's text and a case's gold -> HTML in which evidence, facts and faults are seen at a glance."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from assistant.evaluation.wording import MARK, find

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from assistant.evaluation.cases.gold import Gold

EVIDENCE, BAD, SAID, CITED = range(4)
OPEN = {EVIDENCE: "<mark>", BAD: '<mark class="bad">', SAID: '<b class="said">', CITED: "<sup>"}
CLOSE = {EVIDENCE: "</mark>", BAD: "</mark>", SAID: "</b>", CITED: "</sup>"}


def marked(text: str, gold: Gold, escape: Callable[[str], str], bad: Sequence[tuple[int, int]]) -> str:
    """The text, escaped piece by piece; `bad` are spans that are not borne out."""
    spans = [*_spans(text, gold), *((BAD, start, end) for start, end in bad)]
    cuts = sorted({0, len(text), *(at for _, start, end in spans for at in (start, end) if 0 <= at <= len(text))})
    return "".join(
        _piece(escape(text[start:end]), {kind for kind, first, last in spans if first <= start and end <= last})
        for start, end in pairwise(cuts)
    )


def _piece(text: str, kinds: set[int]) -> str:
    inside = sorted(kinds - ({EVIDENCE} if BAD in kinds else set()))
    return "".join(OPEN[kind] for kind in inside) + text + "".join(CLOSE[kind] for kind in reversed(inside))


def _spans(text: str, gold: Gold) -> Iterator[tuple[int, int, int]]:
    for span in gold.spans:
        found = find(span.text, text)
        if found:
            yield (EVIDENCE, *found)
    for nugget in gold.case.nuggets:
        for phrase in (nugget.say, *nugget.any_of, *nugget.all_of):
            yield from ((SAID, *each.span()) for each in _loosely(phrase, text))
    for phrase in gold.case.forbid:
        yield from ((BAD, *each.span()) for each in _loosely(phrase, text))
    yield from ((CITED, *each.span()) for each in MARK.finditer(text))


def _loosely(phrase: str, text: str) -> Iterator[re.Match[str]]:
    return re.finditer(r"\s+".join(re.escape(part) for part in phrase.split()), text, re.IGNORECASE)
