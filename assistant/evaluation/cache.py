"""A way to ask -> the same, that asks once: answers of a language model kept by the content that decides them."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING

from assistant.evaluation.stored import answer_of, answer_row, corpus_sha

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from assistant.evaluation.cases.gold import Corpus
    from assistant.evaluation.run import Ask
    from assistant.types import Answer, Turn


def remembering(ask: Ask, folder: Path, engine: Mapping[str, str], corpus: Corpus) -> Ask:
    """Ask only what was not asked before: same question, history, notes and engine, and the same time of asking.

    The second time a process asks a question is another answer than the first, so that `--repeat` means
    something. Answers that fell back to quoting are not kept.
    """
    times: Counter[str] = Counter()
    fixed = [corpus_sha(corpus), sorted(engine.items())]

    def remembered(question: str, history: Sequence[Turn] = ()) -> Answer:
        asked = _sha([*fixed, question, [[turn.role, turn.content] for turn in history]])
        times[asked] += 1
        path = folder / f"{_sha([asked, times[asked]])}.json"
        if path.is_file():
            return answer_of(json.loads(path.read_text(encoding="utf-8")), question, corpus)
        answer = ask(question, history)
        if answer.fault is None:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(answer_row(answer), ensure_ascii=False), encoding="utf-8")
        return answer

    return remembered


def _sha(content: object) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()[:32]
