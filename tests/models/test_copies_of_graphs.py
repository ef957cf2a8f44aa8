"""Copies and pickles of functional models."""

import copy
import pickle
import subprocess
import sys
import textwrap

import numpy as np
import pytest
from rich_network import assert_same_bits

import kerasette
from kerasette import layers, ops

X = np.random.default_rng(0).normal(size=(6, 4)).astype("float32")


def branched():
    inputs = kerasette.Input((4,), name="rows")
    shared = layers.Dense(4, activation="tanh", name="shared")
    left, right = ops.split(shared(shared(inputs)), 2, axis=1)
    return kerasette.Model({"rows": inputs}, [left * 2 - right, layers.Dense(1)(left)])


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_a_copy_computes_the_same_and_goes_its_own_way(copied):
    model = branched()
    model.compile("adam", ["mse", "mse"])
    targets = [X[:, :2], X[:, :1]]
    model.fit({"rows": X}, targets, epochs=2, verbose=0)
    twin = copied(model)
    assert [layer.name for layer in twin.layers] == [layer.name for layer in model.layers]
    assert_same_bits(twin.predict({"rows": X}, verbose=0), model.predict({"rows": X}, verbose=0))
    before = model.get_weights()
    twin.fit({"rows": X}, targets, epochs=2, verbose=0, shuffle=False)
    assert_same_bits(model.get_weights(), before)
    model.fit({"rows": X}, targets, epochs=2, verbose=0, shuffle=False)
    assert_same_bits(model.get_weights(), twin.get_weights())


def test_a_copy_can_be_cut_and_extended():
    twin = copy.deepcopy(branched())
    inner = twin.get_layer("shared").output
    cut = kerasette.Model(twin.input, inner)
    np.testing.assert_array_equal(cut({"rows": X}), twin.get_layer("shared")(X))


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_depth_has_no_limit(copied):
    inputs = outputs = kerasette.Input((4,))
    for _ in range(300):
        outputs = layers.Dense(4)(outputs)
    model = kerasette.Model(inputs, outputs)
    assert_same_bits([copied(model)(X).numpy()], [model(X).numpy()])


def test_a_copied_layer_leaves_its_graph():
    model = branched()
    layer = copy.deepcopy(model.get_layer("shared"))
    with pytest.raises(AttributeError, match="never been called"):
        layer.output  # noqa: B018
    np.testing.assert_array_equal(layer(X), model.get_layer("shared")(X))


def test_a_subclass_with_inputs_and_outputs_is_read_in_a_new_process(tmp_path):
    (tmp_path / "nets.py").write_text(
        textwrap.dedent(
            """
            import kerasette

            class Net(kerasette.Model):
                def __init__(self, units):
                    inputs = kerasette.Input((4,))
                    super().__init__(inputs, kerasette.layers.Dense(units)(inputs))
                    self.units = units
            """
        )
    )
    write = "import nets, pickle; pickle.dump(nets.Net(3), open('net', 'wb'))"
    read = (
        "import numpy as np, pickle; net = pickle.load(open('net', 'rb')); "
        "assert net.units == 3 and net(np.ones((2, 4))).shape == (2, 3)"
    )
    for code in (write, read):
        subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)


def test_ops_are_pickled_by_name():
    layer = layers.Dense(2, activation=ops.relu)
    assert pickle.loads(pickle.dumps(ops.relu)) is ops.relu
    assert pickle.loads(pickle.dumps(layer)).activation is ops.relu
    assert copy.deepcopy(layer).activation is ops.relu
