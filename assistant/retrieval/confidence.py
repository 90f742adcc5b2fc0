"""Signals -> how sure we are that the notes answer, and which of the three outcomes it is."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from assistant.errors import SettingsError
from assistant.types import ANSWERED, NOT_IN_NOTES, NOTED_UNANSWERED

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from assistant.types import Status

DEFAULT = "confidence.json"


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic model over standardised signals: `sigmoid(intercept + Σ weight · (signal - mean) / scale)`."""

    features: tuple[str, ...]
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    intercept: float

    def probability(self, signals: Mapping[str, float]) -> float:
        terms = zip(self.features, self.mean, self.scale, self.weights, strict=True)
        logit = self.intercept + sum(weight * (signals[name] - mean) / scale for name, mean, scale, weight in terms)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Two questions in turn: was this asked in the notes and left open; if not, do the notes answer it.

    Where the notes seem to answer, a question counts as left open from `noted_despite_answer` on: an answer
    that is withheld costs more than the difference between "never answered" and "not in your notes".
    """

    noted: Logistic
    noted_threshold: float
    noted_despite_answer: float
    answered: Logistic
    answered_threshold: float

    @property
    def signals(self) -> frozenset[str]:
        """All that is looked at."""
        return frozenset((*self.noted.features, *self.answered.features))

    def judge(
        self, signals: Mapping[str, float], *, has_open: bool = True, has_answers: bool = True
    ) -> tuple[Status, float]:
        """The outcome, and the probability (0..1) that the notes answer the question.

        Notes without an open question cannot leave it open, and notes without an answer cannot answer it,
        whatever the signals say.
        """
        noted, answered = self.noted.probability(signals), self.answered.probability(signals)
        is_answered = has_answers and answered >= self.answered_threshold
        if has_open and noted >= (self.noted_despite_answer if is_answered else self.noted_threshold):
            return NOTED_UNANSWERED, answered * (1 - noted)
        return (ANSWERED if is_answered else NOT_IN_NOTES), answered


@dataclass(frozen=True, slots=True)
class Confidence:
    """The models of a file in the order of preference: the first whose signals are all measured decides.

    The package has two: one that looks at the verdict of the embedding model too, and one for models without.
    """

    outcomes: tuple[Outcomes, ...]
    fitted_on: Mapping[str, Any]

    def judge(
        self, signals: Mapping[str, float], *, has_open: bool = True, has_answers: bool = True
    ) -> tuple[Status, float]:
        """As `Outcomes.judge`. Raises SettingsError for models over signals that are not measured."""
        for outcomes in self.outcomes:
            if outcomes.signals <= signals.keys():
                return outcomes.judge(signals, has_open=has_open, has_answers=has_answers)
        unknown = ", ".join(sorted(self.outcomes[-1].signals - signals.keys()))
        raise SettingsError(
            f"the confidence file speaks of the signal {unknown}, which is not measured", run="assistant eval fit"
        )


def load(path: Path | None = None) -> Confidence:
    """The fitted models of a file, or those that come with the package. Raises SettingsError."""
    try:
        text = (files("assistant.retrieval") / DEFAULT).read_text("utf-8") if path is None else path.read_text("utf-8")
        return _confidence(json.loads(text))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsError(
            f"the confidence file {path} cannot be read ({_why(error)})", run="assistant eval fit"
        ) from error


def _confidence(data: Any) -> Confidence:
    if not isinstance(data, dict):
        raise TypeError("what it holds is no object")
    return Confidence(tuple(map(_outcomes, (data, *data.get("otherwise", ())))), data.get("fitted_on", {}))


def _outcomes(data: Mapping[str, Any]) -> Outcomes:
    noted, answered = data["noted"], data["answered"]
    return Outcomes(
        _logistic(noted),
        _finite(noted["threshold"]),
        _finite(noted.get("despite_answer", noted["threshold"])),
        _logistic(answered),
        _finite(answered["threshold"]),
    )


def _logistic(data: Mapping[str, Any]) -> Logistic:
    model = Logistic(
        tuple(data["features"]),
        tuple(map(_finite, data["mean"])),
        tuple(map(_finite, data["scale"])),
        tuple(map(_finite, data["weights"])),
        _finite(data["intercept"]),
    )
    if not len(model.features) == len(model.mean) == len(model.scale) == len(model.weights):
        raise ValueError("features, mean, scale and weights are not of one length")
    if not all(scale > 0 for scale in model.scale):
        raise ValueError("a scale is not above 0")
    return model


def _finite(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{number} is no number to count with")
    return number


def _why(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return f"it lacks {error}" if isinstance(error, KeyError) else f"it holds no coefficients: {error}"
