"""Suites and their notes -> what is wrong with the cases themselves: stale, leaking, one-sided or too few."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Literal

from assistant.evaluation.cases.gold import COUNTED, bind
from assistant.evaluation.summary import SMALLEST_SLICE
from assistant.evaluation.wording import fold, likeness, says, words
from assistant.plurals import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assistant.evaluation.cases.gold import Corpus, Gold
    from assistant.evaluation.cases.reading import Suite
    from assistant.evaluation.cases.values import Case

Level = Literal["error", "warning"]
LEAK = 0.9  # likeness of two wordings in different splits
TELLING = 5  # words that a wording needs before it can be recognised somewhere else
MOST_ECHOES = 0.15
FEWEST_UNANSWERABLE = 0.30


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, and where: `path:line` of a case, or the name of a suite."""

    level: Level
    where: str
    text: str

    def __str__(self) -> str:
        return f"{self.where}: {self.level}: {self.text}"


def lint(suite: Suite, corpus: Corpus, texts: Mapping[str, str]) -> list[Finding]:
    """Everything found in a suite; `texts` are prompts, code and test files by path, in which no case may stand."""
    found = [*_each(suite, corpus), *_twice(suite), *_leaks(suite), *_seen(suite, texts), *_shape(suite)]
    return sorted(found, key=lambda each: (each.level, each.where, each.text))


# --- one case ------------------------------------------------------------------------------------


def _each(suite: Suite, corpus: Corpus) -> Iterator[Finding]:
    titles = {fold(note.question).rstrip(" ?") for note in corpus.notes}
    for case in suite.cases:
        gold = bind(case, corpus)
        if "#" not in case.id:
            yield from (Finding("error", case.where, f"{case.id}: {problem}") for problem in gold.problems)
            yield from _doubts(gold)
        if fold(case.ask).rstrip(" ?") in titles and "title_echo" not in case.tags:
            yield Finding("warning", case.where, f"{case.id} is a question line of the notes: tag it title_echo")


def _doubts(gold: Gold) -> Iterator[Finding]:
    case = gold.case
    if not case.answerable:
        return
    if not case.evidence and COUNTED not in case.tags:
        yield Finding("warning", case.where, f"{case.id} has no evidence")
    for evidence in case.evidence:
        notes = [gold.corpus.note(name) for name in gold.corpus.named(evidence.note)]
        if any(note and note.answer.count(evidence.quote) > 1 for note in notes):
            yield Finding("warning", case.where, f"{case.id}: “{evidence.quote}” stands in its note more than once")
    answers = "\n".join(note.answer for name in gold.grades if (note := gold.corpus.note(name)))
    for nugget in case.nuggets:
        phrases = (nugget.say, *nugget.any_of, *nugget.all_of)
        if not nugget.regex and answers and not any(says(answers, phrase) for phrase in phrases):
            yield Finding("warning", case.where, f"{case.id}: no note says “{nugget.say}” in any of its wordings")


# --- cases among each other ----------------------------------------------------------------------


def _twice(suite: Suite) -> Iterator[Finding]:
    first: dict[tuple[str, ...], Case] = {}
    for case in suite.cases:
        wording = (*(turn.content for turn in case.history), *words(case.ask))
        if wording in first:
            yield Finding("error", case.where, f"{case.id} asks the same as {first[wording].id}")
        first.setdefault(wording, case)


def _leaks(suite: Suite) -> Iterator[Finding]:
    """A held-out question that a dev question nearly repeats is not held out."""
    long_enough = [case for case in suite.cases if len(set(words(case.ask))) >= TELLING and not case.history]
    for one, other in combinations(long_enough, 2):
        if one.split != other.split and likeness(one.ask, other.ask) >= LEAK:
            yield Finding("error", other.where, f"{other.id} ({other.split}) nearly repeats {one.id} ({one.split})")


def _seen(suite: Suite, texts: Mapping[str, str]) -> Iterator[Finding]:
    folded = {path: " ".join(words(text)) for path, text in texts.items()}
    for case in suite.cases:
        wording = words(case.ask)
        if len(wording) < TELLING or "title_echo" in case.tags:  # a question line stands in the notes themselves
            continue
        for path, text in folded.items():
            if " ".join(wording) in text:
                yield Finding("error", case.where, f"{case.id} stands word for word in {path}")


# --- the whole suite -----------------------------------------------------------------------------


def _shape(suite: Suite) -> Iterator[Finding]:
    clusters = {case.cluster: case for case in suite.cases}
    unanswerable = sum(not case.answerable for case in clusters.values())
    if unanswerable < FEWEST_UNANSWERABLE * len(clusters):
        share = f"{unanswerable} of {counted(len(clusters), 'need')} cannot be answered"
        yield Finding("warning", suite.name, f"{share}; fewer than {FEWEST_UNANSWERABLE:.0%} say little about refusing")
    echoes = sum("title_echo" in case.tags for case in clusters.values())
    if echoes > MOST_ECHOES * len(clusters):
        easy = counted(len(clusters), "need echoes", "needs echo")
        yield Finding("warning", suite.name, f"{echoes} of {easy} a question line, which is easy")
    sizes = Counter(tag for tag, _ in {(tag, case.cluster) for case in suite.cases for tag in case.tags})
    for tag, count in sorted(sizes.items()):
        if count < SMALLEST_SLICE:
            size = f"the slice {tag} has {counted(count, 'need')}"
            yield Finding("warning", suite.name, f"{size}; {SMALLEST_SLICE} say something")


def failed(findings: Sequence[Finding], *, strict: bool) -> bool:
    """Whether anything has to be mended."""
    return any(each.level == "error" for each in findings) or (strict and bool(findings))
