"""A default dtype of one thread."""

import threading

import numpy as np
import pytest

import kerasette
from kerasette import config, dtype_policy, layers
from kerasette.default_dtype import dtype_of_thread, floatx, floatx_in_thread


def compiled():
    model = kerasette.Sequential([kerasette.Input((3,)), layers.Dense(1)])
    model.compile(kerasette.optimizers.SGD(0.1), "mse", metrics=["mae"])
    return model


def test_models_made_within_compute_in_it():
    with floatx_in_thread("float64"):
        model = compiled()
        dtypes = {model.weights[0].dtype, model.optimizer.learning_rate.dtype}
    assert dtypes == {"float64"}
    assert floatx() == config.floatx() == "float32"
    assert dtype_of_thread() is None


def test_training_rounds_no_targets():
    x, y = np.ones((3, 3)), np.full(3, 1 / 3)
    with floatx_in_thread("float64"):
        model = compiled()
        error = (model.predict(x, verbose=0)[:, 0] - y)[0]
        loss = model.fit(x, y, epochs=1, verbose=0, shuffle=False).history["loss"][0]
    assert loss == pytest.approx(error**2, rel=1e-14)


def test_other_threads_see_nothing_of_it():
    seen = []
    with floatx_in_thread("float64"):
        other = threading.Thread(target=lambda: seen.append(layers.Dense(1).dtype))
        other.start()
        other.join()
    assert seen == ["float32"]


def test_it_ends_after_an_error_and_nests():
    with pytest.raises(KeyError), floatx_in_thread("float64"):
        with floatx_in_thread("float32"):
            assert layers.Dense(1).dtype == "float32"
        assert layers.Dense(1).dtype == "float64"
        raise KeyError
    assert floatx() == "float32"


def test_none_changes_nothing():
    with floatx_in_thread("float64"), floatx_in_thread(None):
        assert floatx() == "float64"


def test_it_goes_before_a_policy_of_the_process(monkeypatch):
    monkeypatch.setattr(dtype_policy, "_global_policy", dtype_policy.DTypePolicy("float32"))
    with floatx_in_thread("float64"):
        assert layers.Dense(1).dtype == "float64"


def test_only_dtypes_that_there_are():
    with pytest.raises(ValueError, match="Invalid dtype"), floatx_in_thread("float16"):
        pass
