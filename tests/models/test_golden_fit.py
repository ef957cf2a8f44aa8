"""Histories of fit, and what follows, against Keras."""

import numpy as np
import pytest
from agreement import assert_agree, golden_arrays, golden_json, network, numbered

import kerasette

GOLDEN = golden_json("fit.json")
ARRAYS = golden_arrays("fit.npz")
CASES = {case["name"]: case for case in GOLDEN["cases"]}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_fit_evaluate_and_predict_agree_with_keras(case):
    name = case["name"]
    arrays = {k[len(name) + 1 :]: v for k, v in ARRAYS.items() if k.startswith(f"{name}_")}
    model = network(case["network"], **case["compile"])
    model.set_weights(numbered(arrays, "w0_"))
    arguments = dict(case["fit"])
    if "class_weight" in arguments:
        arguments["class_weight"] = {int(k): v for k, v in arguments["class_weight"].items()}
    if "validation_data" in case["fit_arrays"]:
        arguments["validation_data"] = (arrays["x_val"], arrays["y_val"])
    if "sample_weight" in case["fit_arrays"]:
        arguments["sample_weight"] = arrays["sample_weight"]
    np.random.seed(GOLDEN["seed"])
    history = model.fit(arrays["x"], arrays["y"], verbose=0, **arguments)
    assert list(history.history) == case["keys"]
    assert history.epoch == case["epoch"]
    assert history.params == case["params"]
    for key, values in case["history"].items():
        assert_agree(history.history[key], values, key)
    for found, expected in zip(model.get_weights(), numbered(arrays, "w_")):
        assert_agree(found, expected, "weights")
    size = GOLDEN["evaluation_batch_size"]
    x, y = arrays["x_val"], arrays["y_val"]
    found = model.evaluate(x, y, batch_size=size, verbose=0)
    assert_agree(found, case["evaluate"], "evaluate")
    found = model.evaluate(x, y, batch_size=size, verbose=0, return_dict=True)
    assert found == pytest.approx(case["evaluate_dict"], rel=1e-5)
    assert_agree(model.predict(x, verbose=0), arrays["predict"], "predict")


class Order(kerasette.layers.Layer):
    """Notes which samples come, in which order."""

    def __init__(self):
        super().__init__()
        self.__dict__["seen"] = []

    def call(self, inputs, training=None):
        if training:
            self.seen.extend(int(value) for value in inputs.numpy()[:, 0])
        return inputs


OBSERVED = [o for o in GOLDEN["orders"]["observed"] if o["generator"] == "numpy"]


@pytest.mark.parametrize("observed", OBSERVED, ids=["samples", "batch"])
def test_samples_come_in_the_order_that_keras_draws(observed):
    n, size = GOLDEN["orders"]["samples"], GOLDEN["orders"]["batch_size"]
    order = Order()
    model = kerasette.Sequential([kerasette.Input((1,)), order, kerasette.layers.Dense(1)])
    model.compile(optimizer="sgd", loss="mse")
    np.random.seed(GOLDEN["seed"])
    x = np.arange(n, dtype="float32")[:, None]
    for fit in ("first_fit", "second_fit"):
        order.seen.clear()
        model.fit(x, x, batch_size=size, epochs=3, shuffle=observed["shuffle"], verbose=0)
        assert np.reshape(order.seen, (3, n)).tolist() == observed[fit]
