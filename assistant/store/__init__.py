"""Vectors -> a store that finds the nearest: rows and scores only, what they mean stays with the passages."""

from assistant.store.joined import Joined
from assistant.store.stores import STORES, ExactStore, FaissStore, Store, store_named

__all__ = ["STORES", "ExactStore", "FaissStore", "Joined", "Store", "store_named"]
