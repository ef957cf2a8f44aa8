"""Counts, areas and scores against scikit-learn, where definitions meet; ties, NaN and errors."""

import numpy as np
import pytest
import sklearn.metrics

from kerasette import metrics, ops

rng = np.random.default_rng(3)
N = 200
LABELS = rng.integers(0, 2, N)
# Between thresholds that are multiples of a tenth: the curve passes through every point.
scores = (rng.integers(0, 10, N) + 0.5) / 10
scores[LABELS == 1] = np.maximum(scores[LABELS == 1], rng.choice(scores, (LABELS == 1).sum()))
TENTHS = [i / 10 for i in range(1, 10)]
WEIGHTS = rng.uniform(0.1, 3, N)
DECISIONS = scores > 0.5

MANY = rng.integers(0, 2, (N, 3))
P_OF_MANY = (rng.integers(0, 10, (N, 3)) + 0.5) / 10
CLASSES = rng.integers(0, 4, N)
SHARES = rng.dirichlet(np.ones(4), N)


def in_batches(metric, y_true, y_pred, weights=None):
    for rows in np.array_split(np.arange(len(y_true)), 4):
        metric.update_state(y_true[rows], y_pred[rows], None if weights is None else weights[rows])
    return metric.result().numpy()


@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["plain", "weighted"])
@pytest.mark.parametrize("arguments", [{"thresholds": TENTHS}, {"num_thresholds": 11}])
def test_area_under_roc(arguments, weights):
    expected = sklearn.metrics.roc_auc_score(LABELS, scores, sample_weight=weights)
    found = in_batches(metrics.AUC(**arguments), LABELS, scores, weights)
    assert found == pytest.approx(expected, rel=1e-5)


def test_area_of_logits_is_that_of_probabilities():
    logits = np.log(scores / (1 - scores))
    found = in_batches(metrics.AUC(thresholds=TENTHS, from_logits=True), LABELS, logits)
    assert found == pytest.approx(sklearn.metrics.roc_auc_score(LABELS, scores), rel=1e-5)


@pytest.mark.parametrize("shares", [None, [0.2, 0.5, 0.3]])
def test_area_of_several_labels(shares):
    metric = metrics.AUC(thresholds=TENTHS, multi_label=True, label_weights=shares)
    areas = sklearn.metrics.roc_auc_score(MANY, P_OF_MANY, average=None)
    found = in_batches(metric, MANY, P_OF_MANY)
    assert found == pytest.approx(np.average(areas, weights=shares), rel=1e-5)


def test_area_of_flattened_labels_is_the_micro_average():
    found = in_batches(metrics.AUC(thresholds=TENTHS), MANY, P_OF_MANY)
    expected = sklearn.metrics.roc_auc_score(MANY, P_OF_MANY, average="micro")
    assert found == pytest.approx(expected, rel=1e-5)


def test_area_under_precision_and_recall_lies_between_its_bounds():
    recalls = [sklearn.metrics.recall_score(LABELS, scores > t) for t in [-1, *TENTHS, 2]]
    precisions = [
        sklearn.metrics.precision_score(LABELS, scores > t, zero_division=0)
        for t in [-1, *TENTHS, 2]
    ]
    steps = -np.diff(recalls)
    expected = {
        "minoring": (steps * np.minimum(precisions[1:], precisions[:-1])).sum(),
        "majoring": (steps * np.maximum(precisions[1:], precisions[:-1])).sum(),
    }
    for method, area in expected.items():
        metric = metrics.AUC(thresholds=TENTHS, curve="PR", summation_method=method)
        assert in_batches(metric, LABELS, scores) == pytest.approx(area, rel=1e-5)
    area = in_batches(metrics.AUC(thresholds=TENTHS, curve="PR"), LABELS, scores)
    assert expected["minoring"] < area < expected["majoring"]
    # A step function through the same points, which is not far.
    assert area == pytest.approx(sklearn.metrics.average_precision_score(LABELS, scores), abs=0.02)


