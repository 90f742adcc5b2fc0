"""Scores -> what can be said of them: means by cluster, exact bounds, ranking quality, paired tests."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

SEED = 20_240_501
RESAMPLES = 2_000
FLIPS = 10_000
ENUMERATED = 16  # clusters that differ, up to which every pattern of signs is looked at
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over clusters, the number of scores in it, and its 90 % cluster bootstrap interval."""

    value: float
    cases: int
    clusters: int
    low: float
    high: float


def by_cluster(values: Iterable[tuple[str, float]]) -> Mapping[str, float]:
    """The mean of each cluster, in order of their names: wordings of one need are no independent proof."""
    grouped: dict[str, list[float]] = {}
    for cluster, value in values:
        grouped.setdefault(cluster, []).append(value)
    return {cluster: math.fsum(found) / len(found) for cluster, found in sorted(grouped.items())}


def mean(values: Sequence[tuple[str, float]]) -> Mean | None:
    """The mean over clusters of (cluster, score) pairs; None when there are none."""
    import numpy as np

    means = np.array(list(by_cluster(values).values()))
    if not len(means):
        return None
    low, high = _interval(means)
    return Mean(float(means.mean()), len(values), len(means), low, high)


def upper_bound(failures: int, trials: int, confidence: float = CONFIDENCE) -> float:
    """The exact (Clopper-Pearson) one-sided upper bound of a rate: 0 of 60 is at most 0.049."""
    if trials == 0 or failures >= trials:
        return 1.0
    from scipy.stats import beta

    return float(beta.ppf(confidence, failures + 1, trials - failures))


def auroc(confidence: Sequence[float], positive: Sequence[bool]) -> float | None:
    """The chance that a positive is more confident than a negative, ties half; None without both kinds."""
    import numpy as np

    scores, truth = np.asarray(confidence), np.asarray(positive, dtype=bool)
    if truth.all() or not truth.any():
        return None
    from scipy.stats import rankdata

    ranks, many = rankdata(scores), int(truth.sum())
    return float((ranks[truth].sum() - many * (many + 1) / 2) / (many * (len(truth) - many)))


@dataclass(frozen=True, slots=True)
class Curve:
    """Risk against coverage, most confident first. `excess` is the area above that of a perfect order."""

    coverage: tuple[float, ...]
    risk: tuple[float, ...]
    area: float
    excess: float

    def coverage_at(self, risk: float) -> float:
        """The largest share of questions that can be answered at no more than this risk."""
        return max((c for c, r in zip(self.coverage, self.risk, strict=True) if r <= risk), default=0.0)


def risk_coverage(confidence: Sequence[float], wrong: Sequence[bool]) -> Curve | None:
    """The curve of answering only the most confident; equals in confidence are taken together."""
    import numpy as np

    if not len(confidence):
        return None
    scores, bad = np.asarray(confidence), np.asarray(wrong, dtype=float)
    order = np.argsort(-scores, kind="stable")
    many = np.arange(1, len(scores) + 1)
    last = np.append(scores[order][1:] != scores[order][:-1], [True])
    risk = np.cumsum(bad[order]) / many
    held = _held(risk, last)
    ideal = np.cumsum(np.sort(bad)) / many
    coverage = tuple(float(each) for each in (many / len(many))[last])
    return Curve(coverage, tuple(float(each) for each in risk[last]), float(held.mean()), float((held - ideal).mean()))


def _held(risk: NDArray[np.float64], last: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Every member of a tie has the risk of the whole tie: no order inside it is better than another."""
    import numpy as np

    ends = np.flatnonzero(last)
    return risk[ends[np.searchsorted(ends, np.arange(len(risk)))]]


def sign_flip(differences: Sequence[float]) -> float:
    """The one-sided p of a drop: how often random signs give a sum as low as the one seen.

    Up to 16 clusters that differ every pattern is looked at; above, 10,000 seeded ones, p = (1 + hits) / (R + 1).
    """
    import numpy as np

    changed = np.array([each for each in differences if each != 0])
    if not len(changed):
        return 1.0
    seen = changed.sum() + 1e-12
    if len(changed) <= ENUMERATED:
        patterns = (np.arange(2 ** len(changed))[:, None] >> np.arange(len(changed))) & 1
        return float(((1 - 2 * patterns) @ changed <= seen).mean())
    signs = np.random.default_rng(SEED).choice(np.array([-1.0, 1.0]), size=(FLIPS, len(changed)))
    return float((1 + (signs @ changed <= seen).sum()) / (FLIPS + 1))


def label_permutation(
    before: Sequence[float],
    after: Sequence[float],
    clusters: Sequence[str],
    measure: Callable[[Sequence[float]], float],
) -> float:
    """The one-sided p of a drop in a measure over all cases: the two runs' labels swapped cluster by cluster."""
    import numpy as np

    old, new = np.asarray(before), np.asarray(after)
    _, cluster = np.unique(np.asarray(clusters), return_inverse=True)
    seen = measure(list(new)) - measure(list(old))
    random = np.random.default_rng(SEED)
    rounds, hits = RESAMPLES // 2, 0
    for _ in range(rounds):
        swapped = random.integers(0, 2, cluster.max() + 1).astype(bool)[cluster]
        hits += measure(list(np.where(swapped, old, new))) - measure(list(np.where(swapped, new, old))) <= seen + 1e-12
    return (1 + hits) / (rounds + 1)


def holm(values: Mapping[str, float]) -> Mapping[str, float]:
    """The p values, corrected for having looked at several metrics (Holm's step-down)."""
    adjusted: dict[str, float] = {}
    highest = 0.0
    for position, (name, value) in enumerate(sorted(values.items(), key=lambda item: (item[1], item[0]))):
        highest = max(highest, min(1.0, value * (len(values) - position)))
        adjusted[name] = highest
    return adjusted


def interval(differences: Sequence[float]) -> tuple[float, float]:
    """The 90 % bootstrap interval of the mean of the clusters' differences, seeded."""
    import numpy as np

    return _interval(np.asarray(differences, dtype=float)) if len(differences) else (0.0, 0.0)


def _interval(means: NDArray[np.float64]) -> tuple[float, float]:
    import numpy as np

    drawn = np.random.default_rng(SEED).integers(0, len(means), (RESAMPLES, len(means)))
    low, high = np.percentile(means[drawn].mean(axis=1), [5, 95])
    return float(low), float(high)
