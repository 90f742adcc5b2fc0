"""Texts -> vectors of length 1, by one model whose weights are known by their hash."""

from assistant.embed.checking import checked_weights, likeness_of_copy, reader_of_copy
from assistant.embed.embedder import Embedder, open_embedder
from assistant.embed.weights import MINILM

__all__ = ["MINILM", "Embedder", "checked_weights", "likeness_of_copy", "open_embedder", "reader_of_copy"]
