"""Settings and a suite -> the subject of an evaluation: a way to ask, the notes, and what it is all made of."""

from __future__ import annotations

import difflib
import functools
import hashlib
import os
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant import __version__
from assistant.cli import options
from assistant.cli.options import Model, Place
from assistant.cli.repeating import with_folders
from assistant.errors import CaseError, NotesAssistantError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import typer

    from assistant.app import Assistant
    from assistant.evaluation import Ask, Corpus, Subject, Suite
    from assistant.evaluation.judging import Judged
    from assistant.settings import Settings

FOLDER = "eval"
NOT_CODE = {"__pycache__"}
QUESTIONS_WE_WRITE = Path("evaluation", "starter.py")  # of the package: cases are made of what stands there


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the files of an evaluation are kept."""

    folder: Path

    @property
    def cases(self) -> Path:
        return self.folder / "cases"

    @property
    def baselines(self) -> Path:
        return self.folder / "baselines"

    @property
    def results(self) -> Path:
        return self.folder / "results"

    @property
    def inbox(self) -> Path:
        return self.folder / "inbox"

    @property
    def gate(self) -> Path:
        return self.folder / "gate.yaml"

    @property
    def looks(self) -> Path:
        return self.folder / "heldout_log.md"

    @property
    def cache(self) -> Path:
        return self.folder.parent / ".cache" / "eval"


def layout(folder: Path | None) -> Layout:
    """The folder named, else `eval` here or in a folder above, else `eval` here, which may have to be made."""
    if folder is not None:
        return Layout(folder)
    here = Path.cwd()
    found = (parent / FOLDER for parent in (here, *here.parents))
    folder = next((each for each in found if (each / "cases").is_dir()), here / FOLDER)
    return Layout(Path(os.path.relpath(folder)))


@dataclass(frozen=True, slots=True)
class Bench:
    """Opens the Assistant for each suite: on the settings' notes, or on the notes that the suite brings along."""

    context: typer.Context
    place: Place
    model: Model
    progress: Callable[[str, int, int], None] | None = None
    cache: Path | None = None

    def settings(self, suite: Suite | None = None) -> Settings:
        if suite is None or suite.corpus is None:
            return options.settings(self.context, self.place, self.model, gaps=False)
        return options.settings(self.context, Place(suite.corpus, None), self.model, gaps=False)

    def assistant(self, suite: Suite | None = None) -> Assistant:
        """Opened and up to date; an index that is missing is built."""
        assistant = options.open_assistant(self.settings(suite))
        assistant.refresh(self.progress)
        return assistant

    def corpus(self, suite: Suite | None) -> Corpus:
        return corpus(self.assistant(suite))

    def subject(self, suite: Suite | None = None) -> Subject:
        from assistant.evaluation import Subject
        from assistant.evaluation.cache import remembering

        assistant = self.assistant(suite)
        made_of, notes = engine(assistant.settings), corpus(assistant)
        asked: Ask = assistant.ask
        if self.cache is not None and assistant.settings.llm:
            asked = remembering(assistant.ask, self.cache, made_of, notes)
        return Subject(asked, notes, made_of)


def suite_of(target: Path) -> Suite | None:
    """The suite that a case is added to; None where its file is not there yet, and its notes are the settings'."""
    from assistant.evaluation import read_suite

    return read_suite(target) if target.is_file() else None


@contextmanager
def looked_up(suite: Suite | None) -> Iterator[None]:
    """Let an error send the person to the notes that the suite brings along, where it brings some."""
    try:
        yield
    except CaseError as error:
        if suite and suite.corpus:
            error.run = with_folders(error.run, {"--notes": os.path.relpath(suite.corpus)})
        raise


def corpus(assistant: Assistant) -> Corpus:
    """The notes of an Assistant, with the text of their files and the blocks of their answers."""
    from assistant import passages
    from assistant.evaluation import Corpus

    return Corpus(assistant.notes(), _reader(assistant.settings), functools.cache(passages.blocks))


def _reader(settings: Settings) -> Callable[[str], str | None]:
    """Decoded texts by the path of a place; None for a file that is not text itself."""
    from assistant import notes
    from assistant.notes.decoding import decode

    @functools.cache
    def read(path: str) -> str | None:
        try:
            return decode(path, notes.load(settings.notes / path.removeprefix(settings.display))).text
        except (NotesAssistantError, OSError):
            return None

    return read


def engine(settings: Settings) -> Mapping[str, str]:
    """What decides an answer besides the notes: versions and hashes, no paths."""
    confidence = settings.confidence.read_bytes() if settings.confidence else b""
    chosen = [str(settings.sources), str(settings.temperature), str(settings.max_answer_tokens), str(settings.base_url)]
    return {
        "writer": settings.llm or "quote",
        "embedding_model": settings.embedding_model,
        "version": __version__,
        "code": _code(),
        "settings": _sha("\n".join(chosen).encode() + confidence),
    }


@functools.cache
def _code() -> str:
    """A hash of the package's own files: other code may give other answers."""
    import assistant

    root = Path(assistant.__file__).parent
    files = sorted(path for path in root.rglob("*") if path.suffix in {".py", ".json", ".txt"} and path.is_file())
    kept = [path for path in files if not NOT_CODE & set(path.parts) and "evaluation" not in path.parts]
    return _sha(b"".join(f"{path.relative_to(root).as_posix()}\n".encode() + path.read_bytes() for path in kept))


def texts() -> Mapping[str, str]:
    """The files in which no case may stand: the package, its tests, the README. Nothing of `eval/`."""
    import assistant

    root = Path(assistant.__file__).parent.parent
    folders = [root / "assistant", root / "tests"]
    files = [
        path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix in {".py", ".json", ".txt"}
    ]
    files = [path for path in files if path != root / "assistant" / QUESTIONS_WE_WRITE]
    files += [path for path in (root / "README.md",) if path.is_file()]
    return {os.path.relpath(path, root): path.read_text(encoding="utf-8", errors="replace") for path in files}


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def judged_suites(
    bench: Bench,
    place: Layout,
    cases: Sequence[Path] | None,
    *,
    only: Sequence[str] | None = None,
    repeat: int = 1,
    rescore: bool = False,
) -> tuple[Judged, ...]:
    """The suites of the case files named (else of the cases folder), asked and judged; `only` names cases."""
    from assistant.evaluation import judging, read_suites
    from assistant.evaluation.rules import read_rules
    from assistant.evaluation.stored import read

    suites = read_suites(cases or [place.cases])
    if only:
        _known(only, suites)
        suites = tuple(suite for suite in suites if any(_asked(case.id, only) for case in suite.cases))
    paths = {suite.name: place.results / f"{suite.name}.jsonl" for suite in suites}
    kept = {name: found for name, path in paths.items() if (found := read(path)) is not None} if rescore else None
    chosen = judging.Options(tuple(only or ()), repeat, kept)
    return judging.evaluate(suites, bench.subject, read_rules(place.gate), place.baselines, chosen, bench.progress)


def _known(only: Sequence[str], suites: Sequence[Suite]) -> None:
    """Refuse the name of a case that nobody wrote, with the one that was probably meant."""
    names = [case.id for suite in suites for case in suite.cases]
    for name in only:
        if not any(_asked(case, [name]) for case in names):
            near = difflib.get_close_matches(name, names, 1)
            meant = f"; did you mean {near[0]}?" if near else ""
            run = f"assistant eval explain {near[0]}" if near else "assistant eval lint"
            raise UsageError(f"there is no case {name}{meant}", run=run)


def _asked(case: str, only: Sequence[str]) -> bool:
    return case in only or case.partition("#")[0] in only
