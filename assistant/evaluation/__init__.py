"""Cases and a way to ask -> whether the answers got better or worse, and on which questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.evaluation.cases.gold import Corpus
from assistant.evaluation.cases.reading import Suite, read_suite, read_suites
from assistant.evaluation.cases.values import Case
from assistant.evaluation.reports.plain import table as _table
from assistant.evaluation.run import Ask, Result, Subject, run
from assistant.evaluation.summary import Summary, summarise

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "Ask",
    "Case",
    "Corpus",
    "Result",
    "Subject",
    "Suite",
    "Summary",
    "read_suite",
    "read_suites",
    "run",
    "summarise",
    "table",
]


def table(cases: Sequence[Case], ask: Ask, corpus: Corpus) -> str:
    """Ask every case and give the score table as plain text, misses last."""
    results = run(cases, Subject(ask, corpus))
    missed = [f"{each.case.id}: {each.case.ask} -> {'; '.join(each.faults)}" for each in results if each.faults]
    return _table(summarise(results)) + "\nnot passed:\n" + "\n".join(missed) + "\n"
