"""Answers from your own notes, with citations that open at the exact lines."""

__version__ = "0.1.0"
