"""Signals and labels -> a logistic model that a person can read: standardised features."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]

FOLDS = 5
DIGITS = 6


@dataclass(frozen=True, slots=True)
class Logistic:
    """`sigmoid(intercept + Σ weight · (signal - mean) / scale)`."""

    features: tuple[str, ...]
    mean: Matrix
    scale: Matrix
    weights: Matrix
    intercept: float

    def probabilities(self, rows: Sequence[Mapping[str, float]]) -> list[float]:
        """The probability of each row of signals."""
        import numpy as np

        logits = self.intercept + ((_matrix(rows, self.features) - self.mean) / self.scale) @ self.weights
        return [float(each) for each in 1 / (1 + np.exp(-np.clip(logits, -30, 30)))]

    def data(self, threshold: float) -> Mapping[str, Any]:
        """The coefficients as the retrieval reads them."""
        return {
            "features": list(self.features),
            "mean": _rounded(self.mean),
            "scale": _rounded(self.scale),
            "weights": _rounded(self.weights),
            "intercept": round(self.intercept, DIGITS),
            "threshold": round(threshold, DIGITS),
        }


def learn(rows: Sequence[Mapping[str, float]], labels: Sequence[bool], features: Sequence[str]) -> Logistic:
    """Fit the labels by the features named; L2, C = 1. No class is weighted, so that a chance means what it says."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    data = _matrix(rows, features)
    mean, scale = data.mean(axis=0), data.std(axis=0)
    scale = np.where(scale == 0, 1.0, scale)
    model = LogisticRegression(C=1.0, max_iter=2000, tol=1e-8)
    model.fit((data - mean) / scale, np.asarray(labels))
    return Logistic(tuple(features), mean, scale, model.coef_[0], float(model.intercept_[0]))


def folds(clusters: Sequence[str]) -> list[tuple[list[int], list[int]]]:
    """(learnt on, tried on), no cluster in both: the wordings of a need know each other."""
    import numpy as np
    from sklearn.model_selection import GroupKFold

    groups = np.asarray(clusters)
    split = GroupKFold(min(FOLDS, len(set(clusters)))).split(groups, groups=groups)
    return [([int(at) for at in learnt], [int(at) for at in tried]) for learnt, tried in split]


def _matrix(rows: Sequence[Mapping[str, float]], features: Sequence[str]) -> Matrix:
    import numpy as np

    return np.array([[row[name] for name in features] for row in rows], dtype=float).reshape(len(rows), len(features))


def _rounded(values: Matrix) -> list[float]:
    return [round(float(each), DIGITS) for each in values]