@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["plain", "weighted"])
def test_precision_recall_and_counts(weights):
    matrix = sklearn.metrics.confusion_matrix(LABELS, DECISIONS, sample_weight=weights)
    for name, expected in zip(
        ("TrueNegatives", "FalsePositives", "FalseNegatives", "TruePositives"), matrix.reshape(-1)
    ):
        found = in_batches(getattr(metrics, name)(), LABELS, scores, weights)
        assert found == pytest.approx(expected, rel=1e-5)
    precision = sklearn.metrics.precision_score(LABELS, DECISIONS, sample_weight=weights)
    assert in_batches(metrics.Precision(), LABELS, scores, weights) == pytest.approx(
        precision, rel=1e-5
    )
    recall = sklearn.metrics.recall_score(LABELS, DECISIONS, sample_weight=weights)
    assert in_batches(metrics.Recall(), LABELS, scores, weights) == pytest.approx(recall, rel=1e-5)


def test_several_thresholds_are_a_vector():
    found = in_batches(metrics.Recall(thresholds=[0.2, 0.6]), LABELS, scores)
    expected = [sklearn.metrics.recall_score(LABELS, scores > t) for t in (0.2, 0.6)]
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_best_of_one_share_where_another_is_large_enough():
    cuts = [i / 10 for i in range(11)]
    recalls = np.array([sklearn.metrics.recall_score(LABELS, scores > t) for t in cuts])
    precisions = np.array(
        [sklearn.metrics.precision_score(LABELS, scores > t, zero_division=0) for t in cuts]
    )
    specificities = np.array([sklearn.metrics.recall_score(1 - LABELS, scores <= t) for t in cuts])
    for name, bounded, best in (
        ("PrecisionAtRecall", recalls, precisions),
        ("RecallAtPrecision", precisions, recalls),
        ("SensitivityAtSpecificity", specificities, recalls),
        ("SpecificityAtSensitivity", recalls, specificities),
    ):
        metric = getattr(metrics, name)(0.55, num_thresholds=11)
        expected = best[bounded >= 0.55].max()
        assert in_batches(metric, LABELS, scores) == pytest.approx(expected, rel=1e-6)
        assert float(getattr(metrics, name)(0.99)(LABELS[:2], LABELS[:2] * 0.0)) >= 0.0


@pytest.mark.parametrize("average", [None, "micro", "macro", "weighted"])
@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["plain", "weighted"])
def test_f_scores(average, weights):
    beta, decisions = 2.0, P_OF_MANY > 0.4
    expected = sklearn.metrics.fbeta_score(
        MANY, decisions, beta=beta, average=average, sample_weight=weights
    )
    metric = metrics.FBetaScore(average=average, beta=beta, threshold=0.4)
    np.testing.assert_allclose(in_batches(metric, MANY, P_OF_MANY, weights), expected, rtol=1e-5)
    one_hot = np.eye(4)[CLASSES]
    expected = sklearn.metrics.f1_score(CLASSES, SHARES.argmax(-1), average=average)
    found = in_batches(metrics.F1Score(average=average), one_hot, SHARES)
    np.testing.assert_allclose(found, expected, rtol=1e-5)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (None, "raw_values"),
        ("uniform_average", "uniform_average"),
        ("variance_weighted_average", "variance_weighted"),
    ],
)
@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["plain", "weighted"])
def test_coefficient_of_determination(ours, theirs, weights):
    y_true = rng.normal(size=(N, 3)) * [1, 2, 3]
    y_pred = y_true + rng.normal(size=(N, 3))
    expected = sklearn.metrics.r2_score(y_true, y_pred, multioutput=theirs, sample_weight=weights)
    metric = metrics.R2Score(class_aggregation=ours)
    found = in_batches(metric, y_true, y_pred, weights)
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_adjusted_coefficient_and_too_few_samples():
    y_true, y_pred = rng.normal(size=(2, 6, 1))
    plain = float(metrics.R2Score()(y_true, y_pred))
    adjusted = float(metrics.R2Score(num_regressors=2)(y_true, y_pred))
    assert adjusted == pytest.approx(1 - (1 - plain) * 5 / 3, rel=1e-5)
    with pytest.warns(UserWarning, match=r"Division by zero.*standard R2"):
        assert float(metrics.R2Score(num_regressors=5)(y_true, y_pred)) == plain
    with pytest.warns(UserWarning, match=r"More independent predictors.*standard R2"):
        assert float(metrics.R2Score(num_regressors=6)(y_true, y_pred)) == plain


