"""Notes in one string -> an index in memory, searched by counting words: for tests that need no disk."""

from __future__ import annotations

import numpy as np
from conftest import HashingEmbedder
from prompts import notes

from assistant import lexical, passages
from assistant.indexing.duplicates import find_same
from assistant.retrieval.confidence import Confidence, Logistic, Outcomes
from assistant.store import ExactStore, Joined
from assistant.types import PASSAGE_KINDS, Index

MODEL = HashingEmbedder(dimension=48)


def embed(texts):
    return MODEL.embed(texts)


def index_of(text_or_notes, embed=embed):
    """An `Index` as indexing makes it: rows of answered notes first, notes in reading order."""
    every = notes(text_or_notes) if isinstance(text_or_notes, str) else tuple(text_or_notes)
    made = [one for number, note in enumerate(every) for one in passages.split(number, note)]
    made.sort(key=lambda one: (not every[one.note].answered, one.note))
    words = lexical.build([lexical.document(note.question, note.answer) for note in every])
    titles = embed([note.question for note in every])
    return Index(
        generation="g1",
        notes=every,
        row_notes=np.array([one.note for one in made], np.int64),
        row_kinds=np.array([PASSAGE_KINDS.index(one.kind) for one in made], np.int64),
        row_blocks=np.array([one.block for one in made], np.int64),
        row_spans=np.array([(one.place.start, one.place.end) for one in made], np.int64),
        answered_rows=sum(every[one.note].answered for one in made),
        vectors=Joined.of(ExactStore.from_vectors(embed([one.text for one in made]))),
        words=words,
        same=find_same(every, titles, words.stems),
        warnings=(),
    )


def always(status):
    """A confidence that knows its outcome beforehand."""
    sure = Outcomes(_sure(status == "noted_unanswered"), 0.5, 0.5, _sure(status == "answered"), 0.5)
    return Confidence((sure,), {})


def _sure(yes):
    return Logistic((), (), (), (), 10.0 if yes else -10.0)
