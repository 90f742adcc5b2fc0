"""A question -> Found: hits, best first, with the typos repaired and a fitted confidence."""

from assistant.retrieval.confidence import Confidence, load
from assistant.retrieval.find import find

__all__ = ["Confidence", "find", "load"]
