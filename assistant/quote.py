"""A prompt -> the notes' own words: the smallest complete pieces that answer, each with its mark."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from assistant.types import Block, Prompt, Source

    Stems = Callable[[str], Sequence[str]]
    Weight = Callable[[str], float]

SHORT_NOTE = 60  # words; a note that short is quoted whole
LONGEST_SECTION = 50  # words; a longer section is quoted by the piece that answers
FOCUS = 0.1  # how much the words that the title does not say count beside the score
CLOSE = 0.92  # of the best score: such a block may as well be the one
ALSO = 0.85  # of the best block's score, from which a second block is quoted for what the first leaves open
MOST_BLOCKS = 3
ANOTHER_NOTE = 0.6  # of the best note's score, from which a note that the question names is quoted too
NAMED = 0.5  # share of a title's words, by how rare they are, that the question must have to name that note
RESTATES = 0.5  # share of a block's words that another one says too
LIST_OF_AT_LEAST = 3  # members
MEMBERS = ("item", "label", "code")  # what a list that was led up to is made of

COMPARES = re.compile(
    r"\b(?:vs|versus|differ\w*|compar\w*|distinguish\w*|distinction|contrast|better|rather than|instead of"
    r"|over|than|\w+ or \w+)\b",
    re.IGNORECASE,
)
DEFINES = re.compile(r"^\W*(?:what|wh?at?)(?:'s| is| are|s)\b(?!.*\b(?:of|for|when|between|does|do)\b)", re.IGNORECASE)
FEW_WORDS = 3  # content words of a question that asks what something is
LISTS = re.compile(
    r"\b(?:which (?:\w+ ){0,2}?(?!does|is|has|was)\w{3,}s\b(?<!ss)"
    r"|list|all|every|each|types?|kinds?|classes|benefits?|advantages?|disadvantages?|pros|cons|reasons?"
    r"|ways|steps?|stages?|phases?|strategies|options|examples?|features|aspects|characteristics|drawbacks"
    r"|considerations|practices|different|what are|name the|how many|overview|summar\w+|everything)\b",
    re.IGNORECASE,
)
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
NEGATION = re.compile(r"\b(?:not|no|never|cannot|without|\w+n't)\b", re.IGNORECASE)

# Words that say what shape the answer should have, not what it is about.
SHAPE_WORDS = """
    difference differences different differ differs compare compared comparing comparison versus vs distinguish
    list lists example examples overview summary summarise summarize everything kind kinds type types basics
    basic concept idea quick quickly short brief briefly detail details detailed simple simply word words note
    notes wrote write written remind recap main point points exactly again relate related relation between
    question answer topic know learn understand
"""

Span = tuple[int, int]  # blocks first..last (end-exclusive)


@dataclass(frozen=True, slots=True)
class Quote:
    """The writer that needs no model: it only ever repeats the notes."""

    stems: Stems
    rarity: Weight  # of a stem in the notes, 0..1
    name: str = "quote"

    def write(self, prompt: Prompt) -> Iterator[str]:
        """Pieces of text, each a verbatim slice of a note followed by the mark of its source."""
        asked = _Asked(prompt.question, self.stems, self.rarity)
        between = ""
        for source, spans in _chosen(asked, prompt.sources):
            for span in spans:
                yield between + _piece(source, span)
                between = "\n\n"


@dataclass(frozen=True, slots=True)
class _Asked:
    """The question as the quoter reads it."""

    question: str
    stems: Stems
    rarity: Weight

    def of(self, source: Source) -> _Asked:
        """What is asked of one note, which may be a part of the question."""
        return replace(self, question=source.hit.part) if source.hit.part else self

    @property
    def words(self) -> frozenset[str]:
        return frozenset(self.stems(self.question))

    def focus(self, source: Source) -> frozenset[str]:
        """What the question asks beyond the note's title."""
        return self.words - frozenset(self.stems(source.note.question)) - frozenset(self.stems(SHAPE_WORDS))

    def weight(self, words: frozenset[str]) -> float:
        return sum(self.rarity(word) for word in words)

    def defines(self, source: Source) -> bool:
        """Whether the question asks what the note's topic is."""
        names_it = bool(self.words & frozenset(self.stems(source.note.question)))
        return names_it and len(self.words) <= FEW_WORDS and bool(DEFINES.match(self.question))

    @property
    def wants_list(self) -> bool:
        return bool(LISTS.search(self.question))

    @property
    def compares(self) -> bool:
        return bool(COMPARES.search(self.question))


