"""A network with all kinds of parts, and how two models are compared bit for bit."""

import numpy as np

import kerasette
from kerasette import constraints, layers, losses, metrics, optimizers, regularizers

RNG = np.random.default_rng(0)
# The last batch of 16 is short.
N_SAMPLES, BATCH_SIZE = 70, 16
N_STEPS = 5
X = RNG.normal(size=(N_SAMPLES, 6)).astype("float32")
Y = np.eye(3, dtype="float32")[RNG.integers(0, 3, N_SAMPLES)]
SAMPLE_WEIGHT = RNG.uniform(0.1, 2.0, N_SAMPLES).astype("float32")
CLASS_WEIGHT = {0: 0.5, 2: 3.0}


def network():
    """Layers that draw, that keep statistics, with regularizers and constraints of each kind."""
    return [
        layers.Dense(
            8,
            kernel_regularizer=regularizers.L2(0.01),
            bias_regularizer=regularizers.L1L2(l1=1e-3, l2=1e-2),
            kernel_constraint=constraints.MaxNorm(1.0),
        ),
        layers.BatchNormalization(momentum=0.8, gamma_regularizer="l2", beta_constraint="non_neg"),
        layers.Activation("relu"),
        layers.Dropout(0.3, seed=3),
        layers.Dense(
            6,
            activation="tanh",
            activity_regularizer=regularizers.L1L2(l1=1e-3, l2=1e-3),
            kernel_constraint=constraints.UnitNorm(),
        ),
        layers.GaussianNoise(0.1, seed=5),
        layers.Dense(
            3,
            activation="softmax",
            kernel_regularizer=regularizers.OrthogonalRegularizer(0.01, mode="columns"),
            kernel_constraint=constraints.MinMaxNorm(0.1, 1.2, rate=0.5),
        ),
    ]


def adam(**options):
    """An optimizer whose weight decay leaves out biases and gammas."""
    optimizer = optimizers.Adam(0.01, weight_decay=0.05, **options)
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma"])
    return optimizer


def compile_richly(model, optimizer, run_eagerly=False):
    """Label smoothing, a weighted loss, metrics that do and do not take weights into account."""
    model.compile(
        optimizer,
        losses.CategoricalCrossentropy(label_smoothing=0.1),
        loss_weights=0.7,
        metrics=[
            "accuracy",
            metrics.AUC(num_thresholds=20, name="auc"),
            metrics.Precision(class_id=1, name="precision"),
            metrics.F1Score(average="macro", name="f1"),
        ],
        weighted_metrics=[
            "categorical_crossentropy",
            metrics.AUC(num_thresholds=20, multi_label=True, name="weighted_auc"),
            metrics.Recall(top_k=1, name="recall"),
        ],
        run_eagerly=run_eagerly,
    )


def make(optimizer=None, run_eagerly=False, seed=1):
    """The model of `network`, compiled."""
    kerasette.utils.set_random_seed(seed)
    model = kerasette.Sequential([kerasette.Input((6,)), *network()])
    compile_richly(model, adam() if optimizer is None else optimizer, run_eagerly)
    return model


def fit(model, epochs=10, **arguments):
    """The history of a silent fit."""
    arguments = {"batch_size": BATCH_SIZE, "class_weight": CLASS_WEIGHT} | arguments
    return model.fit(X, Y, epochs=epochs, verbose=0, **arguments).history


def state(model):
    """Every variable, of the optimizer and of the random generators too, as arrays."""
    variables = [*model.variables, *model.optimizer.variables]
    for metric in model.metrics:
        variables += metric.variables
    return [variable.numpy() for variable in variables]


def assert_same_bits(found, expected):
    """Equal arrays; NaN equals NaN."""
    assert len(found) == len(expected)
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_array_equal(a, b, strict=True)


def assert_same_models(found, expected):
    """Two models that have been trained alike."""
    assert_same_bits(state(found), state(expected))
    predictions = [model.predict(X, verbose=0) for model in (found, expected)]
    assert_same_bits(predictions[:1], predictions[1:])
