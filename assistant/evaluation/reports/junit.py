"""Judged suites -> JUnit XML: a test suite for each slice, a test for each question, one for each rule of the gate.

A question fails when it passed before, or when there is nothing to compare it with; one that failed
before as well is shown as skipped, so that the file is red exactly when somebody has to look.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.evaluation.judging import Judged
    from assistant.evaluation.run import Result

HELD_OUT = "heldout"
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(judged: Sequence[Judged]) -> str:
    """The report."""
    root = ET.Element("testsuites", name="answer quality")
    for each in judged:
        _gate(root, each)
        for tag, results in _by_slice(each).items():
            _slice(root, each, tag, results)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _by_slice(judged: Judged) -> dict[str, list[Result]]:
    """Each question once, under its first tag; the held-out ones are not listed."""
    slices: dict[str, list[Result]] = {}
    for result in sorted(judged.results, key=lambda each: each.case.id):
        if result.case.split != HELD_OUT:
            slices.setdefault(result.case.tags[0] if result.case.tags else "clean", []).append(result)
    return dict(sorted(slices.items()))


def _gate(root: ET.Element, judged: Judged) -> None:
    failures = judged.verdict.failures
    suite = _suite(root, f"{judged.suite.name}.gate", max(1, len(failures)), len(failures))
    if not failures:
        ET.SubElement(suite, "testcase", classname=f"{judged.suite.name}.gate", name="gate")
    for number, each in enumerate(failures, 1):
        test = ET.SubElement(suite, "testcase", classname=f"{judged.suite.name}.gate", name=f"{each.kind} {number}")
        shown, hidden = judged.shown(each.cases)
        body = "\n".join([*shown, *([f"{hidden} held out"] if hidden else [])])
        ET.SubElement(test, "failure", message=clean(each.text)).text = clean(body)


def _slice(root: ET.Element, judged: Judged, tag: str, results: Sequence[Result]) -> None:
    known = {name for name, kept in (judged.before.cases if judged.before else {}).items() if not kept.passed}
    failing = [each for each in results if each.faults]
    suite = _suite(root, f"{judged.suite.name}.{tag}", len(results), sum(each.case.id not in known for each in failing))
    suite.set("skipped", str(sum(each.case.id in known for each in failing)))
    for each in results:
        test = ET.SubElement(suite, "testcase", classname=f"{judged.suite.name}.{tag}", name=each.case.id)
        if each.faults and each.case.id in known:
            ET.SubElement(test, "skipped", message=clean(f"failed before as well: {'; '.join(each.faults)}"))
        elif each.faults:
            ET.SubElement(test, "failure", message=clean("; ".join(each.faults))).text = clean(_body(each))


def _suite(root: ET.Element, name: str, tests: int, failures: int) -> ET.Element:
    return ET.SubElement(root, "testsuite", name=name, tests=str(tests), failures=str(failures))


def _body(result: Result) -> str:
    wanted = ", ".join(name for name, _ in result.case.notes) or "-"
    found = ", ".join(hit.note.question for hit in result.answer.hits[:3]) if result.answer else "-"
    given = result.answer.text if result.answer else result.error
    return (
        f"asked: {result.case.ask}\nexpected: {result.case.expect} from {wanted}\nfound: {found}\n"
        f"got: {result.answer.status if result.answer else 'failed'}\n{given}\n{result.case.where}"
    )


def clean(text: str) -> str:
    """A text without the characters that XML cannot hold."""
    return NOT_XML.sub("\ufffd", text)
