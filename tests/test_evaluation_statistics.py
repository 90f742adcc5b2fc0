"""Statistics: known values, and agreement with the libraries that people know."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from assistant.evaluation.statistics import auroc, holm, interval, mean, risk_coverage, sign_flip, upper_bound

CONFIDENCES = st.lists(st.tuples(st.sampled_from([0.1, 0.2, 0.5, 0.5, 0.9]), st.booleans()), min_size=2, max_size=40)


@pytest.mark.parametrize(
    ("failures", "trials", "bound"), [(0, 30, 0.095), (0, 60, 0.049), (1, 100, 0.047), (0, 150, 0.020), (3, 3, 1.0)]
)
def test_the_bound_is_the_exact_one(failures, trials, bound):
    assert upper_bound(failures, trials) == pytest.approx(bound, abs=5e-4)


def test_no_trial_proves_nothing():
    assert upper_bound(0, 0) == 1.0


@given(CONFIDENCES)
def test_auroc_agrees_with_scikit_learn(pairs):
    scores, truth = [score for score, _ in pairs], [positive for _, positive in pairs]
    if len(set(truth)) == 1:
        assert auroc(scores, truth) is None
    else:
        assert auroc(scores, truth) == pytest.approx(roc_auc_score(truth, scores))


@given(CONFIDENCES)
def test_the_curve_ends_where_everything_is_answered_and_is_never_better_than_a_perfect_order(pairs):
    curve = risk_coverage([score for score, _ in pairs], [wrong for _, wrong in pairs])

    assert curve.coverage[-1] == 1
    assert curve.risk[-1] == pytest.approx(np.mean([wrong for _, wrong in pairs]))
    assert curve.excess >= -1e-12


def test_a_perfect_order_has_no_excess():
    assert risk_coverage([0.9, 0.8, 0.2], [False, False, True]).excess == 0


def test_five_losses_and_no_win_are_the_fewest_that_count():
    assert sign_flip([-1.0] * 5 + [0.0] * 50) == pytest.approx(1 / 32)
    assert sign_flip([-1.0]) == 0.5
    assert sign_flip([]) == 1.0


def test_many_clusters_are_flipped_at_random_the_same_way_every_time():
    differences = [-0.2] * 18 + [0.2] * 6

    assert sign_flip(differences) == sign_flip(differences)
    assert sign_flip(differences) < 0.05 < sign_flip([-0.2, 0.2] * 12)


def test_holm_is_the_textbook_correction():
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03}) == pytest.approx({"a": 0.03, "c": 0.06, "b": 0.06})


def test_a_need_counts_once_however_many_wordings_it_has():
    found = mean([("a", 1.0), ("a", 1.0), ("a", 1.0), ("b", 0.0)])

    assert (found.value, found.cases, found.clusters) == (0.5, 4, 2)


def test_the_interval_holds_the_mean():
    low, high = interval([0.1, -0.2, 0.3, 0.0] * 10)

    assert low <= 0.05 <= high
