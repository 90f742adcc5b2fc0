"""A case file as a person writes it, in pydantic: the one description that checks it and makes its JSON Schema."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True, strict=True)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:[-_.][a-z0-9]+)*$", max_length=120, strict=True)]
Split = Literal["auto", "dev", "heldout"]
Expect = Literal["answer", "noted_unanswered", "not_in_notes"]
Wording = Literal["typo", "keyword", "paraphrase", "follow_up"]
GRADES = {"sufficient alone": 2, "part of the answer": 1}


class Written(BaseModel):
    """What every part of a case file has in common: no key that nobody reads."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class WrittenTurn(Written):
    """An earlier turn: what the person said, or what the assistant did."""

    user: Text | None = None
    assistant: Text | None = None

    @model_validator(mode="after")
    def _one(self) -> WrittenTurn:
        if (self.user is None) == (self.assistant is None):
            raise ValueError("a turn has either `user` or `assistant`")
        return self


class GradedNote(Written):
    """A note by its question line or id, with how much of the answer it holds (2 alone, 1 in part)."""

    note: Text
    grade: Literal[1, 2] = 2


class WrittenNotes(Written):
    """Which notes answer: one of them is enough (`any_of`), or each is needed (`all_of`)."""

    any_of: tuple[Text | GradedNote, ...] = ()
    all_of: tuple[Text | GradedNote, ...] = ()

    @model_validator(mode="after")
    def _one(self) -> WrittenNotes:
        if bool(self.any_of) == bool(self.all_of):
            raise ValueError("notes has either `any_of` or `all_of`, with at least one note")
        return self


class WrittenEvidence(Written):
    """The words of a note that answer the question, as they stand there."""

    note: Text
    quote: Text


class WrittenNugget(Written):
    """A fact that a good answer says: `say` itself, any phrase of `any_of`, every phrase of `all_of`, or `regex`."""

    say: Text
    vital: bool = True
    any_of: tuple[Text, ...] = ()
    all_of: tuple[Text, ...] = ()
    regex: Text | None = None


class WrittenCase(Written):
    """One need for information, in one wording or several."""

    id: Name | None = Field(default=None, description="stable, kebab-case, never used again; default: from `ask`")
    cluster: Name | None = Field(default=None, description="default: the id; cases of one need share it")
    history: tuple[WrittenTurn, ...] = ()
    ask: Text
    variants: tuple[dict[Wording, Text], ...] = Field(default=(), description="other wordings, each `{typo: …}`")
    expect: Expect = "answer"
    notes: WrittenNotes | None = None
    evidence: tuple[WrittenEvidence, ...] = ()
    nuggets: tuple[WrittenNugget, ...] = ()
    forbid: tuple[Text, ...] = Field(default=(), description="must not be said")
    max_words: Annotated[int, Field(ge=1)] | None = None
    must_pass: bool = Field(default=False, description="pinned: the gate fails when it passed before and fails now")
    split: Split | None = Field(default=None, description="auto: held out by the hash of the cluster")
    tags: tuple[Name, ...] = ()
    origin: Text = Field(default="hand", description="hand, feedback:ID or generated")
    status: Literal["draft"] | None = Field(default=None, description="a draft is completed, then promoted")
    why: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("notes"), str):
            return {**data, "notes": {"any_of": [data["notes"]]}}
        if isinstance(data, dict) and isinstance(data.get("notes"), list):
            return {**data, "notes": {"any_of": data["notes"]}}
        return data

    @model_validator(mode="after")
    def _fits(self) -> WrittenCase:
        if self.expect == "not_in_notes" and (self.notes or self.evidence or self.nuggets):
            raise ValueError("a case that expects not_in_notes has no notes, evidence or nuggets")
        if self.expect != "not_in_notes" and self.notes is None:
            raise ValueError(f"a case that expects {self.expect} names its notes (or `expect: not_in_notes`)")
        if any(len(variant) != 1 for variant in self.variants):
            raise ValueError("a variant is one `kind: wording`")
        return self


class Defaults(Written):
    """What holds for every case of the file that does not say otherwise."""

    split: Split = "auto"
    tags: tuple[Name, ...] = ()


class CaseFile(Written):
    """The whole file; `corpus` is the folder of notes that it asks about (default: the notes of the settings)."""

    version: Literal[1] = 1
    corpus: Text | None = None
    defaults: Defaults = Defaults()
    cases: tuple[WrittenCase, ...]


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a case file, for editors."""
    schema = CaseFile.model_json_schema()
    notes = schema["$defs"]["WrittenCase"]["properties"]["notes"]
    notes["anyOf"] = [*notes["anyOf"], {"type": "string"}, {"type": "array", "items": {"type": "string"}}]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Evaluation cases"}
