"""One case, its answer now and before -> what is right and wrong with it, in full, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.evaluation.metrics import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.evaluation.run import Result
    from assistant.evaluation.stored import Kept


def explain(result: Result, before: Kept | None) -> str:
    """Everything that is known of one case, line by line."""
    return "\n".join(
        line for part in (_case(result), _answer(result), _scores(result, before), _old(before)) for line in part
    )


def _case(result: Result) -> Iterator[str]:
    case = result.case
    yield f"{case.id}  ({case.where}, {case.split}{', must pass' if case.must_pass else ''})"
    yield from (f"  {turn.role} before: {turn.content}" for turn in case.history)
    yield f"  asked:    {case.ask}"
    names = (" and " if case.every else " or ").join(name for name, _ in case.notes)
    yield f"  expected: {case.expect}{f' from {names}' if names else ''}"
    yield from (f"  evidence: {span.path} {span.start}-{span.end}: {span.text}" for span in result.gold.spans)
    yield from (f"  {'vital' if each.vital else 'okay'} fact: {each.say}" for each in case.nuggets)
    yield from (f"  forbidden: {phrase}" for phrase in case.forbid)


def _answer(result: Result) -> Iterator[str]:
    answer = result.answer
    yield ""
    if answer is None:
        yield f"no answer: {result.error}"
        return
    repaired = f", read as “{answer.read_as}”" if answer.read_as else ""
    yield f"got {answer.status}, confidence {answer.confidence:.3f}, by {answer.writer}{repaired}"
    yield from (f"  {rank}. {hit.note.question}  {hit.score:.4f}" for rank, hit in enumerate(answer.hits, 1))
    yield from (f"  | {line}" for line in answer.text.split("\n"))
    yield from (f"  [{each.number}] {each.note}, {each.place}: {each.quote}" for each in answer.citations)
    yield "everything about it is right" if not result.faults else f"wrong: {'; '.join(result.faults)}"


def _scores(result: Result, before: Kept | None) -> Iterator[str]:
    yield ""
    for score in result.scores:
        old = before.metrics.get(score.metric) if before else None
        now = "-" if score.value is None else f"{score.value:.4f}"
        was = f"  (before {old:.4f})" if old is not None and now != f"{old:.4f}" else ""
        yield f"  {score.metric:20} {now:>9}{was}  {BY_NAME[score.metric].meaning}"


def _old(before: Kept | None) -> Iterator[str]:
    if before is not None:
        yield ""
        yield f"before: {before.status}, confidence {before.confidence:.3f}, first {before.first}"
        yield from (f"  | {line}" for line in before.text.split("\n"))
