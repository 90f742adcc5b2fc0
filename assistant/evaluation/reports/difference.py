"""Two runs beside each other -> text: what moved, and which questions turned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.plurals import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.evaluation.gate import Flip, Verdict


def difference(verdict: Verdict) -> str:
    """The report; held-out questions are counted and not named."""
    return "\n".join(_lines(verdict)) + "\n"


def _lines(verdict: Verdict) -> Iterator[str]:
    yield from (f"note: {each.text}" for each in verdict.findings)
    for each in verdict.comparisons:
        interval = f"[{each.low:+.3f}, {each.high:+.3f}]"
        better = "better" if each.difference > 0 else "worse" if each.difference < 0 else "same"
        yield f"{each.metric:20} {each.before:.4f} -> {each.now:.4f}  {better:6} {interval}  p {each.corrected:.3f}"
    for title, lost in (("lost", True), ("won", False)):
        flips = [flip for flip in verdict.flips if flip.lost == lost]
        hidden = sum(flip.now.split == "heldout" for flip in flips)
        yield f"{title}: {counted(len(flips) - hidden, 'question')}" + (f" and {hidden} held out" if hidden else "")
        yield from (line for flip in flips if flip.now.split != "heldout" for line in _flip(flip))
    for kind, names in (("new", verdict.new), ("edited", verdict.edited), ("gone", verdict.gone)):
        yield from ([f"{kind}: {len(names)}"] if names else [])


def _flip(flip: Flip) -> Iterator[str]:
    yield f"  {flip.now.id}{' (must pass)' if flip.pinned else ''}: {flip.now.ask}"
    why = "; ".join(flip.now.faults if flip.lost else flip.before.faults)
    yield f"    {flip.before.status}, {flip.before.first} -> {flip.now.status}, {flip.now.first}; {why}"
