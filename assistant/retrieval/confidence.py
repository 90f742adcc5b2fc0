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
class Confidence:
    """Two questions in turn: did they write this question and never answer it; if not, do the notes answer it?"""

    noted: Logistic
    noted_threshold: float
    answered: Logistic
    answered_threshold: float
    fitted_on: Mapping[str, Any]

    def judge(self, signals: Mapping[str, float]) -> tuple[Status, float]:
        """The outcome, and the probability (0..1) that the notes answer the question."""
        noted = self.noted.probability(signals)
        answered = self.answered.probability(signals)
        if noted >= self.noted_threshold:
            return NOTED_UNANSWERED, answered * (1 - noted)
        return (ANSWERED if answered >= self.answered_threshold else NOT_IN_NOTES), answered


def load(path: Path | None = None) -> Confidence:
    """The fitted model of a file, or the one that comes with the package. Raises SettingsError."""
    try:
        text = (files("assistant.retrieval") / DEFAULT).read_text("utf-8") if path is None else path.read_text("utf-8")
        data = json.loads(text)
        noted, answered = data["noted"], data["answered"]
        return Confidence(
            _logistic(noted),
            float(noted["threshold"]),
            _logistic(answered),
            float(answered["threshold"]),
            data.get("fitted_on", {}),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsError(
            f"the confidence file {path} cannot be read ({error!r})", run="assistant eval fit, or take the setting out"
        ) from error


def _logistic(data: Mapping[str, Any]) -> Logistic:
    model = Logistic(
        tuple(data["features"]),
        tuple(map(float, data["mean"])),
        tuple(map(float, data["scale"])),
        tuple(map(float, data["weights"])),
        float(data["intercept"]),
    )
    if not len(model.features) == len(model.mean) == len(model.scale) == len(model.weights):
        raise ValueError("features, mean, scale and weights are not of one length")
    return model
