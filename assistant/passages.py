"""A note -> its blocks (what may be quoted) -> its passages (what is embedded)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from assistant.types import Block, BlockKind, Note, Passage, Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

VERSION = "passages-2"
LONGEST_WINDOW = 110  # words; MiniLM reads 256 word pieces and drops the rest without a word
WINDOW_STEP = 70  # words; what one window cuts apart stands whole in the next
LONGEST_HEADING = 12  # words; a longer line that ends with a colon is a sentence
LONGEST_LABEL = 8  # words

FENCE = re.compile(r"\s*(```|~~~)")
HASHES = re.compile(r"\s{0,3}(#{1,6})\s+\S")
NUMBERED = re.compile(r"\s*\(?\d{1,3}[.)]\s+(?P<rest>\S.*)")
BULLET = re.compile(r"\s*[-*•+–]\s+(?P<rest>\S.*)")
LABEL = re.compile(r"\s*(?P<label>[^\s:](?:[^:]|:(?!\s))*?):\s+\S")
SENTENCE_END = re.compile(r"[.!?][\"'”’)\]]*\s*$")
SENTENCE_START = re.compile(r"(?<=[.!?])[\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9])")
CODE = re.compile(
    r"""\s*(?:
        [\w.\[\]'"]+\s*(?:=|\+=|-=|:=)\s*\S            # a = 1
      | (?:def|class|import|from|for|while|if|elif|except|with|return|print|async|await)\b.*[()=\[\]<>"'].*
      | (?:class\s+\w+|for\s+\w+\s+in\s+\w+|while\s+\w+|else|try|finally)\s*:\s*$
      | @\w[\w.]*(?:\(.*\))?\s*$                       # @decorator
      | (?:>>>|\$)\s\S.*                               # a prompt
      | [\w.]+\([^)]*\)\s*(?:\#.*)?;?\s*$              # call(x)
      | (?:SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP)\s+\S.*
      | [{}]\s*;?\s*$
    )""",
    re.VERBOSE,
)
PROSE = re.compile(r"[a-z]{2,}(?:,?\s+[a-z]{2,}){3,}")

# Ranks of headings, outermost first: a heading closes all that stand at its rank or deeper.
NUMBERED_RANK, GROUP_RANK, PLAIN_RANK = 7, 8, 9


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    start: int  # offset in the answer
    number: int  # of the line in the answer, from 0
    after_blank: bool


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of lines of one kind; `rank` is 0 for what is no heading."""

    kind: BlockKind
    lines: tuple[_Line, ...]
    rank: int

    @property
    def first(self) -> _Line:
        return self.lines[0]


def split(position: int, note: Note) -> tuple[Passage, ...]:
    """The passages of the note at `position`: its title, and of an answered note its units and windows."""
    title = Passage(position, "title", note.question, note.question_place, -1)
    if not note.answered:
        return (title,)
    every = blocks(note)
    units = (_unit(position, note, number, block) for number, block in enumerate(every) if block.kind != "heading")
    bare = (_bare_unit(position, number, block) for number, block in enumerate(every) if block.kind != "heading")
    windows = (_window(position, note, start, end) for start, end in _windows(note.answer))
    return (title, *units, *bare, *windows)


def blocks(note: Note) -> tuple[Block, ...]:
    """The answer as a tree in reading order: every line that is not blank is in exactly one block."""
    pieces = _ranked(_pieces(_lines(note.answer)))
    built: list[Block] = []
    open_headings: list[tuple[int, int]] = []  # (rank, position)
    for piece in pieces:
        _close(open_headings, piece, built)
        parent = open_headings[-1][1] if open_headings else -1
        built.append(_block(note, piece, built, parent))
        if piece.rank:
            open_headings.append((piece.rank, len(built) - 1))
    return _with_ends(built)


def sentences(text: str) -> list[tuple[int, int]]:
    """Where each sentence of a text starts and ends; dots inside identifiers and numbers end nothing."""
    starts = [0, *(found.end() for found in SENTENCE_START.finditer(text)), len(text)]
    spans = ((start, start + len(text[start:end].rstrip())) for start, end in pairwise(starts))
    return [(start, end) for start, end in spans if end > start]


# --- lines -> pieces -----------------------------------------------------------------------------


def _lines(answer: str) -> list[_Line]:
    found: list[_Line] = []
    start, after_blank = 0, False
    for number, text in enumerate(answer.split("\n")):
        if text.strip():
            found.append(_Line(text, start, number, after_blank))
        after_blank = not text.strip()
        start += len(text) + 1
    return found


def _pieces(lines: Sequence[_Line]) -> list[_Piece]:
    pieces: list[_Piece] = []
    fence: str | None = None
    for line in lines:
        found = FENCE.match(line.text)
        mark = found[1] if found else ""
        if fence is not None:
            pieces[-1] = _grown(pieces[-1], line)
            fence = None if mark == fence else fence
        elif mark:
            fence = mark
            pieces.append(_Piece("code", (line,), 0))
        else:
            _add(pieces, line)
    return pieces


def _add(pieces: list[_Piece], line: _Line) -> None:
    kind, rank = _kind(line.text)
    if pieces and _continues(pieces[-1], line, kind):
        pieces[-1] = _grown(pieces[-1], line)
    else:
        pieces.append(_Piece(kind, (line,), rank))


def _kind(text: str) -> tuple[BlockKind, int]:
    hashes = HASHES.match(text)
    if hashes:
        return "heading", len(hashes[1])
    numbered, bullet = NUMBERED.match(text), BULLET.match(text)
    if numbered:
        return ("heading", NUMBERED_RANK) if _heads(numbered["rest"]) else ("item", 0)
    if bullet:
        return ("heading", PLAIN_RANK) if _heads(bullet["rest"]) else ("item", 0)
    if _is_code(text):
        return "code", 0
    if _heads(text):
        return "heading", PLAIN_RANK
    return ("label", 0) if _labels(text) else ("paragraph", 0)


def _heads(text: str) -> bool:
    bare = text.strip().strip("*_").rstrip()
    return bare.endswith(":") and len(bare.split()) <= LONGEST_HEADING


def _labels(text: str) -> bool:
    found = LABEL.match(text)
    if found is None:
        return False
    return len(found["label"].split()) <= LONGEST_LABEL and not SENTENCE_END.search(found["label"])


def _is_code(text: str) -> bool:
    if text.startswith(("    ", "\t")) and not PROSE.search(text):
        return True
    return bool(CODE.match(text)) and not (
        PROSE.search(text.split("#", maxsplit=1)[0]) and not text.rstrip().endswith((";", ":", "{", ")"))
    )


def _continues(piece: _Piece, line: _Line, kind: BlockKind) -> bool:
    """Whether a line belongs to the piece before it: code to code, a wrapped sentence to its beginning."""
    if piece.kind == "code":
        return kind == "code"
    if piece.rank or line.after_blank or kind != "paragraph":
        return False
    indented_under_item = piece.kind == "item" and line.text[:1] in " \t"
    return indented_under_item or not SENTENCE_END.search(piece.lines[-1].text)


def _grown(piece: _Piece, line: _Line) -> _Piece:
    return replace(piece, lines=(*piece.lines, line))


# --- pieces -> tree ------------------------------------------------------------------------------


def _ranked(pieces: Sequence[_Piece]) -> list[_Piece]:
    """A plain heading with nothing but headings or labels below it groups them."""
    ranked = list(pieces)
    for position, (piece, following) in enumerate(pairwise(pieces)):
        if piece.rank == PLAIN_RANK and (following.kind == "label" or following.rank >= PLAIN_RANK):
            ranked[position] = replace(piece, rank=GROUP_RANK)
    return ranked


def _close(open_headings: list[tuple[int, int]], piece: _Piece, built: Sequence[Block]) -> None:
    """Leave the headings that the piece does not stand under."""
    while piece.rank and open_headings and open_headings[-1][0] >= piece.rank:
        open_headings.pop()
    if piece.rank >= GROUP_RANK and open_headings and _has_own_text(open_headings[-1], built):
        open_headings.pop()


def _has_own_text(heading: tuple[int, int], built: Sequence[Block]) -> bool:
    """A numbered heading followed by its own text has no sub-headings: what comes next stands beside it."""
    rank, position = heading
    return rank == NUMBERED_RANK and len(built) > position + 1 and built[position + 1].kind != "heading"


def _block(note: Note, piece: _Piece, built: Sequence[Block], parent: int) -> Block:
    headings = (*built[parent].headings, _bare(built[parent].text)) if parent >= 0 else ()
    first, last = piece.lines[0], piece.lines[-1]
    start = first.start + _indent(piece)
    end = last.start + len(last.text.rstrip())
    text = note.answer[start:end]
    place = Place(
        note.answer_place.path,
        note.answer_place.first_line + first.number,
        note.answer_place.first_line + last.number,
        note.answer_place.start + start,
        note.answer_place.start + end,
    )
    return Block(piece.kind, text, place, headings, parent, -1)


def _indent(piece: _Piece) -> int:
    """Code keeps the indentation of its first line, everything else starts at its first letter."""
    text = piece.first.text
    return 0 if piece.kind == "code" else len(text) - len(text.lstrip())


def _bare(heading: str) -> str:
    """A heading without its marks: `2. Cost Efficiency:` says 'Cost Efficiency'."""
    numbered = NUMBERED.match(heading) or BULLET.match(heading)
    return (numbered["rest"] if numbered else heading).strip().strip("#*_ ").rstrip(":* ")


def _with_ends(built: Sequence[Block]) -> tuple[Block, ...]:
    ends = list(range(1, len(built) + 1))
    for position in range(len(built) - 1, -1, -1):
        parent = built[position].parent
        if parent >= 0:
            ends[parent] = max(ends[parent], ends[position])
    return tuple(replace(block, subtree_end=end) for block, end in zip(built, ends, strict=True))


# --- pieces -> passages --------------------------------------------------------------------------


def _unit(position: int, note: Note, number: int, block: Block) -> Passage:
    return Passage(position, "unit", unit_text(note, block), block.place, number)


def unit_text(note: Note, block: Block) -> str:
    """What the model reads of a block: the note's title and the block's headings carried along."""
    return _carried(note.question, *block.headings, block.text)


def _bare_unit(position: int, number: int, block: Block) -> Passage:
    """The block's own words: a title that says something else must not drown them."""
    return Passage(position, "bare", block.text, block.place, number)


def _carried(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _window(position: int, note: Note, start: int, end: int) -> Passage:
    place = within(note.answer_place, note.answer, start, end)
    return Passage(position, "window", window_text(note, place.start, place.end), place, -1)


def window_text(note: Note, start: int, end: int) -> str:
    """What the model reads of the window that stands at these offsets of the file."""
    begin = note.answer_place.start
    return _carried(note.question, note.answer[start - begin : end - begin])


def _windows(answer: str) -> Iterator[tuple[int, int]]:
    """Overlapping stretches of the answer, whole words, at most `LONGEST_WINDOW` of them."""
    words = [found.span() for found in re.finditer(r"\S+", answer)]
    for first in range(0, max(1, len(words) - (LONGEST_WINDOW - WINDOW_STEP)), WINDOW_STEP):
        taken = words[first : first + LONGEST_WINDOW]
        yield taken[0][0], taken[-1][1]


def within(place: Place, text: str, start: int, end: int) -> Place:
    """The place of `text[start:end]`, where `text` stands at `place`."""
    first = place.first_line + text.count("\n", 0, start)
    last = first + text.count("\n", start, max(start, end - 1))
    return Place(place.path, first, last, place.start + start, place.start + end)
