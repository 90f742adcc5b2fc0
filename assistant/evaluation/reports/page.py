"""Judged suites -> one HTML page that needs nothing else: verdict, curve, slices, every question with its answers.

Everything that people, notes or models wrote is escaped; the page's policy forbids scripts and anything from outside.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.evaluation.reports import rows
from assistant.evaluation.reports.curve import curve
from assistant.evaluation.reports.marking import marked
from assistant.plurals import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from assistant.evaluation.judging import Judged
    from assistant.evaluation.run import Result
    from assistant.evaluation.stored import Kept

HELD_OUT = "heldout"
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
STYLE = """
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent);
  --good: color-mix(in srgb, #2a9d3a 24%, transparent); --bad: color-mix(in srgb, #d13438 26%, transparent); }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
h1, h2 { line-height: 1.2; } h2 { margin-top: 3rem; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; }
td, th { border-bottom: 1px solid var(--line); padding: .25rem .7rem .25rem 0; text-align: right; white-space: nowrap; }
td:first-child, th:first-child, td.words { text-align: left; } tr.worse td { background: var(--bad); }
details { border-bottom: 1px solid var(--line); padding: .35rem 0; } summary { cursor: pointer; }
.sides { display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); margin: .8rem 0; }
.answer { white-space: pre-wrap; overflow-wrap: anywhere; border-left: 3px solid var(--line); padding-left: .8rem; }
mark { background: var(--good); color: inherit; } mark.bad { background: var(--bad); }
b.said { text-decoration: underline; text-underline-offset: .2em; } sup { color: #4a7fd0; }
.faint { opacity: .7; } .lost { color: #d13438; } .won { color: #2a9d3a; } li.fail { color: #d13438; }
svg { max-width: 100%; height: auto; } .legend mark { padding: 0 .3em; }
"""


def page(judged: Sequence[Judged], show: Callable[[str], str], *, strict: bool = False) -> str:
    """The page; `show` makes characters visible that a reader would not see."""
    writer = _Page(show)
    body = "".join(part for each in judged for part in writer.suite(each, strict=strict))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Answer quality</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE}</style></head><body><h1>Answer quality</h1>{body}</body></html>\n"
    )


@dataclass(frozen=True, slots=True)
class _Page:
    show: Callable[[str], str]

    def text(self, text: str) -> str:
        return html.escape(self.show(text))

    def suite(self, judged: Judged, *, strict: bool) -> Iterator[str]:
        yield f"<h2>{self.text(rows.headline(judged, strict=strict))}</h2>"
        yield f'<p class="faint">{rows.size(judged.whole)}.</p>'
        yield from self._findings(judged)
        columns = ["metric", "before", "now", "change", "90 % interval", "p", "dev", "held out", "meaning"]
        yield self._metrics(columns, judged)
        yield curve(judged.record, judged.before)
        outcomes = ["expected", "answered", "noted_unanswered", "not_in_notes", "failed"]
        yield self._table("Outcomes", outcomes, rows.outcome_rows(judged))
        false_answers = ["kind", "rate", "needs", "at most (95 %)"]
        yield self._table("False answers", false_answers, rows.false_answer_rows(judged))
        yield self._table("Slices", ["slice", "needs", *rows.SLICE_METRICS], rows.slice_rows(judged))
        yield from self._questions(judged)

    def _findings(self, judged: Judged) -> Iterator[str]:
        found = [*rows.finding_rows(judged)]
        found += [("", f"{kind}, not compared: {count} ({names})") for kind, count, names in rows.listed(judged)]
        if judged.flaky:
            found.append(("", f"flaky: {', '.join(judged.shown(judged.flaky)[0])}"))
        items = "".join(f'<li class="{weight}">{self.text(text)}</li>' for weight, text in found)
        yield f"<ul>{items}</ul>" if items else ""

    def _metrics(self, columns: Sequence[str], judged: Judged) -> str:
        lines = [
            f'<tr class="{"worse" if row.worse else ""}">'
            + "".join(f"<td>{cell}</td>" for cell in (row.name, row.before, row.now, row.change, row.interval, row.p))
            + f'<td>{row.dev}</td><td>{row.heldout}</td><td class="words">{html.escape(row.meaning)}</td></tr>'
            for row in rows.metric_rows(judged)
        ]
        return _framed(columns, "".join(lines))

    def _table(self, title: str, columns: Sequence[str], cells: Sequence[Sequence[str]]) -> str:
        lines = ("<tr>" + "".join(f"<td>{self.text(cell)}</td>" for cell in row) + "</tr>" for row in cells)
        return f"<h3>{title}</h3>{_framed(columns, ''.join(lines))}"

    # --- questions ---------------------------------------------------------------------------

    def _questions(self, judged: Judged) -> Iterator[str]:
        open_ones = [each for each in judged.results if each.case.split != HELD_OUT]
        hidden = len(judged.results) - len(open_ones)
        unnamed = counted(hidden, "held-out question is", "held-out questions are")
        yield f"<h3>Questions</h3><p>{unnamed} counted above and not shown.</p>" if hidden else ""
        yield (
            '<p class="legend"><mark>in the evidence</mark> <mark class="bad">not borne out, or forbidden</mark> '
            '<b class="said">a fact asked for</b></p>'
        )
        before = judged.before.cases if judged.before else {}
        for each in sorted(open_ones, key=lambda each: _order(each, before.get(each.case.id))):
            yield self._question(each, before.get(each.case.id))

    def _question(self, result: Result, before: Kept | None) -> str:
        case, passed = result.case, not result.faults
        turned = before is not None and before.passed != passed
        name = ("won" if passed else "lost") if turned else ""
        return (
            f'<details id="{html.escape(case.id, quote=True)}"{" open" if name == "lost" else ""}>'
            f'<summary><span class="{name}">{"✓" if passed else "✗"}</span> {self.text(case.ask)} '
            f'<span class="faint">{self.text(case.id)}{", must pass" if case.must_pass else ""}</span></summary>'
            f'<p class="faint">{self.text("; ".join(result.faults))} · expected {case.expect}'
            f" from {self.text(', '.join(note for note, _ in case.notes) or 'no note')} · {self.text(case.where)}</p>"
            f'<div class="sides">{self._now(result)}{self._before(result, before)}</div></details>'
        )

    def _now(self, result: Result) -> str:
        answer = result.answer
        if answer is None:
            return f"<div><h4>now</h4><p>{self.text(result.error or 'no answer')}</p></div>"
        found = "".join(f"<li>{self.text(hit.note.question)}, {hit.score:.3f}</li>" for hit in answer.hits[:5])
        bad = [(each.start, each.end) for each in answer.unsupported]
        return (
            f"<div><h4>now: {answer.status}, confidence {answer.confidence:.2f}</h4>"
            f'<div class="answer">{marked(answer.text, result.gold, self.text, bad)}</div><ol>{found}</ol></div>'
        )

    def _before(self, result: Result, before: Kept | None) -> str:
        if before is None or (result.answer and before.text == result.answer.text):
            return ""
        found = "".join(f"<li>{self.text(note)}</li>" for note in before.ranks[:5])
        return (
            f"<div><h4>before: {before.status}, confidence {before.confidence:.2f}</h4>"
            f'<div class="answer">{marked(before.text, result.gold, self.text, [])}</div><ol>{found}</ol></div>'
        )


def _order(result: Result, before: Kept | None) -> tuple[bool, bool, str]:
    """What was lost comes first, then what fails, then the rest."""
    failing = bool(result.faults)
    return (not (failing and before is not None and before.passed), not failing, result.case.id)


def _framed(columns: Sequence[str], lines: str) -> str:
    head = "".join(f"<th>{html.escape(column)}</th>" for column in columns)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></div>'
