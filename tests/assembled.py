"""An Assistant as a person gets it: settings for a test, and the real notes indexed by the real model."""

import os
import shutil
from pathlib import Path

import assistant
from assistant.app import Assistant
from assistant.settings import Settings

CORPUS = Path(assistant.__file__).parent.parent / "corpus"


def settings_in(folder, **more):
    """Settings whose folders stand in one folder, all but those that are given."""
    needed = {name: folder / name for name, field in Settings.model_fields.items() if field.is_required()}
    return Settings(**{**needed, **more})


def plain_environment():
    """The environment of a person's shell: no settings of ours, and compiled modules kept as they always are."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("ASSISTANT_")}
    ours.pop("PYTHONDONTWRITEBYTECODE", None)
    return {**ours, "PYTHONPATH": str(CORPUS.parent)}


class Walk:
    """A project folder with the real notes, their index, and a settings file that names both.

    `texts` holds each notes file as it is on the disk, by the path that is shown; `notes` each note by its id.
    """

    def __init__(self, folder, models):
        self.folder = folder
        self._models = models
        shutil.copytree(CORPUS, folder / "notes")
        self.assistant = self._opened(folder)
        self.assistant.index()
        self.notes = {note.id: note for note in self.assistant.notes()}
        self.texts = {}
        for path in sorted({note.place.path for note in self.notes.values()}):
            with Path(path).open(encoding="utf-8", newline="") as file:
                self.texts[path] = file.read()

    def copied_to(self, folder):
        """Another project with the same notes and the same index."""
        for name in ("notes", "index"):
            shutil.copytree(self.folder / name, folder / name)
        self._settle(folder)
        return folder

    def with_notes(self, folder, notes):
        """An Assistant of these notes only, indexed."""
        (folder / "notes").mkdir(parents=True)
        text = "\n\n".join(f"Q. {note.question}\n{note.answer}" for note in notes)
        (folder / "notes" / "notes.txt").write_text(text, encoding="utf-8")
        made = self._opened(folder)
        made.index()
        return made

    def _opened(self, folder):
        self._settle(folder)
        return Assistant(settings_in(folder, models=self._models))

    def _settle(self, folder):
        lines = ['notes = "notes"', 'index = "index"', f"models = '{self._models}'"]
        (folder / "assistant.toml").write_text("\n".join(lines), encoding="utf-8")
