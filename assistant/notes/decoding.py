"""Bytes of a file -> its characters, the name of their encoding, and a warning where some were not text."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
MAGIC = (
    (b"\x1f\x8b", "a gzip archive"),
    (b"PK\x03\x04", "a zip archive"),
    (b"%PDF-", "a PDF"),
    (b"\x89PNG\r\n", "an image"),
    (b"GIF8", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\x00", "a database"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
)
SAMPLE = 65536
NUL_SHARE = 0.02
FEWEST_PAIRS = 4
MOST, FEW = 0.7, 0.02
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text without its byte order mark; line ends are kept."""

    text: str
    encoding: str
    warnings: tuple[str, ...]


def decode(path: str, data: bytes) -> Decoded:
    """Decode by mark, else as UTF-8, else as Windows-1252 when nothing in the file is UTF-8; never fails."""
    encoding, body = _marked(data)
    try:
        return _checked(path, Decoded(body.decode(encoding), encoding, ()))
    except UnicodeDecodeError as error:
        western = encoding == "utf-8" and body is data and not _holds_utf_8(body)
        return _checked(path, _western(path, body, error) if western else _damaged(path, body, encoding))


def not_text(data: bytes) -> str | None:
    """What the bytes are when they are no text ("a zip archive"), else None."""
    sample = data[:SAMPLE]
    for magic, what in MAGIC:
        if sample.startswith(magic):
            return what
    encoding, body = _marked(sample)
    nuls = 0 if encoding.startswith(("utf-16", "utf-32")) else body.count(0)
    return "binary data" if nuls > len(body) * NUL_SHARE else None


def _marked(data: bytes) -> tuple[str, bytes]:
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return encoding, data[len(mark) :]
    return _unmarked_utf_16(data[:SAMPLE]) or "utf-8", data


def _unmarked_utf_16(sample: bytes) -> str | None:
    """Western text in UTF-16 has a NUL in every second byte, and none in the others."""
    even, odd, half = sample[::2].count(0), sample[1::2].count(0), len(sample) // 2
    if half < FEWEST_PAIRS:
        return None
    if odd > half * MOST and even < half * FEW:
        return "utf-16-le"
    return "utf-16-be" if even > half * MOST and odd < half * FEW else None


def _damaged(path: str, body: bytes, encoding: str) -> Decoded:
    text = body.decode(encoding, "replace")
    line = text.count("\n", 0, text.find(REPLACEMENT)) + 1
    return Decoded(text, encoding, (f"{path}:{line}: bytes that are not {encoding.upper()} were replaced by U+FFFD",))


def _holds_utf_8(body: bytes) -> bool:
    """Whether some characters beyond ASCII are proper UTF-8: then the others are damage, not another encoding."""
    return not body.decode("utf-8", "ignore").isascii()


def _western(path: str, body: bytes, error: UnicodeDecodeError) -> Decoded:
    line = body.count(b"\n", 0, error.start) + 1
    warning = f"{path}:{line}: not UTF-8; read as Windows-1252 (save the file as UTF-8 to be sure)"
    return Decoded(body.decode("cp1252", "replace"), "cp1252", (warning,))


def _checked(path: str, decoded: Decoded) -> Decoded:
    """Warn of old Macintosh line ends, which no editor counts as lines any more."""
    if "\r" not in decoded.text or "\n" in decoded.text:
        return decoded
    warning = f"{path}:1: all on one line (it has CR line ends only; save it with LF or CR LF line ends)"
    return Decoded(decoded.text, decoded.encoding, (*decoded.warnings, warning))