def _chosen(asked: _Asked, sources: Sequence[Source]) -> Iterator[tuple[Source, list[Span]]]:
    """What to quote of which source, best source first."""
    if not sources:
        return
    first, *others = sources
    spans = _spans(asked.of(first), first)
    yield first, spans
    quoted = {first.number: [_text(first, span) for span in spans]}
    for other in others:
        said = [text for number in other.repeats for text in quoted.get(number, ())]
        found = _of_repeat(asked.of(other), other, said) if said else _of_another(asked, first, other)
        if found:
            quoted[other.number] = [_text(other, span) for span in found]
            yield other, found


def _of_repeat(asked: _Asked, other: Source, said: Sequence[str]) -> list[Span]:
    """What a second note on the same topic adds; if nothing, its best words, so that both are cited."""
    spans = _spans(asked, other)
    if spans != [(0, len(other.blocks))]:
        return [_best_span(other, spans[0])]
    pieces = [piece for span in spans for piece in _pieces(other, span)]
    new = [piece for piece in pieces if not any(_restates(asked, _text(other, piece), text) for text in said)]
    return _joined(new) if new else spans[:1] and [_best_span(other, spans[0])]


def _of_another(asked: _Asked, first: Source, other: Source) -> list[Span]:
    """Another note is quoted too where a part of the question is its own, or names it beside the first one.

    A word that the first note says as often names no other: a versioned bucket is no question on bucketing.
    """
    if other.hit.part:
        return _spans(asked.of(other), other)
    if other.hit.score < ANOTHER_NOTE * first.hit.score:
        return []
    title = frozenset(asked.stems(other.note.question))
    new = (title & asked.words) - frozenset(asked.stems(first.note.question))
    new = frozenset(word for word in new if _often(asked, other, word) > _often(asked, first, word))
    if not new or asked.weight(title & asked.words) < NAMED * asked.weight(title):
        return []
    return _spans(asked, other)


def _often(asked: _Asked, source: Source, word: str) -> int:
    """How many blocks of a note say a word."""
    return sum(word in asked.stems(block.text) for block in source.blocks)


# --- inside one note -----------------------------------------------------------------------------


def _spans(asked: _Asked, source: Source) -> list[Span]:
    """The smallest complete pieces of one note that answer, in the order of the note."""
    blocks = source.blocks
    whole = [(0, len(blocks))]
    focus = asked.focus(source)
    if not focus or asked.defines(source) or _words(source.note.answer) <= SHORT_NOTE:
        return whole
    ranked = _ranked(asked, source, focus)
    if not ranked:
        return whole
    if asked.compares and _is_paired(blocks):
        return _joined([_top_section(blocks, number) for number in _enough(asked, source, ranked, focus)])
    if asked.wants_list:
        return [_list_around(blocks, ranked[0][0])]
    return _joined([_section(source, number) for number in _enough(asked, source, ranked, focus)])


def _ranked(asked: _Asked, source: Source, focus: frozenset[str]) -> list[tuple[int, float]]:
    """The blocks that are no headings with their scores, best first."""
    scored = []
    for unit in source.hit.units:
        block = source.blocks[unit.block]
        said = frozenset(asked.stems(" ".join([*block.headings, block.text])))
        scored.append((unit.block, unit.score + FOCUS * len(focus & said) / len(focus)))
    return sorted(scored, key=lambda found: (-found[1], found[0]))


def _enough(asked: _Asked, source: Source, ranked: Sequence[tuple[int, float]], focus: frozenset[str]) -> list[int]:
    """The best block, and those near it that say what it leaves open."""
    best, score = ranked[0]
    chosen, left = [best], focus - _says(asked, source, best)
    for block, near in ranked[1:]:
        adds = left & _says(asked, source, block)
        if len(chosen) < MOST_BLOCKS and (near >= CLOSE * score or (adds and near >= ALSO * score)):
            chosen.append(block)
            left = left - adds
    return chosen


def _says(asked: _Asked, source: Source, number: int) -> frozenset[str]:
    block = source.blocks[number]
    return frozenset(asked.stems(" ".join([*block.headings, block.text])))


