"""What it costs to look at a large folder of notes and to bring its index up to date: numbers, no verdict.

`python -m tests.benchmark_sync --notes 10000 --files 500`. Every line is measured in a process of its own, as a
question on the command line finds the folder. Vectors come from hashing, so the cost of the model is left out;
`--command` measures all of `assistant ask` besides, from the start of the process to its end, model and all.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import accumulate, chain
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.embed import MINILM, open_embedder
from assistant.indexing import describe, is_current, refresh
from assistant.lexical import english
from assistant.retrieval import find, load
from tests.conftest import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Iterator

DIMENSION = 384
VOCABULARY = 20_000  # words, the rarer the less frequent, as in a language
BLOCKS = (1, 2, 2, 3, 4)  # of an answer
ITEMS = 4  # of a list
NAMED = 0.3  # the share of notes that bring a word which is in no dictionary
UNANSWERED = 0.1
TIMES = 3  # that the whole command is asked: other processes disturb it
QUESTION = "How does the system keep what was written before?"


@dataclass(frozen=True)
class Desk:
    notes: Path
    index: Path

    def file(self, number: int) -> Path:
        return self.notes / f"topic-{number:04d}.md"


@dataclass(frozen=True)
class Cost:
    """Seconds on the clock and of the processors, the process's largest memory in MiB, and what was embedded."""

    wall: float
    processor: float
    memory: float
    embedded: int

    def __str__(self) -> str:
        return f"{self.wall:6.2f} s  {self.processor:6.2f} s CPU  {self.memory:5.0f} MiB  {self.embedded} embedded"


class Author:
    """Writes notes with the frequent words of English, and now and then a word of no dictionary."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        listed = [line.split(" ")[0] for line in english._text().strip().split("\n")]
        self.words = listed[:VOCABULARY] or [f"word{number}" for number in range(VOCABULARY)]
        self.weights = list(accumulate(1 / rank for rank in range(8, len(self.words) + 8)))

    def said(self, least: int, most: int) -> str:
        return " ".join(self.chance.choices(self.words, cum_weights=self.weights, k=self.chance.randint(least, most)))

    def name(self) -> str:
        return "".join(self.chance.choice("bdfgklmnprstvz") + self.chance.choice("aeiou") for _ in range(4))

    def block(self) -> str:
        if self.chance.random() < 1 / 2:
            return self.said(15, 60).capitalize() + "."
        return "\n".join(f"- {self.said(4, 15)}" for _ in range(ITEMS))

    def entry(self) -> str:
        named = f" {self.name()}" if self.chance.random() < NAMED else ""
        question = f"## Q. {self.said(3, 9).capitalize()}{named}?"
        if self.chance.random() < UNANSWERED:
            return question
        return "\n\n".join([question, *(self.block() for _ in range(self.chance.choice(BLOCKS)))])

    def file(self, entries: int) -> str:
        return "\n\n".join(self.entry() for _ in range(entries)) + "\n"


def write(desk: Desk, notes: int, files: int) -> None:
    desk.notes.mkdir()
    author = Author(1)
    for number in range(files):
        desk.file(number).write_text(author.file(notes // files), encoding="utf-8")


def ask(desk: Desk) -> Cost:
    """Bring the index up to date and find the notes that fit a question."""
    embedder = HashingEmbedder(DIMENSION)
    started, worked = time.perf_counter(), time.process_time()
    index, summary = refresh(desk.notes, desk.index, embedder, wait=5.0)
    find(QUESTION, index, embedder, load(None))
    wall, processor = time.perf_counter() - started, time.process_time() - worked
    return Cost(wall, processor, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, summary.embedded)


def look(desk: Desk) -> float:
    """Milliseconds for finding that nothing changed, by a process that holds the index open."""
    embedder = HashingEmbedder(DIMENSION)
    index, _ = refresh(desk.notes, desk.index, embedder)
    started = time.perf_counter()
    if not is_current(desk.notes, desk.index, embedder.fingerprint, held=index.generation):
        raise RuntimeError("the notes changed while they were looked at")
    return 1000 * (time.perf_counter() - started)


def prepare(desk: Desk) -> None:
    """An index for the command, by hashing in the name of the real model, which would take an hour."""
    embedder = HashingEmbedder(DIMENSION)
    embedder.fingerprint = open_embedder(MINILM, desk.index).fingerprint
    refresh(desk.notes, desk.index, embedder)


def command(desk: Desk) -> str:
    """What all of `assistant ask` costs."""
    folders = ["--notes", str(desk.notes), "--index", str(desk.index)]
    started = time.perf_counter()
    asking = subprocess.Popen([sys.executable, "-m", "assistant", "ask", *folders, QUESTION], stdout=subprocess.DEVNULL)
    _, _, used = os.wait4(asking.pid, 0)
    wall, processor = time.perf_counter() - started, used.ru_utime + used.ru_stime
    return f"{wall:6.2f} s  {processor:6.2f} s CPU  {used.ru_maxrss / 1024:5.0f} MiB"


def edit(desk: Desk) -> None:
    text = desk.file(7).read_text(encoding="utf-8")
    cut = len(text) // 2
    desk.file(7).write_text(text[:cut] + " an edited word " + text[cut:], encoding="utf-8")


def add(desk: Desk) -> None:
    (desk.notes / "an-addition.md").write_text(Author(2).file(20), encoding="utf-8")


def rename(desk: Desk) -> None:
    desk.file(9).rename(desk.notes / "another-name.md")


def delete(desk: Desk) -> None:
    desk.file(11).unlink()


def nothing(_desk: Desk) -> None:
    pass


def measure_command(folder: Path, notes: int, files: int) -> Iterator[str]:
    """The same for the whole command; the first line brings the files into memory, and the model's copy into being."""
    desk = Desk(folder / "command-notes", folder / "command-index")
    write(desk, notes, files)
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as alone:  # or the command would inherit its peak
        alone.submit(prepare, desk).result()
    yield f"{'the command, first':25}{command(desk)}"
    for _ in range(TIMES):
        yield f"{'the command, no change':25}{command(desk)}"
        edit(desk)
        yield f"{'the command, one edit':25}{command(desk)}"


def measure(folder: Path, notes: int, files: int) -> Iterator[str]:
    """A line of the report for everything that can happen, in this order."""
    desk = Desk(folder / "notes", folder / "index")
    write(desk, notes, files)
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), max_tasks_per_child=1) as alone:
        for name, event in EVENTS:
            event(desk)
            yield f"{name:25}{alone.submit(ask, desk).result()}"
        yield f"{'looking alone':25}{alone.submit(look, desk).result():6.0f} ms"
    rows = describe(desk.index).counts.rows
    size = sum(path.stat().st_size for path in (desk.index / describe(desk.index).parent).iterdir())
    yield f"{notes} notes in {files} files, {rows} passages, {size / 2**20:.0f} MiB on the disk"


EVENTS = (
    ("built from nothing", nothing),
    ("nothing changed", nothing),
    ("one edit", edit),
    ("nothing changed after it", nothing),
    ("another edit", edit),
    ("a file added", add),
    ("a file renamed", rename),
    ("a file deleted", delete),
)


def main(arguments: list[str]) -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--notes", type=int, default=10_000)
    options.add_argument("--files", type=int, default=500)
    options.add_argument("--command", action="store_true", help="measure all of `assistant ask` besides")
    chosen = options.parse_args(arguments)
    measures = [measure, measure_command] if chosen.command else [measure]
    with tempfile.TemporaryDirectory() as folder:
        for line in chain.from_iterable(each(Path(folder), chosen.notes, chosen.files) for each in measures):
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
