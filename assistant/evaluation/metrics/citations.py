"""A case's gold and an answer's citations -> whether they open where they say, and bear out what they stand behind.

An answer made of quotations reaches 1.0 in recall and precision without any merit: these numbers are read
beside the nuggets and the evidence precision, never alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.evaluation.wording import fold, marks, statements, traceable, without_marks
from assistant.types import ANSWERED, Answer, Citation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.evaluation.cases.gold import Gold, Span

MOST_CITED = 3  # citations looked at behind one statement, as ALCE does


def validity(gold: Gold, answer: Answer) -> float:
    """The share of citations and marks that hold: the note exists, the lines are right, the quote is the slice."""
    numbers = {citation.number for citation in answer.citations}
    loose = [number for _, number in marks(answer.text) if number not in numbers and not _quoted(number, answer)]
    sound = [holds(citation, gold) for citation in answer.citations]
    return sum(sound) / (len(sound) + len(loose)) if sound or loose else 1.0


def holds(citation: Citation, gold: Gold) -> bool:
    """Whether a citation opens at the words that it quotes."""
    note, place = gold.corpus.note(citation.note_id), citation.place
    if note is None or not citation.quote or place.path != note.place.path:
        return False
    if not note.place.start <= place.start < place.end <= note.place.end:
        return False
    return gold.corpus.slice(place) in (citation.quote, None) and _lines_hold(citation, gold)


def _lines_hold(citation: Citation, gold: Gold) -> bool:
    text, place = gold.corpus.read(citation.place.path), citation.place
    if text is None:
        return True
    first = 1 + text.count("\n", 0, place.start)
    return (place.first_line, place.last_line) == (first, first + citation.quote.rstrip("\n").count("\n"))


def _quoted(number: int, answer: Answer) -> bool:
    """A note may hold `[0]` itself, in code: that is no mark."""
    return any(f"[{number}]" in citation.quote for citation in answer.citations)


def recall(gold: Gold, answer: Answer) -> float | None:
    """The share of the answer's statements that the citations behind them bear out."""
    made = _statements(gold, answer)
    if not made:
        return None
    return sum(_borne_out(text, cited) for text, cited in made) / len(made)


def precision(gold: Gold, answer: Answer) -> float | None:
    """The share of the citations behind statements that are needed: alone enough, or not to be left out."""
    judged = [verdict for text, cited in _statements(gold, answer) for verdict in _needed(text, cited[:MOST_CITED])]
    return sum(judged) / len(judged) if judged else None


def groundedness(gold: Gold, answer: Answer) -> float | None:
    """The share of the answer's statements that can be traced to any note that was found."""
    made = _statements(gold, answer)
    if not made:
        return None
    found = [f"{hit.note.question}\n{hit.note.answer}" for hit in answer.hits]
    every = "\n".join([*found, *(citation.quote for citation in answer.citations)])
    return sum(traceable(text, every) for text, _ in made) / len(made)


def f1(gold: Gold, answer: Answer) -> float | None:
    """F1 of the cited characters against the gold characters, of the alternatives the best."""
    if not gold.groups:
        return None
    cited = {(each.place.path, at) for each in answer.citations for at in range(each.place.start, each.place.end)}
    return max(_f1(cited, group) for group in gold.groups)


def _f1(cited: set[tuple[str, int]], group: Sequence[Span]) -> float:
    wanted = {(span.path, at) for span in group for at in range(span.start, span.end)}
    return 2 * len(cited & wanted) / (len(cited) + len(wanted))


# --- statements and what stands behind them ------------------------------------------------------


def _statements(gold: Gold, answer: Answer) -> list[tuple[str, list[Citation]]]:
    """What the answer states, with the citations behind each: its own marks, else the next in its paragraph."""
    if answer.status != ANSWERED:
        return []
    titles = {fold(note.question) for note in gold.corpus.notes}
    spans = statements(answer.text)
    made = []
    for number, (start, end) in enumerate(spans):
        text = without_marks(answer.text[start:end]).strip()
        if fold(text).strip("*#: ") not in titles:
            made.append((text, _behind(answer, spans[number:])))
    return made


def _behind(answer: Answer, spans: Sequence[tuple[int, int]]) -> list[Citation]:
    by_number = {citation.number: citation for citation in answer.citations}
    before = spans[0][0]
    for start, end in spans:
        if "\n\n" in answer.text[before:start]:
            break
        found = [by_number[number] for _, number in marks(answer.text[start:end]) if number in by_number]
        if found:
            return list(dict.fromkeys(found))
        before = end
    return []


def _borne_out(text: str, cited: Iterable[Citation]) -> bool:
    return traceable(text, "\n".join(citation.quote for citation in cited))


def _needed(text: str, cited: Sequence[Citation]) -> list[bool]:
    if not _borne_out(text, cited):
        return [False] * len(cited)
    return [
        _borne_out(text, [citation]) or not _borne_out(text, [other for other in cited if other != citation])
        for citation in cited
    ]
