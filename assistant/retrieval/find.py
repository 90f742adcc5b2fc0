"""A question -> Found: the notes that may answer it, best first, and which of the three outcomes it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from assistant import lexical
from assistant.retrieval import asking, ranking
from assistant.retrieval.blocks import read_closely
from assistant.retrieval.contest import contest
from assistant.retrieval.framing import unframed
from assistant.retrieval.repair import repaired
from assistant.retrieval.signals import nearest_unanswered, signals
from assistant.types import ANSWERED, NOTED_UNANSWERED, Found, Hit, UnitScore

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.retrieval.confidence import Confidence
    from assistant.retrieval.contest import Contended
    from assistant.retrieval.ranking import Ranking
    from assistant.types import Index, Matrix, Note, Pieces

MOST_HITS = 10
CLEARLY = 0.1  # how much nearer to a note a less likely meaning of a typo must be, to be the one that was meant
TOPIC = 0.5  # of the weight of a title's words
SUREST = 8.0  # log odds; beyond, a verdict is sure and the number says nothing more
WORSE = 0.08  # a repair may cost this much of the best cosine; a greater loss says that the word was meant


class Model(Protocol):
    """What reads a text: as one vector, as pieces in their context, and, where it judges, together with a question."""

    def embed(self, texts: Sequence[str]) -> Matrix: ...

    def read(self, texts: Sequence[str]) -> list[Pieces]: ...

    @property
    def judges(self) -> bool: ...

    def judge(self, question: str, texts: Sequence[str]) -> list[float]: ...


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read the question: the answered notes ranked, and the nearest open one with its cosine."""

    text: str
    ranking: Ranking
    opened: tuple[int, float] | None

    @property
    def best(self) -> float:
        """The cosine of what is nearest, be it answered or open."""
        open_one = ranking.ABSENT if self.opened is None else self.opened[1]
        return max(open_one, float(self.ranking.best_cosine.max(initial=ranking.ABSENT)))


def find(
    question: str,
    index: Index,
    model: Model,
    confidence: Confidence,
    asked: str | None = None,
    parts: Sequence[str] = (),
) -> Found:
    """Search the notes for a question; `asked` is what the person wrote when the question was rewritten.

    `parts` are the questions that it consists of; two things compared are parts as well. When the notes answer
    every one of them, and not all in the same place, the notes of each come first.
    """
    whole = _find(question, index, model, confidence, asked)
    found = [_find(part, index, model, confidence) for part in parts]
    found = found or _sides(whole, index, model, confidence)
    if not found or any(each.status != ANSWERED for each in found):
        return whole
    firsts = {each.hits[0].note.id: replace(each.hits[0], part=each.read_as or each.question) for each in found}
    if len(firsts) < len(found):
        return whole
    rest = (hit for hit in whole.hits if hit.note.id not in firsts)
    hits = (*firsts.values(), *rest)[:MOST_HITS]
    return replace(whole, status=ANSWERED, confidence=min(each.confidence for each in found), hits=hits)


def _sides(whole: Found, index: Index, model: Model, confidence: Confidence) -> list[Found]:
    """What the notes say of each of two things compared: nothing unless each is the topic of a note of its own.

    A note that has both compares them better than two that have one each.
    """
    sides = asking.asked(whole.read_as or whole.question).compared
    if sides is None:
        return []
    stems = [set(index.words.stems(side)) for side in sides]
    if whole.hits and set().union(*stems) <= _said(index, whole.hits[0].note):
        return []
    found = [_find(f"what is {' '.join(lexical.content_words(side))}", index, model, confidence) for side in sides]
    topics = (each.hits and _is_topic(index, side, each.hits[0].note) for each, side in zip(found, stems, strict=True))
    return found if all(topics) else []


def _said(index: Index, note: Note) -> set[str]:
    return set(index.words.stems(f"{note.question}\n{note.answer}"))


def _is_topic(index: Index, side: set[str], note: Note) -> bool:
    """Whether a note's question has these words, and they make up the most of it by how rare they are."""
    title, weight = index.words.stems(note.question), index.words.weight
    return side <= set(title) and sum(map(weight, side)) >= TOPIC * sum(map(weight, title))


