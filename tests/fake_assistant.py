"""The command line over an Assistant whose answers are known: `python tests/fake_assistant.py ask …`."""

from __future__ import annotations

import signal
import sys
from dataclasses import replace
from pathlib import Path

from assistant import cli
from assistant.cli import options
from assistant.errors import IndexDamagedError, ModelSettingsError, WriterError
from assistant.types import Answer, Citation, Found, Hit, IndexSummary, Note, NotesFile, Place, Prompt, Skipped, Tokens

HOSTILE = "\x1b[2J\x1b]0;title\x07 \u202e \udc80"
SUMMARY = IndexSummary(1, 2, 1, 1, 0, 9, 9, 0.5, True, ("one byte was replaced",), (Skipped("a.png", "no notes"),))


def _note(name, question, first, last, answer):
    whole = Place("corpus/notes.txt", first, last, 0, 9)
    state = "answered" if answer else "unanswered"
    return Note(name, question, answer, state, whole, replace(whole, last_line=first), whole, f"Q. {question}")


NOTES = (
    _note("versoning-in-s3", "versoning in S3", 76, 99, "Deleted objects stay."),
    _note("multi-threading-in-python", "multi threading in python", 151, 151, ""),
)


def answer_to(question):
    note = NOTES[0]
    answer = Answer(
        question=question,
        read_as=None,
        status="answered",
        confidence=0.9,
        text="Deleted objects stay. [1]",
        complete=True,
        writer="quote",
        warnings=(),
        unsupported=(),
        citations=(Citation(1, note.id, note.question, note.answer_place, note.answer),),
        hits=(Hit(note, 0.7, ()),),
        closest=(),
        tokens=Tokens(),
        retrieve_ms=1.0,
        write_ms=1.0,
        fault=None,
    )
    return replace(answer, **_outcome(question))


def _outcome(question):
    if "unanswered" in question:
        note = NOTES[1]
        citation = Citation(1, note.id, note.question, note.place, note.question)
        return {"status": "noted_unanswered", "citations": (citation,)}
    if "missing" in question:
        return {"status": "not_in_notes", "text": "", "citations": (), "closest": NOTES}
    if "hostile" in question:
        return {"text": HOSTILE, "warnings": (HOSTILE,)}
    return {"text": question} if "echo" in question else _fault(question)


def _fault(question):
    if "fault" in question:
        return {"fault": WriterError("the model is gone", run="assistant ask --no-llm …")}
    if "foreign" in question:
        return {"fault": ValueError("sk-secret")}
    return {}


def _press_ctrl_c(*, swallowed):
    try:
        signal.raise_signal(signal.SIGINT)
    except KeyboardInterrupt:
        if swallowed:
            raise ImportError("as an extension module does while it loads") from None
        raise


class FakeAssistant:
    """Does as the question says; `calls` are the names of what was called."""

    def __init__(self, settings):
        self.same = {"versoning-in-s3": ("other",)}
        self.settings = settings
        self.calls = []
        self.warnings = ("an older index is used",) if "older" in str(settings.notes) else ()

    def index(self, *, rebuild=False, progress=None):
        if progress:
            progress("Embedding", 1, 2)
            progress("Embedding", 2, 2)
        return replace(SUMMARY, embedded=9 if rebuild else 0)

    def expect_question(self):
        pass

    def refresh(self, progress=None):
        if "damaged" in str(self.settings.notes):
            raise IndexDamagedError("vectors.faiss is not what was written", safe="Your notes are safe.", run="mend")

    def notes(self):
        return NOTES

    def files(self):
        return (NotesFile("notes.txt", "0", "utf-8", "q-lines", "lines begin with Q.", (), (), ()),)

    def search(self, question):
        return Found(question, None, "answered", 0.9, tuple(Hit(note, 0.5, ()) for note in NOTES), {})

    def prompt(self, question, history=()):
        return Prompt(question, (), "system text", question, Tokens(5, 0, estimated=True), ())

    def ask(self, question, history=()):
        self.calls.append((question, tuple(history)))
        if "interrupt" in question:
            _press_ctrl_c(swallowed="swallowed" in question)
        if "descriptor" in question:
            with Path(__file__).open() as file:
                return replace(answer_to(question), text=f"opened as {file.fileno()}")
        if "crash" in question:
            raise KeyError("a secret of the notes")
        if "modeless" in question:
            raise ModelSettingsError("there is no provider x")
        return answer_to(question)


def open_fake(settings):
    return FakeAssistant(settings)


if __name__ == "__main__":
    options.open_assistant = open_fake
    if "--modules" in sys.argv:
        sys.argv.remove("--modules")
        code = cli.run(sys.argv[1:])
        sys.stderr.write(" ".join(sorted(sys.modules)))
        sys.exit(code)
    cli.main()
