"""Shared fixtures: embedders that need no model, the real one, and a network that ends at this machine."""

import hashlib
import re
import socket
import zlib

import numpy as np
import pytest

from assistant.embed import MINILM, open_embedder
from assistant.types import Pieces

LOOPBACK = ("127.0.0.1", "::1", "localhost")


class HashingEmbedder:
    """An embedder that counts: words hashed to dimensions, so that shared words mean nearness. It judges nothing.

    `texts` holds what it was asked to embed, in order.
    """

    judges = False

    def __init__(self, dimension=64, name="hashing"):
        self.dimension = dimension
        self.fingerprint = f"{name} {dimension}"
        self.warnings = ()
        self.texts = []

    def prepare(self):
        pass

    def open_ahead(self):
        pass

    def embed(self, texts, progress=None):
        self.texts.extend(texts)
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in re.findall(r"\w+", text.lower()) or [""]:
                seed = zlib.crc32(f"{self.fingerprint} {word}".encode("utf-8", "replace"))
                row[seed % self.dimension] += 1.0 + seed % 7
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        if progress:
            progress(len(texts))
        return vectors

    def read(self, texts):
        return [self._read(text) for text in texts]

    def _read(self, text):
        spans = tuple(found.span() for found in re.finditer(r"\w+", text))
        states = self.embed([text[start:end] for start, end in spans]) if spans else np.zeros((0, self.dimension))
        del self.texts[len(self.texts) - len(spans) :]
        return Pieces(states.astype(np.float32), spans)


@pytest.fixture
def hashing_embedder():
    return HashingEmbedder()


@pytest.fixture(scope="session")
def models_folder(tmp_path_factory):
    """Where the copies of models go: one for the whole run, because making it takes seconds."""
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="session")
def real_embedder(models_folder):
    """MiniLM, its copy for questions made."""
    embedder = open_embedder(MINILM, models_folder)
    embedder.prepare()
    return embedder


@pytest.fixture(scope="session")
def walk(tmp_path_factory, models_folder, real_embedder):
    """The real notes, indexed once for the whole run."""
    from assembled import Walk

    return Walk(tmp_path_factory.mktemp("walk"), models_folder)


@pytest.fixture(scope="module")
def chromium():
    """A browser; its tests carry `browser.in_a_browser`."""
    from browser import REQUIRED, launched

    if not REQUIRED:
        pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with launched() as browser:
        yield browser


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    """Nothing in this suite may leave the machine."""
    connect = socket.socket.connect
    look_up = socket.getaddrinfo

    def guarded_connect(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in LOOPBACK:
            pytest.fail(f"a connection to {address} was tried")
        return connect(self, address)

    def guarded_look_up(host, *args, **kwargs):
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
        if name and name not in LOOPBACK:
            pytest.fail(f"the address of {name} was asked for")
        return look_up(host, *args, **kwargs)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)


def digest_of(folder):
    """One hash over the names and bytes of all files of a folder: to show that a folder was not touched."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        digest.update(f"{path.relative_to(folder)}\n".encode())
        if path.is_file() and not path.is_symlink():
            digest.update(path.read_bytes())
    return digest.hexdigest()


@pytest.fixture
def desk(tmp_path):
    """A notes folder with two answered questions and an open one, and no index yet."""
    from desk import EMPTY, SPACES, TABS, Desk

    made = Desk(tmp_path)
    made.write("a.txt", SPACES, EMPTY)
    made.write("b.txt", TABS)
    return made
