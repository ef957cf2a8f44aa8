"""Arguments of a wrong kind raise errors that name them, wherever they are given."""

import numpy as np
import pytest

import kerasette
from kerasette import callbacks, initializers, layers, losses, metrics, ops, optimizers
from kerasette.testing import gradients

schedules = optimizers.schedules
NO_NUMBERS = (None, "0.5", [0.1, 0.2], {}, np.array([0.1, 0.2]), float("nan"))
NO_COUNTS = (None, "3", 2.5, 0, -1, True, [3], np.array([1, 2]))
NOT_CALLABLE = (3, "rate", [1.0])

# name of the argument, what is made with it, wrong values.
WRONG = [
    ("units", layers.Dense, NO_COUNTS),
    ("input_dim", lambda v: layers.Embedding(v, 2), NO_COUNTS),
    ("output_dim", lambda v: layers.Embedding(2, v), NO_COUNTS),
    ("rate", layers.Dropout, NO_NUMBERS),
    ("rate", layers.AlphaDropout, NO_NUMBERS),
    ("rate", layers.GaussianDropout, NO_NUMBERS),
    ("rate", layers.SpatialDropout1D, NO_NUMBERS),
    ("stddev", layers.GaussianNoise, NO_NUMBERS),
    ("max_value", layers.ReLU, NO_NUMBERS[1:]),
    ("negative_slope", lambda v: layers.ReLU(negative_slope=v), NO_NUMBERS),
    ("threshold", lambda v: layers.ReLU(threshold=v), NO_NUMBERS),
    ("negative_slope", layers.LeakyReLU, NO_NUMBERS),
    ("momentum", lambda v: layers.BatchNormalization(momentum=v), NO_NUMBERS[:-1]),
    ("epsilon", lambda v: layers.BatchNormalization(epsilon=v), NO_NUMBERS[:-1]),
    ("axis", layers.BatchNormalization, (None, "x", [1])),
    ("target_shape", layers.Reshape, (None, "3", 3, (2.5,), ("a",), (-2,))),
    ("dims", layers.Permute, (None, 3, "21", ("a",), (1.5,), (0, 1))),
    ("decay_steps", lambda v: schedules.ExponentialDecay(0.1, v, 0.9), (*NO_NUMBERS, 0, -1)),
    ("decay_steps", lambda v: schedules.CosineDecay(0.1, v), (*NO_NUMBERS, 0, -1)),
    ("scale", initializers.VarianceScaling, (*NO_NUMBERS, 0, -1)),
    ("distribution", lambda v: initializers.VarianceScaling(distribution=v), (None, 3, "flat")),
    ("value", initializers.Constant, (None, "0.5", {}, [1.0, "a"])),
    ("num_thresholds", metrics.AUC, (*NO_COUNTS, 1)),
    ("thresholds", lambda v: metrics.AUC(thresholds=v), (3, 0.5, "0.5", [0.5, "a"], [None])),
    ("Threshold", metrics.Precision, ("0.5", {}, [0.5, "a"], [None], float("nan"))),
    ("specificity", metrics.SensitivityAtSpecificity, NO_NUMBERS),
    ("num_thresholds", lambda v: metrics.PrecisionAtRecall(0.5, v), NO_COUNTS),
    ("num_classes", metrics.MeanIoU, NO_COUNTS),
    ("num_classes", lambda v: metrics.IoU(v, [0]), NO_COUNTS),
    ("min_delta", lambda v: callbacks.EarlyStopping(min_delta=v), NO_NUMBERS[:-1]),
    ("patience", lambda v: callbacks.EarlyStopping(patience=v), NO_NUMBERS[:-1]),
    ("baseline", lambda v: callbacks.EarlyStopping(baseline=v), NO_NUMBERS[1:-1]),
    ("start_from_epoch", lambda v: callbacks.EarlyStopping(start_from_epoch=v), NO_NUMBERS[:-1]),
    ("factor", lambda v: callbacks.ReduceLROnPlateau(factor=v), NO_NUMBERS),
    ("patience", lambda v: callbacks.ReduceLROnPlateau(patience=v), NO_NUMBERS[:-1]),
    ("cooldown", lambda v: callbacks.ReduceLROnPlateau(cooldown=v), NO_NUMBERS[:-1]),
    ("min_lr", lambda v: callbacks.ReduceLROnPlateau(min_lr=v), NO_NUMBERS[:-1]),
    ("schedule", callbacks.LearningRateScheduler, (None, *NOT_CALLABLE)),
    ("on_epoch_end", lambda v: callbacks.LambdaCallback(on_epoch_end=v), NOT_CALLABLE),
]


