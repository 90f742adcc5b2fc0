"""PDF, Word and HTML files through the `documents` extra: the text that they give is what places count in."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from assistant import notes
from assistant.errors import NotesError
from assistant.notes import documents

if TYPE_CHECKING:
    from pathlib import Path

PAGE = """<html><head><title>x</title><style>h2 {}</style></head><body>
<h1>Cloud</h1><h2>1. What is S3?</h2><p>A <b>store</b> of objects.</p><ul><li>cheap</li></ul>
<h2>2. What is EC2?</h2><pre><code># not a heading
x</code></pre><h2>3. What is SQS?</h2></body></html>"""
FOLDED = "<details><summary>What is A?</summary><p>a</p></details><dl><dt>What is B?</dt><dd>b</dd></dl>"


def pdf(lines: list[str]) -> bytes:
    """A PDF of one page, one line of text below the other."""
    shown = " ".join(f"({line}) Tj T*" for line in lines)
    content = f"BT /F1 12 Tf 14 TL 50 700 Td {shown} ET".encode()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
            b"/Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body, offsets = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(body)
    return body + b"xref\n0 6\n0000000000 65535 f \n" + table + trailer


def test_html_headings_are_questions():
    pytest.importorskip("markdownify")
    file = notes.read("a.html", PAGE.encode())
    assert [(entry.question, entry.state) for entry in file.entries] == [
        ("What is S3?", "answered"),
        ("What is EC2?", "answered"),
        ("What is SQS?", "unanswered"),
    ]
    assert "A **store** of objects." in file.entries[0].answer
    assert file.encoding == "html"


def test_html_summaries_and_terms_are_questions():
    pytest.importorskip("markdownify")
    file = notes.read("a.htm", FOLDED.encode())
    assert [(entry.question, entry.answer) for entry in file.entries] == [("What is A?", "a"), ("What is B?", "b")]


def test_word_headings_and_bold_paragraphs_are_questions():
    docx = pytest.importorskip("docx")
    document = docx.Document()
    document.add_heading("Notes", 1)
    for number in (1, 2):
        document.add_heading(f"What is part {number}?", 2)
        document.add_paragraph(f"Part {number}.")
    table = document.add_table(rows=2, cols=2)
    table.cell(0, 0).text, table.cell(1, 1).text = "left", "right"
    stream = BytesIO()
    document.save(stream)
    file = notes.read("a.docx", stream.getvalue())
    assert [entry.question for entry in file.entries] == ["What is part 1?", "What is part 2?"]
    assert "| left |" in file.entries[1].answer


def test_a_pdf_is_read_line_by_line():
    pytest.importorskip("pypdf")
    file = notes.read("a.pdf", pdf(["Q. What is a subnet?", "A part of a network.", "Q. What is a router?"]))
    assert [(entry.question, entry.answer) for entry in file.entries] == [
        ("What is a subnet?", "A part of a network."),
        ("What is a router?", ""),
    ]


@pytest.mark.parametrize("name", ["a.pdf", "a.docx"])
@pytest.mark.parametrize("data", [b"", b"%PDF-1.4 broken", b"PK\x03\x04 broken", b"\xff" * 100])
def test_a_damaged_document_gives_a_warning_and_no_failure(name: str, data: bytes):
    pytest.importorskip("pypdf")
    pytest.importorskip("docx")
    file = notes.read(name, data)
    assert file.entries == ()
    assert name in file.warnings[0]


def test_without_the_extra_the_walk_says_which_command_helps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(documents, "find_spec", lambda _: None)
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    found, skipped = notes.files(tmp_path)
    assert found == []
    assert "pip install 'notes-assistant[documents]'" in skipped[0].reason
    with pytest.raises(NotesError, match="extra"):
        notes.read("a.pdf", b"%PDF")
