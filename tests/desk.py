"""A person's desk for the tests of indexing: a notes folder, an index folder, and an embedder that counts."""

from conftest import HashingEmbedder

from assistant.indexing import open_index, refresh

SPACES = "Q. What are spaces?\nThey stand between words.\n\nSome are wider than others.\n"
TABS = "Q. What are tabs?\n1. Wide spaces.\n2. A quarrel.\n"
EMPTY = "Q. What is left open?\n"


class Desk:
    def __init__(self, folder):
        self.notes = folder / "notes"
        self.index = folder / "index"
        self.notes.mkdir()
        self.embedder = HashingEmbedder()

    def write(self, name, *entries):
        path = self.notes / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(entries), encoding="utf-8")
        return path

    def refresh(self, **options):
        self.embedder.texts.clear()
        return refresh(self.notes, self.index, self.embedder, **options)

    def open(self, **options):
        return open_index(self.index, self.embedder.fingerprint, **options)

    def generations(self):
        return sorted(path for path in self.index.iterdir() if path.name.startswith("g"))

    def current(self):
        return self.index / (self.index / "CURRENT").read_text().strip()


def questions(index):
    return [note.question for note in index.notes]
