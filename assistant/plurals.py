"""A number and a noun -> both as they are said: "1 note", "2 notes"."""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """The number with its noun; `many` is the plural where it is more than an s at the end."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"
