"""Texts -> vectors of length 1, by one model whose weights are known by their hash."""

from assistant.embed.embedder import Embedder, open_embedder
from assistant.embed.weights import MINILM

__all__ = ["MINILM", "Embedder", "open_embedder"]
