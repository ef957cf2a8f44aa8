"""Same weights, same batches: outputs, gradients and ten steps agree with Keras."""

import numpy as np
import pytest
from agreement import assert_agree, golden_arrays, golden_json, network, numbered

from kerasette import GradientTape, ops

CASES = golden_json("training.json")["cases"]


@pytest.fixture(params=CASES, ids=[case["name"] for case in CASES])
def case(request):
    arrays = golden_arrays(f"training_{request.param['name']}.npz")
    model = network(request.param)
    model.set_weights(numbered(arrays, "w0_"))
    return model, arrays


def test_outputs_and_gradients_agree_with_keras(case):
    model, arrays = case
    assert_agree(model.predict(arrays["x_0"], verbose=0), arrays["output_before"], "output")
    x = ops.convert_to_tensor(arrays["x_0"])
    with GradientTape() as tape:
        tape.watch(x)
        loss = model._compiled_loss(arrays["y_0"], model(x, training=True))
    found = tape.gradient(loss, [*model.trainable_variables, x])
    assert_agree(float(loss), arrays["loss_before"], "loss")
    for number, expected in enumerate(numbered(arrays, "gradient_")):
        assert_agree(found[number].numpy(), expected, f"gradient {number}")
    assert_agree(found[-1].numpy(), arrays["gradient_x"], "gradient of the input")


def test_ten_steps_agree_with_keras(case):
    model, arrays = case
    losses = []
    batches = zip(numbered(arrays, "x_"), numbered(arrays, "y_"))
    for step, (x, y) in enumerate(batches, start=1):
        history = model.fit(x, y, batch_size=len(x), shuffle=False, verbose=0)
        losses += history.history["loss"]
        for number, expected in enumerate(numbered(arrays, f"w{step}_")):
            assert_agree(model.get_weights()[number], expected, f"weight {number}, step {step}")
    assert len(losses) == 10
    assert_agree(np.array(losses), arrays["loss_steps"], "losses")
    assert_agree(model.predict(arrays["x_0"], verbose=0), arrays["output_after"], "output")
    assert int(model.optimizer.iterations) == 10
    assert model.replayed_steps > 0
