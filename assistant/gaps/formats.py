"""A notes file -> the texts that may put one question more at its end, the most fitting first."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from assistant.types import Entry, NotesFile

NUMBER = re.compile(r"\d+(?!.*\d)", re.DOTALL)


def continuations(question: str, file: NotesFile, text: str) -> Iterator[str]:
    """What may be appended to the text of a file; line ends are the file's own."""
    end = "\r\n" if "\r\n" in text else "\n"
    for piece in _pieces(question, file, text):
        for gap in _gaps(file) if text else ("",):
            yield (_break(text) + gap + piece + "\n").replace("\r\n", "\n").replace("\n", end)


def _gaps(file: NotesFile) -> tuple[str, ...]:
    """A blank line where the file has blank lines between its entries, none in a table."""
    if len(file.entries) > 1:
        one, other = file.entries[-2:]
        close = other.place.first_line == one.place.last_line + 1
        return ("", "\n") if close else ("\n", "")
    return ("", "\n") if file.format in ROWS else ("\n", "")


def _break(text: str) -> str:
    return "\n" if text and not text.endswith("\n") else ""


def _pieces(question: str, file: NotesFile, text: str) -> Iterator[str]:
    """The question as the last entries ask, then as the format asks."""
    if file.format in WRITTEN:
        yield from WRITTEN[file.format](question, text)
    for entry in list(reversed(file.entries))[:3]:
        yield from _like(question, entry)
    if not file.entries and file.path.lower().endswith((".md", ".markdown")):
        yield f"## {question}"
    if file.format == "flash-cards":
        yield f"---\n\n**Q:** {question}"
    yield from (form.format(question) for form in FORMS)


def _like(question: str, entry: Entry) -> Iterator[str]:
    """What stands around another question, with the next number; a heading path stands for its last part."""
    asked = entry.asked.replace("\r\n", "\n").strip("\n")
    titles = (entry.question, entry.question.rpartition(" > ")[2])
    for title in titles:
        start = asked.find(title) if title else -1
        if start < 0:
            continue
        before, behind = asked[:start], asked[start + len(title) :]
        numbered = NUMBER.sub(lambda found: str(int(found[0]) + 1), before)
        yield numbered + question + behind
        yield before + question + behind


def _csv(separator: str) -> Callable[[str, str], Iterator[str]]:
    def record(question: str, text: str) -> Iterator[str]:
        sign = separator or _separator(text)
        header = next(csv.reader([text.lstrip("\n").split("\n", 1)[0].rstrip("\r")], delimiter=sign), [])
        names = [name.strip().lower().strip("*_: ") for name in header]
        columns = [place for place, name in enumerate(names) if name in ASKED]
        width = max(len(header), 2)
        yield _record(["" if place != (columns or [0])[0] else question for place in range(width)], sign)
        yield _record([question, *[""] * (width - 1)], sign)
        yield _record([question, *["\0"] * (width - 1)], sign).replace("\0", '""')
        yield _record([question], sign)

    return record


ASKED = frozenset("question questions q front prompt query ques question_text questiontext title term problem".split())


def _separator(text: str) -> str:
    first = text.lstrip().split("\n", 1)[0]
    return max(",;|", key=first.count)


def _record(fields: list[str], separator: str) -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=separator, lineterminator="").writerow(fields)
    return written.getvalue()


def _anki(question: str, text: str) -> Iterator[str]:
    named = re.search(r"^#separator:(.*)$", text, re.MULTILINE)
    sign = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "colon": ":", "space": " "}.get(
        named[1].strip().lower() if named else "tab", "\t"
    )
    last = text.rstrip("\r\n").rpartition("\n")[2]
    special = {int(found[1]) - 1 for found in re.finditer(r"^#\w+ column:(\d+)", text, re.MULTILINE)}
    fields = last.split(sign) if sign in last else ["", ""]
    front = next((place for place in range(len(fields)) if place not in special), 0)
    written = [value if place in special else "" for place, value in enumerate(fields)]
    written[front] = question
    yield _record(written, sign)
    yield _record([question, ""], sign)


def _json(question: str, text: str) -> Iterator[str]:
    """An object with the keys of the last one, all values empty but the question's."""
    for line in reversed(text.split("\n")):
        try:
            keys = list(json.loads(line))
        except (ValueError, TypeError, RecursionError):
            continue
        asked = next((key for key in keys if str(key).lower() in ASKED | {"instruction", "input"}), None)
        if asked is not None:
            yield json.dumps({key: question if key == asked else "" for key in keys}, ensure_ascii=False)
            break
    yield json.dumps({"question": question, "answer": ""}, ensure_ascii=False)


def _table(question: str, text: str) -> Iterator[str]:
    """A row as wide as the last one, its question in each column in turn; or else a table of its own."""
    rows = [line for line in text.split("\n") if line.strip().startswith("|") or line.count("|") > 1]
    cells = [cell.strip() for cell in rows[-1].strip().strip("|").split("|")] if rows else ["", ""]
    safe = question.replace("|", "\\|")
    for column in range(len(cells)):
        row = ["" for _ in cells]
        row[column] = safe
        if column and cells[0].isdigit():
            row[0] = str(int(cells[0]) + 1)
        yield "| " + " | ".join(row) + " |"
    yield f"| Question | Answer |\n|---|---|\n| {safe} | |"


def _details(question: str, _: str) -> Iterator[str]:
    yield f"<details>\n<summary>{question}</summary>\n\n</details>"
    yield f"<details><summary><b>{question}</b></summary>\n</details>"


ROWS = frozenset({"csv", "tsv", "anki", "json-lines", "markdown-table"})
WRITTEN: dict[str, Callable[[str, str], Iterator[str]]] = {
    "csv": _csv(""),
    "tsv": _csv("\t"),
    "anki": _anki,
    "json-lines": _json,
    "markdown-table": _table,
    "markdown-details": _details,
}
FORMS = ("Q. {}", "**Q: {}**", "**{}**", "### {}", "## {}", "#### {}", "# {}", "1. {}", "- {}", "{}")