def _find(question: str, index: Index, model: Model, confidence: Confidence, asked: str | None = None) -> Found:
    bare = unframed(question)
    reading = _best_reading(bare, index, model)
    contended = contest(index, reading.text, reading.ranking, model.read)
    judged_by = signals(index, reading.text, contended, reading.opened, _verdict(reading.text, contended, model))
    hits, opened = _hits(index, contended.ranking), _unanswered_hits(index, reading)
    status, sure = confidence.judge(judged_by, has_open=bool(opened), has_answers=bool(hits))
    if status == NOTED_UNANSWERED:
        hits = (*opened, *hits)
    elif status == ANSWERED:
        hits = (read_closely(hits[0], reading.text, index, model.read), *_by_score((*hits[1:], *opened)))
    else:
        hits = _by_score((*hits, *opened))
    original = question if asked is None else asked
    read_as = None if reading.text == bare and question == original else reading.text
    return Found(original, read_as, status, sure, hits[:MOST_HITS], judged_by)


def _verdict(question: str, contended: Contended, model: Model) -> float | None:
    """Log odds that the first note answers, by a model that reads its best window together with the question.

    A vector tells what a text is about, and so does a match of words; whether it says what was asked is seen only
    so. That costs a run of the model: more windows, more notes, or the nearest open question told no more.
    """
    if not model.judges or contended.window is None:
        return -SUREST if model.judges else None
    (score,) = model.judge(question, [contended.window])
    return max(-SUREST, min(SUREST, score))


def _by_score(hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
    return tuple(sorted(hits, key=lambda hit: -hit.score))


def _best_reading(question: str, index: Index, model: Model) -> _Reading:
    """The question as written, or with its typos repaired where that does not lose what it was about."""
    texts = list(dict.fromkeys((question, *repaired(question, index.words))))
    vectors = model.embed(texts)
    written, *mended = [_read(index, text, vector) for text, vector in zip(texts, vectors, strict=True)]
    if not mended:
        return written
    best = max(mended, key=lambda reading: reading.best - CLEARLY * (reading is not mended[0]))
    return best if best.best >= written.best - WORSE or _in_words_of_notes(written, best, index) else written


def _in_words_of_notes(written: _Reading, mended: _Reading, index: Index) -> bool:
    """Whether all that was repaired now reads as the notes do: then it was meant, however the scores fell."""
    new = set(lexical.words(mended.text)) - set(lexical.words(written.text))
    return all(index.words.knows(word) for word in new)


def _read(index: Index, text: str, vector: Matrix) -> _Reading:
    stems = index.words.stems(text)
    return _Reading(text, ranking.rank(index, stems, vector), nearest_unanswered(index, stems, vector))


def _hits(index: Index, found: Ranking) -> tuple[Hit, ...]:
    pairs = zip(found.notes[:MOST_HITS], found.scores[:MOST_HITS], strict=True)
    return tuple(Hit(index.notes[int(note)], float(score), _units(index, found, int(note))) for note, score in pairs)


def _units(index: Index, found: Ranking, note: int) -> tuple[UnitScore, ...]:
    """The note's blocks, best first, by the mean of what they say with and without their title and headings."""
    scores: dict[int, dict[int, float]] = {}
    ours = index.row_notes[found.rows] == note
    for row, score in zip(found.rows[ours], found.row_scores[ours], strict=True):
        block = int(index.row_blocks[row])
        if block >= 0:
            scores.setdefault(block, {})[int(index.row_kinds[row])] = float(score)
    means = [UnitScore(block, sum(kinds.values()) / len(kinds)) for block, kinds in scores.items()]
    return tuple(sorted(means, key=lambda unit: (-unit.score, unit.block)))


def _unanswered_hits(index: Index, reading: _Reading) -> tuple[Hit, ...]:
    """The nearest question without an answer, its score by its one line; none where there is no such question."""
    return () if reading.opened is None else (Hit(index.notes[reading.opened[0]], reading.opened[1], ()),)
