"""The numbers before titles -> which of them count questions, and which count the parts of one answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.notes.elements import Element

HALF = 0.5


def is_next(before: str, after: str) -> bool:
    """Whether a number follows another ("7" after "6")."""
    return before.isdecimal() and after.isdecimal() and int(after) == int(before) + 1


def inner_runs(group: Sequence[Element]) -> set[int]:
    """The lines of numbered headings that count the parts of one answer at the questions' own level.

    Such a run begins at 1 after question n and is followed by question n+1, which it did not reach itself.
    """
    numbered = [one for one in group if one.number.isdigit()]
    inner: set[int] = set()
    position = 1
    while position < len(numbered):
        before = int(numbered[position - 1].number)
        run = _run(numbered, position) if numbered[position].number == "1" and before >= 1 else []
        behind = position + len(run)
        resumes = run and behind < len(numbered) and int(numbered[behind].number) == before + 1
        if resumes and sum(one.asks for one in run) <= HALF * len(run):
            inner.update(one.line for one in run)
        position = behind if run else position + 1
    return inner


def _run(numbered: Sequence[Element], position: int) -> list[Element]:
    """The headings that count on from 1 here, up to one that asks and goes on with the questions before."""
    before = numbered[position - 1].number
    run = [numbered[position]]
    for place in range(position + 1, len(numbered)):
        one = numbered[place]
        resumes = is_next(before, one.number) and one.asks and not any(part.asks for part in run)
        if resumes or int(one.number) != len(run) + 1:
            break
        run.append(one)
    return run
