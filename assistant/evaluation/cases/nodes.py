"""Text -> YAML nodes, the same on every machine, with questions taken as people write them."""

from __future__ import annotations

from typing import Any

import yaml  # noqa: TID253 - imported with the first case file


class Loader(yaml.SafeLoader):
    """PyYAML's own scanner, also where libyaml is installed: the two do not take the same files.

    Libyaml takes `{ask: what is it?}`, as YAML 1.2 does, and PyYAML's scanner ends a text in braces at every `?`. It
    looks at a text with `peek` and copies it with `prefix`, so a question mark is hidden from its looks alone.
    """

    _in_text = False

    def scan_plain(self) -> Any:
        self._in_text = True
        try:
            return super().scan_plain()
        finally:
            self._in_text = False

    def peek(self, index: int = 0) -> str:
        found = str(super().peek(index))
        return "x" if self._in_text and found == "?" else found