def test_intersection_over_union():
    predicted = SHARES.argmax(-1)
    expected = sklearn.metrics.jaccard_score(CLASSES, predicted, average=None)
    found = in_batches(metrics.MeanIoU(num_classes=4), CLASSES, predicted)
    assert found == pytest.approx(expected.mean(), rel=1e-5)
    metric = metrics.IoU(num_classes=4, target_class_ids=[1, 3])
    assert in_batches(metric, CLASSES, predicted) == pytest.approx(expected[[1, 3]].mean(), 1e-5)
    metric = metrics.OneHotIoU(num_classes=4, target_class_ids=[2])
    found = in_batches(metric, np.eye(4)[CLASSES], SHARES)
    assert found == pytest.approx(expected[2], rel=1e-5)


def test_counts_of_places_are_whole_and_exact():
    metric = metrics.MeanIoU(num_classes=2)
    for _ in range(3):
        metric.update_state([0, 1], [0, 1], sample_weight=[2**24 + 1, 1])
    assert metric.total_cm.dtype == "int32"
    assert int(metric.total_cm.numpy()[0, 0]) == 3 * (2**24 + 1)


def test_weights_that_are_not_whole_are_warned_of():
    metric = metrics.MeanIoU(num_classes=2)
    with pytest.warns(UserWarning, match="weight as `float`"):
        metric.update_state([0, 1], [0, 1], sample_weight=np.array([0.5, 1.5]))
    assert metric.total_cm.numpy().tolist() == [[0, 0], [0, 1]]
    metric = metrics.MeanIoU(num_classes=2, dtype="float32")
    metric.update_state([0, 1], [0, 1], sample_weight=np.array([0.5, 1.5]))
    assert metric.total_cm.numpy().tolist() == [[0.5, 0], [0, 1.5]]


@pytest.mark.parametrize("k", [1, 2, 3])
@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["plain", "weighted"])
def test_top_k(k, weights):
    expected = sklearn.metrics.top_k_accuracy_score(CLASSES, SHARES, k=k, sample_weight=weights)
    metric = metrics.SparseTopKCategoricalAccuracy(k=k)
    assert in_batches(metric, CLASSES, SHARES, weights) == pytest.approx(expected, rel=1e-6)
    metric = metrics.TopKCategoricalAccuracy(k=k)
    found = in_batches(metric, np.eye(4)[CLASSES], SHARES, weights)
    assert found == pytest.approx(expected, rel=1e-6)
    ids = np.argsort(-SHARES, axis=-1)
    metric = metrics.SparseTopKCategoricalAccuracy(k=k, from_sorted_ids=True)
    assert in_batches(metric, CLASSES, ids, weights) == pytest.approx(expected, rel=1e-6)


def test_nan_is_not_among_the_best():
    y_pred = np.array([[np.nan, 0.2, 0.1]])
    assert metrics.sparse_top_k_categorical_accuracy([0], y_pred, k=1).numpy().tolist() == [0.0]
    assert metrics.sparse_top_k_categorical_accuracy([1], y_pred, k=1).numpy().tolist() == [0.0]
    assert metrics.sparse_top_k_categorical_accuracy([1], y_pred, k=2).numpy().tolist() == [1.0]


def test_top_k_precision_takes_the_first_of_equal_predictions():
    y_pred = [[0.4, 0.4, 0.4]]
    assert float(metrics.Precision(top_k=1)([[1, 0, 0]], y_pred)) == 1.0
    assert float(metrics.Precision(top_k=2)([[0, 0, 1]], y_pred)) == 0.0
    assert float(metrics.Recall(top_k=3)([[0, 0, 1]], y_pred)) == 1.0


