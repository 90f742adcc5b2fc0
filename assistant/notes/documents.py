"""A PDF, Word or HTML file -> Markdown-like text, by the libraries of the `documents` extra."""

from __future__ import annotations

import zipfile
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING, Any

from assistant.errors import NotesError
from assistant.notes.decoding import Decoded, decode

if TYPE_CHECKING:
    from collections.abc import Callable

LIBRARIES = {".pdf": "pypdf", ".docx": "docx", ".html": "markdownify", ".htm": "markdownify"}
INSTALL = "pip install 'notes-assistant[documents]'"
UNPACKED_LIMIT = 200_000_000
MOST_PAGES = 5_000
UNSEEN = ("script", "style", "template", "noscript", "head", "nav")


def missing(kind: str) -> str | None:
    """Why files of this kind (".pdf") cannot be read here, with the command that mends it; None when they can."""
    library = LIBRARIES.get(kind)
    if library is None or find_spec(library) is not None:
        return None
    return f"{kind[1:].upper()} files need an extra: {INSTALL}"


def extract(path: str, kind: str, data: bytes) -> Decoded:
    """The document's text, which is what places count in; a document that is damaged gives a warning and no text.

    Raises NotesError when the extra is not installed.
    """
    lacking = missing(kind)
    if lacking:
        raise NotesError(f"{path} cannot be read: {lacking}", run=INSTALL)
    try:
        text = EXTRACTORS[kind](path, data)
    except Exception as error:  # noqa: BLE001 - these libraries fail in many ways on damaged files
        reason = f"{path}: the {kind[1:].upper()} file cannot be read ({type(error).__name__}: {error})"
        return Decoded("", kind[1:], (reason.encode("utf-8", "replace").decode(),))
    clean = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\r\n", "\n")
    return Decoded(clean, kind[1:], () if clean.strip() else (f"{path}: no text in it (scanned pages are pictures)",))


def _pdf(_: str, data: bytes) -> str:
    from pypdf import PdfReader

    pages = PdfReader(BytesIO(data)).pages
    return "\n\n".join(pages[number].extract_text() for number in range(min(len(pages), MOST_PAGES)))


def _docx(_: str, data: bytes) -> str:
    import docx

    with zipfile.ZipFile(BytesIO(data)) as archive:
        if sum(part.file_size for part in archive.infolist()) > UNPACKED_LIMIT:
            raise ValueError("it unpacks to more than 200 MB")
    document = docx.Document(BytesIO(data))
    return "\n\n".join(_block(block) for block in document.iter_inner_content())


def _block(block: Any) -> str:
    """One paragraph or table of a Word file as Markdown."""
    if not hasattr(block, "style") or hasattr(block, "rows"):
        rows = [" | ".join(" ".join(cell.text.split()) for cell in row.cells) for row in block.rows]
        ruled = [rows[0], " | ".join("---" for _ in block.rows[0].cells), *rows[1:]] if rows else []
        return "\n".join(f"| {row} |" for row in ruled)
    style = block.style.name if block.style is not None else ""
    if style.startswith("Heading ") and style[8:].isdecimal():
        return f"{'#' * min(int(style[8:]), 6)} {block.text}"
    if style == "Title":
        return f"# {block.text}"
    return f"{'- ' if style.startswith('List') else ''}{_bold(block)}"


def _bold(paragraph: Any) -> str:
    """A paragraph that is bold as a whole between `**`: that is how people mark questions."""
    runs = [run for run in paragraph.runs if run.text.strip()]
    whole = bool(runs) and all(run.bold for run in runs) and "\n" not in paragraph.text
    return f"**{paragraph.text.strip()}**" if whole else str(paragraph.text)


def _html(path: str, data: bytes) -> str:
    from bs4 import BeautifulSoup
    from markdownify import MarkdownConverter

    soup = BeautifulSoup(decode(path, data).text, "html.parser")
    for tag in soup(UNSEEN):
        tag.decompose()
    for tag in soup(("summary", "dt")):
        tag.name = "h4"
    for tag in soup("dd"):
        tag.name = "p"
    converter = MarkdownConverter(
        heading_style="ATX", bullets="-", escape_asterisks=False, escape_underscores=False, escape_misc=False
    )
    return str(converter.convert_soup(soup))


EXTRACTORS: dict[str, Callable[[str, bytes], str]] = {".pdf": _pdf, ".docx": _docx, ".html": _html, ".htm": _html}
