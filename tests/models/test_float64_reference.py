"""Training in float64 against a NumPy reference, to 1e-10."""

import numpy as np
import pytest

import kerasette

RNG = np.random.default_rng(0)
X = RNG.normal(size=(42, 7))
CLASSES = RNG.integers(0, 3, 42)
REAL = RNG.normal(size=(42, 3))
SIZES = (7, 6, 5, 3)


@pytest.fixture(autouse=True)
def float64():
    kerasette.config.set_floatx("float64")
    yield
    kerasette.config.set_floatx("float32")


def forward(weights, x, hidden):
    outputs = [x]
    for layer in range(3):
        z = outputs[-1] @ weights[2 * layer] + weights[2 * layer + 1]
        if layer < 2:
            z = np.tanh(z) if hidden == "tanh" else np.maximum(z, 0)
        outputs.append(z)
    return outputs


def loss_and_slope(z, y):
    """Mean loss, and its derivative with respect to the last layer's output."""
    if y.ndim == 2:
        return np.mean((z - y) ** 2), 2 * (z - y) / z.size
    p = np.exp(z - z.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    rows = np.arange(len(y))
    loss = -np.log(p[rows, y]).mean()
    p[rows, y] -= 1
    return loss, p / len(y)


def gradients(weights, x, y, hidden):
    outputs = forward(weights, x, hidden)
    loss, delta = loss_and_slope(outputs[-1], y)
    found = [None] * len(weights)
    for layer in (2, 1, 0):
        found[2 * layer] = outputs[layer].T @ delta
        found[2 * layer + 1] = delta.sum(0)
        slope = 1 - outputs[layer] ** 2 if hidden == "tanh" else outputs[layer] > 0
        delta = delta @ weights[2 * layer].T * slope
    return loss, found


def sgd(weights, slopes, state, t, momentum=0.0, nesterov=False, rate=0.05):
    for i, (w, g) in enumerate(zip(weights, slopes)):
        m = state[i] = momentum * state.get(i, 0) - rate * g
        weights[i] = w + (momentum * m - rate * g if nesterov else m)


def adam(weights, slopes, state, t, rate=0.003, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    alpha = rate * np.sqrt(1 - beta_2**t) / (1 - beta_1**t)
    for i, (w, g) in enumerate(zip(weights, slopes)):
        m, v = state.get(i, (0, 0))
        state[i] = m, v = m + (g - m) * (1 - beta_1), v + (g * g - v) * (1 - beta_2)
        weights[i] = w - alpha * m / (np.sqrt(v) + epsilon)


OPTIMIZERS = {
    "sgd": (lambda: kerasette.optimizers.SGD(0.05), sgd, {}),
    "momentum": (
        lambda: kerasette.optimizers.SGD(0.05, momentum=0.9), sgd, {"momentum": 0.9}
    ),
    "nesterov": (
        lambda: kerasette.optimizers.SGD(0.05, momentum=0.9, nesterov=True),
        sgd,
        {"momentum": 0.9, "nesterov": True},
    ),
    "adam": (lambda: kerasette.optimizers.Adam(0.003), adam, {}),
    "adam_changed": (
        lambda: kerasette.optimizers.Adam(0.003, 0.8, 0.95, 1e-4),
        adam,
        {"beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-4},
    ),
}  # fmt: skip


@pytest.mark.parametrize("hidden", ["tanh", "relu"])
@pytest.mark.parametrize("target", ["real", "classes"])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_ten_steps_agree_with_numpy(name, target, hidden):
    make_optimizer, step, arguments = OPTIMIZERS[name]
    y = REAL if target == "real" else CLASSES
    model = kerasette.Sequential([kerasette.Input((7,))])
    for size in SIZES[1:-1]:
        model.add(kerasette.layers.Dense(size, activation=hidden))
    model.add(kerasette.layers.Dense(3))
    loss = (
        "mse"
        if target == "real"
        else kerasette.losses.SparseCategoricalCrossentropy(from_logits=True)
    )
    model.compile(optimizer=make_optimizer(), loss=loss)
    weights = model.get_weights()
    assert weights[0].dtype == "float64"
    history = model.fit(X, y, batch_size=9, epochs=2, shuffle=False, verbose=0)

    state, t, expected = {}, 0, []
    for _ in range(2):
        total = 0.0
        for start in range(0, 42, 9):
            rows = slice(start, start + 9)
            value, slopes = gradients(weights, X[rows], y[rows], hidden)
            total += value * len(X[rows])
            t += 1
            step(weights, slopes, state, t, **arguments)
        expected.append(total / 42)
    assert t == 10
    np.testing.assert_allclose(history.history["loss"], expected, rtol=1e-10)
    for found, wanted in zip(model.get_weights(), weights):
        np.testing.assert_allclose(found, wanted, rtol=1e-10, atol=1e-10)
    prediction = forward(weights, X, hidden)[-1]
    np.testing.assert_allclose(model.predict(X, verbose=0), prediction, rtol=1e-9, atol=1e-10)