def test_results_before_any_data():
    for name in ("AUC", "Precision", "Recall", "TruePositives", "MeanIoU"):
        arguments = {"num_classes": 3} if name == "MeanIoU" else {}
        assert float(getattr(metrics, name)(**arguments).result()) == 0.0
    assert float(metrics.AUC(multi_label=True).result()) == 0.0
    for name in ("F1Score", "R2Score"):
        with pytest.raises(ValueError, match=r"no result yet.*update_state"):
            getattr(metrics, name)().result()


def test_shapes_that_do_not_fit_raise_and_change_nothing():
    for metric in (metrics.Precision(), metrics.AUC()):
        with pytest.raises(ValueError, match="incompatible"):
            metric.update_state([0, 1], [0.1, 0.2, 0.3])
        with pytest.raises(ValueError, match="broadcast"):
            metric.update_state([0, 1], [0.1, 0.2], sample_weight=[1.0, 2.0, 3.0])
        assert all(not variable.numpy().any() for variable in metric.variables)
    with pytest.raises(ValueError, match="incompatible"):
        metrics.MeanIoU(num_classes=2)([0, 1], [0, 1, 1])
    with pytest.raises(ValueError, match="top_k=4"):
        metrics.Precision(top_k=4)([[0, 1]], [[0.5, 0.6]])
    with pytest.raises(ValueError, match="broadcast"):
        metrics.F1Score()(np.eye(3), np.ones((3, 2)))
    with pytest.raises(ValueError, match="position 0"):
        metrics.SparseTopKCategoricalAccuracy(k=1)([3], [[0.1, 0.9]])


def test_class_numbers_out_of_range_are_left_out():
    metric = metrics.MeanIoU(num_classes=2)
    metric.update_state([0, -1, 2, 1, 0], [0, 0, 1, 5, 1])
    assert metric.total_cm.numpy().tolist() == [[1, 1], [0, 0]]


def test_thresholds_are_those_of_keras():
    assert metrics.AUC(num_thresholds=4).thresholds == pytest.approx(
        [-1e-7, 1 / 3, 2 / 3, 1 + 1e-7], abs=1e-12
    )
    assert metrics.AUC(thresholds=[0.7, 0.2]).thresholds[1:-1] == [0.2, 0.7]
    assert metrics.PrecisionAtRecall(0.5, num_thresholds=3).thresholds == [0.0, 0.5, 1.0]
    assert metrics.Recall(thresholds=0.3).thresholds == [0.3]


@pytest.mark.parametrize("num_thresholds", [3, 200, 201, 1000])
def test_predictions_on_thresholds_are_not_above_them(num_thresholds):
    # On every threshold, in float32: how Keras's rounding falls is kept, but 0, 1/2 and 1 are sure.
    metric = metrics.SensitivityAtSpecificity(0.5, num_thresholds=num_thresholds)
    metric.update_state([1, 1, 1], np.array([0.0, 0.5, 1.0], dtype="float32"))
    above = metric.true_positives.numpy()
    thresholds = np.array(metric.thresholds)
    expected = [(np.array([0.0, 0.5, 1.0]) > t).sum() for t in thresholds]
    np.testing.assert_array_equal(above, expected)


def test_tensors_are_taken_as_well_as_arrays():
    y_true, y_pred = ops.convert_to_tensor(LABELS), ops.convert_to_tensor(scores)
    assert float(metrics.AUC()(y_true, y_pred)) == float(metrics.AUC()(LABELS, scores))


def test_thresholds_are_what_the_metric_was_made_with():
    metric = metrics.Precision(thresholds=[0.2, 0.6])
    metric.thresholds[0] = 0.9
    assert metric.thresholds == [0.2, 0.6]
    with pytest.raises(AttributeError):
        metric.thresholds = [0.1, 0.2]


def test_the_interpolated_area_does_not_ask_for_the_curve():
    scores = np.linspace(0, 1, len(LABELS)) ** 2
    areas = [metrics.AUC(thresholds=TENTHS, curve=curve) for curve in ("PR", "ROC")]
    for area in areas:
        area.update_state(LABELS, scores)
    expected = areas[0].result().numpy()
    assert (
        areas[1].interpolate_pr_auc().numpy() == areas[0].interpolate_pr_auc().numpy() == expected
    )
    assert areas[1].result().numpy() != expected