@pytest.mark.parametrize(
    ("name", "make", "value"),
    [(name, make, value) for name, make, values in WRONG for value in values],
)
def test_a_wrong_value_is_named(name, make, value):
    with pytest.raises(ValueError, match=name) as raised:
        make(value)
    words = str(raised.value)
    assert "Received" in words or "Please use one of" in words or "cannot be converted" in words
    if isinstance(value, str) and "Received" in words:
        # As Python writes it, so that a string is told from a number.
        assert repr(value) in words


@pytest.mark.parametrize("value", [3, 0.5, True])
def test_layers_that_are_no_list_are_named(value):
    # Keras's kind of error, that of Python for what cannot be iterated over.
    with pytest.raises(TypeError, match=f"`layers` must be .*Received: layers={value}"):
        kerasette.Sequential(value)


def test_numbers_of_numpy_are_numbers():
    assert layers.Dropout(np.float32(0.5)).rate == 0.5
    assert layers.Dense(np.int64(3)).units == 3
    table = layers.Embedding(np.arange(5).max() + 1, np.int32(2))
    assert table.get_config()["input_dim"] == 5
    assert type(table.input_dim) is int


def test_a_size_in_place_of_a_shape():
    with pytest.raises(ValueError, match=r"convert 3 to a shape.*\(3,\) has one axis"):
        kerasette.Input(3)
    with pytest.raises(ValueError, match=r"convert 'ab' to a shape|convert '\('a', 'b'\)'"):
        kerasette.Input("ab")


def test_a_model_takes_one_tensor():
    model = kerasette.Sequential([kerasette.Input((2,)), layers.Dense(1)])
    x = np.ones((3, 2), "float32")
    for several in ({"a": x}, {"a": x, "b": x}):
        with pytest.raises(ValueError, match="Missing data for input"):
            model(several)
    for several in ([x, x], (x, x)):
        with (
            pytest.warns(UserWarning, match="doesn't match the expected structure"),
            pytest.raises(ValueError, match="takes 1 inputs"),
        ):
            model(several)
    assert model(x).shape == (3, 1)


def nested_deeply():
    values, table = [1.0], {"a": 1.0}
    for _ in range(100_000):
        values, table = [values], {"a": table}
    return values, table


def holding_themselves():
    values, table = [], {}
    values.append(values)
    table["a"] = table
    return values, table


def holding_themselves_twice():
    # All that is in them is never seen, also not by NumPy, which would look for 64 axes.
    values, table = holding_themselves()
    values.append(values)
    table["b"] = table
    return values, table


