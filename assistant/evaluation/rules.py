"""eval/gate.yaml -> the rules of the gate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import CaseError, editing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Share = Annotated[float, Field(ge=0, le=1)]
EVERY_SUITE = "*"


class Rules(BaseModel):
    """What fails. Floors are by suite (`*` is every suite) and metric: at least, or at most where less is better."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1] = 1
    primary: tuple[str, ...] = ("hit@1", "nuggets_vital", "citation_f1", "false_answer", "auroc")
    tolerance: Share = 0.01
    hard_drop: Share = 0.05
    alpha: Share = 0.05
    max_errors: Annotated[int, Field(ge=0)] = 5
    floors: dict[str, dict[str, float]] = {}

    def floors_of(self, suite: str) -> Mapping[str, float]:
        """The floors of a suite: what holds for every suite, then its own."""
        return {**self.floors.get(EVERY_SUITE, {}), **self.floors.get(suite, {})}


def read_rules(path: Path) -> Rules:
    """The rules in a file, the default ones when there is none; `CaseError` names the key that cannot be taken."""
    import yaml

    if not path.is_file():
        return Rules()
    try:
        return Rules.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    except yaml.YAMLError as error:
        raise CaseError(f"{path}: not valid YAML ({error})", run=editing(path)) from error
    except ValidationError as error:
        mistake = error.errors()[0]
        what = f"{path}: `{'.'.join(map(str, mistake['loc']))}`: {mistake['msg']}"
        raise CaseError(what, run=editing(path)) from error
