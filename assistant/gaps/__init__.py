"""Questions that the notes did not answer -> kept on this machine, grouped, and written down where they belong."""

from assistant.gaps.adding import Addition, added, write
from assistant.gaps.grouping import Gap, gaps
from assistant.gaps.log import FILE, Asked, forget, kept, record

__all__ = ["FILE", "Addition", "Asked", "Gap", "added", "forget", "gaps", "kept", "record", "write"]