def _section(source: Source, number: int) -> Span:
    """A block with the heading that it stands under, and all that stands there, unless that is long."""
    blocks = source.blocks
    parent = blocks[number].parent
    if parent < 0:
        return number, _end_of(blocks, number)
    section = (parent, blocks[parent].subtree_end)
    if _words(_text(source, section)) <= LONGEST_SECTION:
        return section
    return (parent if parent == number - 1 else number), _end_of(blocks, number)


def _end_of(blocks: Sequence[Block], number: int) -> int:
    """Behind a block; behind its list, when the block only leads up to one: "such as:" says nothing alone."""
    end = number + 1
    if not _leads(blocks[number]):
        return end
    beside = [block.parent == blocks[number].parent for block in blocks]
    while end < len(blocks) and beside[end] and (_leads(blocks[end - 1]) or blocks[end].kind in MEMBERS):
        end = blocks[end].subtree_end
    return end


def _leads(block: Block) -> bool:
    return block.kind != "heading" and block.text.rstrip(" *_").endswith(":")


def _top_section(blocks: Sequence[Block], number: int) -> Span:
    while blocks[number].parent >= 0:
        number = blocks[number].parent
    return number, blocks[number].subtree_end


def _list_around(blocks: Sequence[Block], number: int) -> Span:
    """The whole list that a block belongs to: a part of a list is a wrong answer."""
    while number >= 0:
        parent = blocks[number].parent
        if _most_alike(blocks, parent) >= LIST_OF_AT_LEAST:
            return (parent, blocks[parent].subtree_end) if parent >= 0 else (0, len(blocks))
        number = parent
    return 0, len(blocks)


def _most_alike(blocks: Sequence[Block], parent: int) -> int:
    """How many blocks of one kind stand under a heading: a paragraph and two labels are no list."""
    kinds = Counter(blocks[number].kind for number in _children(blocks, parent))
    return max(kinds.values(), default=0)


def _children(blocks: Sequence[Block], parent: int) -> list[int]:
    return [number for number, block in enumerate(blocks) if block.parent == parent]


def _is_paired(blocks: Sequence[Block]) -> bool:
    """Whether sections set the same things against each other: Lambda and ECS under every heading."""
    inner = [block.text.strip() for block in blocks if block.kind == "heading" and block.parent >= 0]
    return any(inner.count(text) > 1 for text in inner)


def _pieces(source: Source, span: Span) -> list[Span]:
    """A span, cut into the sections directly inside it."""
    first, last = span
    pieces, number = [], first
    while number < last:
        block = source.blocks[number]
        groups = block.kind == "heading" and len(_children(source.blocks, number)) >= LIST_OF_AT_LEAST
        end = number + 1 if groups else min(block.subtree_end, last)
        if not (groups and end < last):
            pieces.append((number, end))
        number = end
    return pieces


def _best_span(source: Source, span: Span) -> Span:
    """The section of a span with the block that fits the question best."""
    inside = [unit.block for unit in source.hit.units if span[0] <= unit.block < span[1]]
    return _section(source, inside[0]) if inside else span


def _joined(spans: Sequence[Span]) -> list[Span]:
    """The spans in reading order; those that touch or overlap are one."""
    joined: list[Span] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def _restates(asked: _Asked, text: str, other: str) -> bool:
    """Whether a text says nothing that another one does not: its words, its numbers and its negations."""
    words, others = set(asked.stems(text)), set(asked.stems(other))
    if not words:
        return True
    same_numbers = set(NUMBER.findall(text)) <= set(NUMBER.findall(other))
    same_sense = bool(NEGATION.search(text)) <= bool(NEGATION.search(other))
    return len(words & others) / len(words) >= RESTATES and same_numbers and same_sense


# --- spans -> text -------------------------------------------------------------------------------


def _piece(source: Source, span: Span) -> str:
    """The slice and its mark; under code the mark gets a line of its own, to keep the code whole."""
    between = "\n" if source.blocks[span[1] - 1].kind == "code" else " "
    return f"{_text(source, span)}{between}[{source.number}]"


def _text(source: Source, span: Span) -> str:
    """The answer's slice from the first block to the last, blank lines and all."""
    first, last = source.blocks[span[0]], source.blocks[span[1] - 1]
    begin = source.note.answer_place.start
    return source.note.answer[first.place.start - begin : last.place.end - begin]


def _words(text: str) -> int:
    return len(text.split())
