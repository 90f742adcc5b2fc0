"""The frozen values that pass from room to room; every stage gives a new one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]
    Integers = NDArray[np.int64]

State = Literal["answered", "unanswered", "stub"]
Status = Literal["answered", "noted_unanswered", "not_in_notes"]
PassageKind = Literal["title", "unit", "window", "bare"]
PASSAGE_KINDS: tuple[PassageKind, ...] = ("title", "unit", "window", "bare")
BlockKind = Literal["heading", "label", "item", "paragraph", "code"]

ANSWERED: Status = "answered"
NOTED_UNANSWERED: Status = "noted_unanswered"
NOT_IN_NOTES: Status = "not_in_notes"


# --- notes -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    r"""Where a text stands: lines are 1-based and inclusive, offsets 0-based and end-exclusive.

    Lines are counted as an editor counts them (`\\n` only); offsets count characters of the decoded
    file, whose line ends are kept as they are and whose byte order mark is not part of the text.
    """

    path: str
    first_line: int
    last_line: int
    start: int
    end: int

    def __str__(self) -> str:
        lines = f"{self.first_line}" if self.first_line == self.last_line else f"{self.first_line}-{self.last_line}"
        return f"{self.path}:{lines}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One question as it stands in a file, before it has a name.

    `question` is the question line without its marker, `answer` the verbatim slice
    `text[answer_place.start:answer_place.end]` without blank edges (empty when there is none),
    `place` the whole entry from the question line to the last line of the answer, and
    `question_place` the lines of the question alone, which read `asked`, marker and all.
    """

    question: str
    answer: str
    state: State
    place: Place
    question_place: Place
    answer_place: Place
    asked: str


@dataclass(frozen=True, slots=True)
class Note:
    """An entry with the id that people and scripts call it by."""

    id: str
    question: str
    answer: str
    state: State
    place: Place
    question_place: Place
    answer_place: Place
    asked: str

    @property
    def answered(self) -> bool:
        return self.state == "answered"


@dataclass(frozen=True, slots=True)
class Loose:
    """Text that belongs to no entry: kept, never searched, reported with its lines."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class NotesFile:
    """One file, decoded and read: `entries` and `loose` together hold every line that is not blank.

    `format` names the row of the table of readers that was taken and `reading` says why, in words
    for a person. `warnings` are what the person should know (bytes replaced, two readings possible).
    """

    path: str
    sha256: str
    encoding: str
    format: str
    reading: str
    entries: tuple[Entry, ...]
    loose: tuple[Loose, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not read, and why."""

    path: str
    reason: str


# --- passages ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Block:
    """A complete piece of an answer: what may be quoted on its own without losing its meaning.

    `headings` are the heading lines above it, outermost first; `parent` is the position of the
    heading block that it stands under (-1 at the top), `depth` how many of them there are.
    `place` covers the block alone; `subtree_end` is the position after its last descendant.
    """

    kind: BlockKind
    text: str
    place: Place
    headings: tuple[str, ...]
    parent: int
    subtree_end: int

    @property
    def depth(self) -> int:
        return len(self.headings)


@dataclass(frozen=True, slots=True)
class Pieces:
    """The word pieces of a text as the model reads them: rows of length 1, shape (pieces, dimension).

    `spans` are the characters that each piece stands for. What the model read beyond its window is missing.
    """

    states: Matrix
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A text to embed and the place that it speaks for: row i of the store is passage i.

    `text` is what the model reads (title and heading carried along); `block` is the position of
    the block among the note's blocks (-1 for titles and windows).
    """

    note: int
    kind: PassageKind
    text: str
    place: Place
    block: int


# --- the index, as retrieval sees it -----------------------------------------------------------


class Notes(Protocol):
    """All notes in reading order, each of which may be made when it is asked for."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Note]: ...

    def __getitem__(self, position: int, /) -> Note: ...


class VectorStore(Protocol):
    """Rows and scores only; meaning stays with the passages."""

    def __len__(self) -> int: ...

    def search(self, vector: Matrix, limit: int, first: int = 0, last: int | None = None) -> tuple[Integers, Matrix]:
        """The best rows among first..last (end-exclusive) by inner product, best first, ties by row."""
        ...

    def vectors(self, rows: Sequence[int] | Integers | None = None) -> Matrix:
        """The vectors of these rows, or of all, in that order."""
        ...


