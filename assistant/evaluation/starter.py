"""Anybody's notes -> a starter set of cases: their own question lines, misspelt, clipped, unanswered, and far off."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from assistant.evaluation.wording import SMALL_WORDS, fold, slug, stems, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.evaluation.cases.gold import Corpus
    from assistant.types import Note

SEED = 7
LONGEST_KEYWORDS = 4
SHORTEST_MISSPELT = 4  # letters; a shorter word with a typo is another word
FAR_OFF = (
    "who won the football world cup in 1998?",
    "what is the boiling point of mercury?",
    "how long should I boil an egg?",
    "which sea does the Danube flow into?",
    "how do I remove red wine from a carpet?",
    "which planet has the most moons?",
    "when did the Berlin wall fall?",
    "how do I tie a bowline knot?",
    "what does a marine biologist earn?",
    "how often should tomatoes be watered?",
    "what is the difference between a violin and a viola?",
    "who painted the girl with a pearl earring?",
    "how do I renew a passport?",
    "what is a good stretch for lower back pain?",
    "how deep is the Mariana trench?",
    "which wine goes with grilled fish?",
    "how do I change a bicycle tyre?",
    "what causes the northern lights?",
    "how many strings does a harp have?",
    "what is the plot of Hamlet?",
)


def starter(corpus: Corpus, same: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    """The cases as data, the same every time for the same notes; `same` gives each note's duplicates.

    Off-topic questions whose words the notes hold are left out: they might not be off-topic here.
    """
    chance = random.Random(SEED)  # noqa: S311  (misspellings, not secrets)
    taken = {f"ask {' '.join(words(note.question))}" for note in corpus.notes}
    found = [_note_case(note, corpus, same, chance, taken) for note in _askable(corpus)]
    held = frozenset(stem for note in corpus.notes for stem in stems(f"{note.question} {note.answer}"))
    far = [text for text in FAR_OFF if not _touches(text, held)]
    return found + [_far_case(text, taken) for text in far]


def _askable(corpus: Corpus) -> list[Note]:
    """The notes whose question line says something, each wording once."""
    kept: dict[tuple[str, ...], Note] = {}
    for note in corpus.notes:
        if words(note.question):
            kept.setdefault(tuple(words(note.question)), note)
    return list(kept.values())


def _note_case(
    note: Note, corpus: Corpus, same: Mapping[str, Sequence[str]], chance: random.Random, taken: set[str]
) -> dict[str, Any]:
    alike = [
        other for name in same.get(note.id, ()) if (other := corpus.note(name)) and other.answered == note.answered
    ]
    twins = [other for other in corpus.notes if fold(other.question) == fold(note.question) and other != note]
    right = dict.fromkeys(each.id for each in (note, *alike, *twins) if each.answered == note.answered)
    return {
        "id": _free(f"self-{slug(note.question)}", taken),
        "ask": " ".join(note.question.split()),
        "variants": _variants(note.question, chance, taken),
        "expect": "answer" if note.answered else "noted_unanswered",
        "notes": {"any_of": list(right)},
        "tags": ["title_echo"] if note.answered else ["title_echo", "unanswered_in_notes"],
        "origin": "generated",
    }


def _far_case(text: str, taken: set[str]) -> dict[str, Any]:
    name = _free(f"self-far-{slug(text)}", taken)
    return {"id": name, "ask": text, "expect": "not_in_notes", "tags": ["far_off_topic"], "origin": "generated"}


def _variants(question: str, chance: random.Random, taken: set[str]) -> list[dict[str, str]]:
    """Its other wordings; one that another note has as well could not be told apart."""
    found = []
    for kind, text in (("typo", _misspelt(question, chance)), ("keyword", _clipped(question))):
        if text and (asked := f"ask {' '.join(words(text))}") not in taken:
            taken.add(asked)
            found.append({kind: text})
    return found


def _misspelt(question: str, chance: random.Random) -> str | None:
    """The question with one letter wrong in its longest word, as fingers slip: swapped, dropped or doubled."""
    parts = question.lower().split()
    place = max(range(len(parts)), key=lambda at: (len(parts[at]), -at), default=-1)
    word = parts[place] if parts else ""
    if len(word) < SHORTEST_MISSPELT or not word.isalpha():
        return None
    at = chance.randrange(1, len(word) - 1)
    slips = (
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
    )
    wrong = [slip for slip in slips if slip != word]
    parts[place] = chance.choice(wrong)
    return " ".join(parts)


def _clipped(question: str) -> str | None:
    """The question as typed into a search box: its first content words."""
    every = words(question)
    kept = [word for word in every if word not in SMALL_WORDS][:LONGEST_KEYWORDS]
    return " ".join(kept) if kept and len(kept) < len(every) else None


def _touches(text: str, held: frozenset[str]) -> bool:
    return any(stem in held for word in words(text) if word not in SMALL_WORDS for stem in stems(word))


def _free(name: str, taken: set[str]) -> str:
    number = 1
    while (unique := name if number == 1 else f"{name}-{number}") in taken:
        number += 1
    taken.add(unique)
    return unique
