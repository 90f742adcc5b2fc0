"""An installation and its notes -> findings: what is wrong, where, and what mends it."""

from assistant.doctor.comparing import Side
from assistant.doctor.findings import CHECKS, Finding, Weight, needs_attention
from assistant.doctor.fixing import Fix, fixes, write
from assistant.doctor.folder import Folder, notes
from assistant.doctor.installed import Installation, installation
from assistant.doctor.spelling import misspelt

__all__ = [
    "CHECKS",
    "Finding",
    "Fix",
    "Folder",
    "Installation",
    "Side",
    "Weight",
    "fixes",
    "installation",
    "misspelt",
    "needs_attention",
    "notes",
    "write",
]