def fitted(x, y):
    model = kerasette.Sequential([layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(x, y, verbose=0)


# Each ended the process, or did not end, and is of a list and a dict.
WITHOUT_END = {
    "op of a list": lambda values, table: ops.add(values, 1),
    "op of a dict": lambda values, table: ops.sum(table),
    "shape": lambda values, table: ops.zeros(values),
    "tensor": lambda values, table: ops.convert_to_tensor(values),
    "variable": lambda values, table: kerasette.Variable(np.ones(1)).assign(values),
    "loss": lambda values, table: losses.MeanSquaredError()(values, values),
    "metric": lambda values, table: metrics.Mean()(values),
    "layer": lambda values, table: layers.Dense(1)(values),
    "data": lambda values, table: fitted(values, values),
    "dict of data": lambda values, table: fitted(table, np.ones(2)),
    "targets": lambda values, table: fitted(np.ones((2, 2)), values),
}


@pytest.mark.parametrize("make", [nested_deeply, holding_themselves, holding_themselves_twice])
@pytest.mark.parametrize("name", WITHOUT_END)
def test_lists_and_dicts_without_an_end(name, make):
    with pytest.raises(RecursionError):
        WITHOUT_END[name](*make())


def test_names_of_functions_are_written_as_in_keras():
    # Keras 3.15.1 calls them "lambda" and "my_error" in logs.
    def MyError(y_true, y_pred):
        return ops.mean(ops.abs(y_true - y_pred), -1)

    model = kerasette.Sequential([kerasette.Input((2,)), layers.Dense(1)])
    model.compile("sgd", "mse", metrics=[MyError, lambda t, p: ops.mean(t * p, -1)])
    logs = model.evaluate(np.ones((4, 2)), np.ones((4, 1)), verbose=0, return_dict=True)
    assert sorted(logs) == ["lambda", "loss", "my_error"]
    assert losses.get(MyError) is MyError


class TestConstant:
    VALUES = np.arange(6.0).reshape(2, 3)

    def test_an_array_is_taken_as_it_is(self):
        layer = layers.Embedding(2, 3, embeddings_initializer=initializers.Constant(self.VALUES))
        layer.build()
        np.testing.assert_array_equal(layer.get_weights()[0], self.VALUES)

    def test_a_row_is_repeated(self):
        rows = initializers.Constant([1, 2])((3, 2))
        np.testing.assert_array_equal(rows.numpy(), [[1, 2]] * 3)
        assert rows.dtype == "float32"

    def test_the_config_is_that_of_keras(self):
        # As Keras 3.15.1 printed it.
        config = initializers.Constant(self.VALUES).get_config()
        array = {"value": [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]], "dtype": "float64"}
        assert config == {"value": {"class_name": "__numpy__", "config": array}}
        again = initializers.Constant.from_config(config)
        np.testing.assert_array_equal(again((2, 3)).numpy(), self.VALUES)
        assert initializers.Constant([1, 2]).get_config() == {"value": [1, 2]}

    def test_another_shape_is_refused(self):
        with pytest.raises(ValueError, match=r"shape \(2, 3\), which does not broadcast to \(2,"):
            initializers.Constant(self.VALUES)((2, 2))


class TestGradients:
    def test_a_variable_is_its_own_derivative(self):
        variable = kerasette.Variable([1.0, 2.0])
        with kerasette.GradientTape() as tape:
            pass
        np.testing.assert_array_equal(tape.gradient(variable, variable).numpy(), [1, 1])

    def test_one_that_is_not_trained_has_none(self):
        variable = kerasette.Variable([1.0], trainable=False)
        other = kerasette.Variable([1.0])
        with kerasette.GradientTape(persistent=True) as tape:
            pass
        assert tape.gradient(variable, variable) is None
        assert tape.gradient(variable, other) is None

    def test_the_check_says_first_which_input_and_by_how_much(self):
        def wrong(x, y):
            # The tape does not see the second use of y.
            return x * y + ops.convert_to_tensor(y.numpy())

        with pytest.raises(AssertionError) as raised:
            gradients.check_gradients(wrong, [[1.0, 2.0], [3.0, 4.0]])
        first = str(raised.value).splitlines()[0]
        assert first.startswith("The gradient of input 1 differs by up to ")
        assert ", at (" in first


def test_a_softmax_over_one_number_is_warned_of():
    with pytest.warns(UserWarning, match=r"softmax over axis -1 of a tensor of shape \(3, 1\)"):
        layers.Dense(1, "softmax")(np.ones((3, 2)))
    with pytest.warns(UserWarning, match="softmax over axis 0"):
        ops.softmax(np.ones((1, 2)), axis=0)
    ops.softmax(np.ones((1, 2)))


def test_a_model_without_weights_to_train_is_warned_of():
    model = kerasette.Sequential([kerasette.Input((2,)), layers.Dense(1, trainable=False)])
    model.compile("sgd", "mse")
    with pytest.warns(UserWarning, match="does not have any trainable weights"):
        model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)


def test_positions_of_a_summary():
    model = kerasette.Sequential([kerasette.Input((2,)), layers.Dense(1)])
    tables = []
    # Keras's own of old, for a fourth column that there is not.
    for positions in ([0.3, 0.6, 0.8], [0.3, 0.6, 0.8, 1.0]):
        lines = []
        model.summary(positions=positions, print_fn=lines.append)
        tables.append(lines)
    assert tables[0] == tables[1]
    with pytest.raises(ValueError, match="`positions` must have 3 numbers"):
        model.summary(positions=[0.5, 1.0])


def test_pictures_of_no_numbers():
    for wrong in (None, "a", {}):
        with pytest.raises(ValueError, match="`weights` cannot be converted"):
            kerasette.plot.weights(wrong)