class WordIndex(Protocol):
    """Which notes hold a question's words, and how the notes spell them."""

    def stem(self, word: str) -> str:
        """The stem of a word, or of the word that the notes misspell this way."""
        ...

    def stems(self, text: str) -> list[str]:
        """The stems of a text's content words, each once."""
        ...

    def scores(self, words: Sequence[str]) -> Matrix:
        """BM25 of every note (position = position in `Index.notes`), shape (notes,)."""
        ...

    def weight(self, word: str) -> float:
        """How rare the stemmed word is in the notes, 0 (in every note) to 1 (in none)."""
        ...

    def holds(self, word: str, note: int) -> bool:
        """Whether the note has the stemmed word."""
        ...

    def knows(self, word: str) -> bool:
        """Whether the notes spell a word this way."""
        ...

    def suggest(self, word: str) -> tuple[str, float] | None:
        """What a misspelt word was meant to be and the similarity 0..1; None for a word that is known."""
        ...

    def suggestions(self, word: str) -> tuple[str, ...]:
        """All that a misspelt word may have been meant to be, the likeliest first; nothing for a known word."""
        ...


@dataclass(frozen=True, slots=True)
class Index:
    """One generation, open and verified: immutable, so a running answer finishes on what it began with.

    Rows `0..answered_rows` of the store belong to answered notes, the rest are the titles of
    questions without an answer. `row_notes[i]` is the position in `notes` of the note of
    row i (ascending within each part), `row_kinds[i]` its position in PASSAGE_KINDS, `row_blocks[i]` its block.
    """

    generation: str
    notes: Notes
    row_notes: Integers
    row_kinds: Integers
    row_blocks: Integers
    row_spans: Integers
    answered_rows: int
    vectors: VectorStore
    words: WordIndex
    same: dict[str, tuple[str, ...]]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IndexSummary:
    """What `assistant index` did; `embedded` counts the passages that had to be embedded anew."""

    files: int
    notes: int
    answered: int
    unanswered: int
    duplicates: int
    passages: int
    embedded: int
    seconds: float
    changed: bool
    warnings: tuple[str, ...]
    skipped: tuple[Skipped, ...]


# --- retrieval ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UnitScore:
    """How well one block of a note fits the question (-1..1)."""

    block: int
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A note found, its score (higher is better) and its best blocks, best first.

    `part` is the part of the question that it was found for; empty when it was found for the whole.
    """

    note: Note
    score: float
    units: tuple[UnitScore, ...]
    part: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What the notes hold on a question: `status` is the outcome, `confidence` (0..1) that it is right to answer.

    `read_as` is the question after repair or rewriting, None when it was taken as written.
    `hits` holds each note once, best first; for `noted_unanswered` the unanswered note is first.
    `signals` are the numbers that the confidence was computed from.
    """

    question: str
    read_as: str | None
    status: Status
    confidence: float
    hits: tuple[Hit, ...]
    signals: dict[str, float]


# --- answering ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Source:
    """A note as a writer sees it: its number in the prompt, its blocks, and what of it fits the question.

    `repeats` are the numbers of earlier sources of the same prompt on the same topic.
    """

    number: int
    hit: Hit
    blocks: tuple[Block, ...]
    repeats: tuple[int, ...] = ()

    @property
    def note(self) -> Note:
        return self.hit.note


@dataclass(frozen=True, slots=True)
class Tokens:
    """Counted tokens of one answer; `estimated` when no exact count was to be had."""

    prompt: int = 0
    completion: int = 0
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Prompt:
    """All that a writer may use. `left_out` are the notes that did not fit the budget of tokens."""

    question: str
    sources: tuple[Source, ...]
    system: str
    user: str
    tokens: Tokens
    left_out: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """How a text ended: `complete` when the server said that it finished; tokens of 0 were not reported."""

    complete: bool
    tokens: Tokens
    warnings: tuple[str, ...] = ()


class Writer(Protocol):
    """Turns a prompt into a text with `[n]` marks that name its sources: a quoter or a language model."""

    @property
    def name(self) -> str:
        """`quote`, or `provider:model`."""
        ...

    def write(self, prompt: Prompt) -> Iterator[str | Written]:
        """The pieces of the text, as they come; a language model says last how it ended.

        A writer that says nothing about its end is complete when it ends. Raises WriterError.
        """
        ...


@dataclass(frozen=True, slots=True)
class Citation:
    """A mark of the answer and the exact words of the note behind it: `quote` is the file's slice at `place`."""

    number: int
    note_id: str
    note: str
    place: Place
    quote: str


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A sentence of the answer (offsets in `Answer.text`) that the notes do not bear out."""

    sentence: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A writer's text after the citation check: numbered citations, marks that hold, sentences that do not."""

    text: str
    citations: tuple[Citation, ...]
    unsupported: tuple[Unsupported, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a conversation."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person gets. `fault` is the error that made the quoted answer step in for the model, or None."""

    question: str
    read_as: str | None
    status: Status
    confidence: float
    text: str
    complete: bool
    writer: str
    warnings: tuple[str, ...]
    unsupported: tuple[Unsupported, ...]
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    closest: tuple[Note, ...]
    tokens: Tokens
    retrieve_ms: float
    write_ms: float
    fault: Exception | None
