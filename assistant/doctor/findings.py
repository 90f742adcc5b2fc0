"""One thing that was looked at -> a finding, with its place and the command that mends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assistant.doctor.comparing import Side

Weight = Literal["fine", "hint", "attention", "broken"]
"""`fine` is as it should be, `hint` may be so, `attention` should be looked at, `broken` keeps from working."""


CHECKS = (
    *("versions", "weights", "model-copy", "index", "lock", "disk", "modes", "llm", "hosts"),
    *(
        "notes",
        "secret",
        "contradiction",
        "misspelt",
        "reading",
        "skipped",
        "duplicate",
        "near-duplicate",
        "unanswered",
        "stub",
    ),
    *("cut", "outside"),
)
"""The names that `Finding.check` has: of the installation, then of the notes."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`check` names what was looked at; `path` and `line` are "" and 0 where it has no place in a file.

    `beside` holds both sides of what two notes say about the same, and nothing otherwise.
    """

    check: str
    weight: Weight
    what: str
    path: str = ""
    line: int = 0
    run: str = ""
    beside: tuple[Side, ...] = ()

    @property
    def where(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


def needs_attention(findings: Iterable[Finding], *, strict: bool) -> bool:
    """Whether there is something that a person should look at; hints count when they want to be strict."""
    weights = {"attention", "broken", "hint"} if strict else {"attention", "broken"}
    return any(finding.weight in weights for finding in findings)
