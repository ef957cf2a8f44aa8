"""Every argument of `Layer`, of what makes its weights, of `Input` and of variables acts."""

import numpy as np
import pytest
from changes import acts, assert_every_parameter_has_a_row, differ

import kerasette
from kerasette import KerasTensor, Variable, layers, ops

ONES = np.ones((2, 3))


# ---- Layer -----------------------------------------------------------------------------------


class Weighted(layers.Layer):
    def build(self, input_shape):
        self.gain = self.add_weight(shape=(), initializer="ones", name="gain")

    def call(self, inputs):
        return inputs * ops.cast(self.gain, inputs.dtype)


def layer_of(**arguments):
    layer = Weighted(**arguments)
    output = layer(np.ones((2, 3), "float64"))
    return [
        layer.name,
        layer.gain.dtype,
        output.dtype,
        output.numpy(),
        len(layer.trainable_weights),
    ] + [float(loss) for loss in layer.losses]


LAYER = {
    "activity_regularizer": "l1",
    "trainable": False,
    "dtype": "float64",
    "autocast": False,
    "name": "other",
}


@pytest.mark.parametrize(("name", "value"), LAYER.items(), ids=LAYER)
def test_each_argument_of_a_layer_acts(name, value):
    assert_every_parameter_has_a_row(layers.Layer.__init__, LAYER)
    assert acts(layer_of, name, value, {"name": "one"})


def test_without_autocast_inputs_keep_their_dtype():
    for given in ("float32", "float64"):
        assert Weighted(autocast=False)(np.ones(2, given)).dtype == given
        assert Weighted()(np.ones(2, given)).dtype == "float32"


# ---- weights and variables ---------------------------------------------------------------------


def shown(variable):
    """All that a variable says of itself, and what its functions make of it."""
    functions = (variable.regularizer, variable.constraint)
    return [
        variable.name, variable.path, variable.dtype, variable.trainable, variable.numpy(),
        variable.autocast, variable.aggregation, variable.synchronization,
        *("none" if f is None else f(variable).numpy() for f in functions),
    ]  # fmt: skip


def weight_of(shape=(2,), initializer="ones", **arguments):
    return shown(
        layers.Layer(name="one").add_weight(shape=shape, initializer=initializer, **arguments)
    )


WEIGHT = {
    "shape": (3,),
    "initializer": "zeros",
    "dtype": "float64",
    "trainable": False,
    "autocast": False,
    "regularizer": "l2",
    "constraint": "max_norm",
    "aggregation": "mean",
    "overwrite_with_gradient": True,
    "name": "kernel",
}


@pytest.mark.parametrize(("name", "value"), WEIGHT.items(), ids=WEIGHT)
def test_each_argument_of_a_weight_acts(name, value):
    assert_every_parameter_has_a_row(layers.Layer.add_weight, WEIGHT)
    assert acts(weight_of, name, value)


def test_add_variable_is_add_weight():
    names = [name for name in WEIGHT if name not in ("aggregation", "overwrite_with_gradient")]
    assert_every_parameter_has_a_row(layers.Layer.add_variable, names)
    for name in names:
        arguments = {"shape": (2,), "initializer": "ones", "name": "w", name: WEIGHT[name]}
        found = layers.Layer(name="one").add_variable(**arguments)
        assert not differ(shown(found), weight_of(**arguments)), name


def test_three_arguments_of_a_weight_have_places():
    layer = layers.Layer(name="one")
    found = layer.add_weight((3,), "zeros", "float64", name="a")
    assert not differ(shown(found), weight_of((3,), "zeros", dtype="float64", name="a"))
    with pytest.raises(TypeError, match="takes at most 3 positional arguments but 4 were given"):
        layer.add_weight((3,), "zeros", "float32", True)
    with pytest.raises(ValueError, match="`name` must be passed as a keyword argument"):
        layer.add_weight("kernel", (3,))
    with pytest.raises(ValueError, match="`initializer` was passed both positionally and as"):
        layer.add_weight((3,), "zeros", initializer="ones")


def variable_of(initializer="ones", **arguments):
    return shown(Variable(initializer, **{"shape": (2,), **arguments}))


VARIABLE = {
    "initializer": [1.0, 2.0],
    "shape": (3,),
    "dtype": "float64",
    "trainable": False,
    "autocast": False,
    "aggregation": "sum",
    "synchronization": "on_read",
    "name": "other",
    "layout": "sharded",
}


@pytest.mark.parametrize(("name", "value"), VARIABLE.items(), ids=VARIABLE)
def test_each_argument_of_a_variable_acts(name, value):
    assert acts(variable_of, name, value)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"aggregation": "median"}, "Invalid value for argument `aggregation`"),
        ({"synchronization": "soon"}, "Invalid value for argument `synchronization`"),
        ({"layout": "sharded"}, "Distributed variables are not supported"),
        ({"name": "a/b"}, "`name` must be a string and cannot contain character `/`"),
        ({"name": 3}, "`name` must be a string"),
    ],
)
def test_wrong_arguments_of_a_variable_raise(arguments, words):
    with pytest.raises(ValueError, match=words):
        Variable([1.0], **arguments)


def test_what_none_stands_for():
    variable = Variable([1.0], aggregation=None, synchronization=None)
    assert (variable.aggregation, variable.synchronization) == ("none", "none")
    assert not variable.overwrite_with_gradient
    variable.overwrite_with_gradient = False
    with pytest.raises(ValueError, match="is not supported: it is for float8"):
        variable.overwrite_with_gradient = True


@pytest.mark.parametrize("method", ["assign", "assign_add", "assign_sub"])
def test_assignments_take_values(method):
    expected = {"assign": [5.0], "assign_add": [7.0], "assign_sub": [-3.0]}
    variable = Variable([2.0])
    returned = getattr(variable, method)(value=[5.0])
    assert variable.numpy() == returned.numpy() == expected[method]


def test_weights_go_into_a_dict_and_back():
    layer, other = layers.Dense(2), layers.Dense(2, bias_initializer="ones")
    layer.build((None, 3))
    other.build((None, 3))
    store = {}
    layer.save_own_variables(store)
    assert sorted(store) == ["0", "1"]
    np.testing.assert_array_equal(store["0"], layer.kernel.numpy())
    other.load_own_variables(store)
    np.testing.assert_array_equal(other.get_weights()[0], layer.get_weights()[0])
    np.testing.assert_array_equal(other.get_weights()[1], [0.0, 0.0])


def test_weights_that_do_not_fit_are_not_loaded():
    layer = layers.Dense(2)
    with pytest.raises(ValueError, match="was never built and thus it doesn't have any variables"):
        layer.load_own_variables({"0": np.ones(2)})
    layer.build((None, 3))
    before = layer.get_weights()
    with pytest.raises(ValueError, match=r"expected 2 variables, but received 1 .*'bias'"):
        layer.load_own_variables({"0": np.ones((3, 2))})
    with pytest.raises(ValueError, match="shape"):
        layer.load_own_variables({"0": np.ones((3, 2)), "1": np.ones(3)})
    assert not differ(layer.get_weights(), before)


# ---- inputs ------------------------------------------------------------------------------------


def input_of(**arguments):
    tensor = kerasette.Input(**arguments)
    layer = tensor._keras_history.operation
    return [tensor.shape, tensor.dtype, layer.name, layer.optional]


PLACE = KerasTensor((5, 3), name="place")
# For each argument a value, and what else is given.
INPUT = {
    "shape": ((4,), {"shape": (3,)}),
    "batch_size": (2, {"shape": (3,)}),
    "dtype": ("int32", {"shape": (3,)}),
    "sparse": (True, {"shape": (3,)}),
    "ragged": (True, {"shape": (3,)}),
    "batch_shape": ((2, 3), {}),
    "name": ("other", {"shape": (3,)}),
    "tensor": (PLACE, {}),
    "optional": (True, {"shape": (3,)}),
}


@pytest.mark.parametrize("name", INPUT)
def test_each_argument_of_input_acts(name):
    assert_every_parameter_has_a_row(kerasette.Input, INPUT)
    value, others = INPUT[name]
    assert acts(input_of, name, value, {"name": "one", **others})


def test_the_layer_of_inputs_has_the_same_arguments():
    of_layer = {("input_tensor" if name == "tensor" else name) for name in INPUT}
    assert_every_parameter_has_a_row(layers.InputLayer, of_layer)
    arguments = {"shape": (3,), "batch_size": 5, "dtype": "float32", "name": "a", "optional": True}
    expected = {"batch_shape": [5, 3], "dtype": "float32", "sparse": False, "ragged": False}
    expected |= {"name": "a", "optional": True}
    for layer in (
        layers.InputLayer(**arguments),
        layers.InputLayer(input_tensor=PLACE, **arguments),
    ):
        assert layer.get_config() == expected
        assert layers.InputLayer.from_config(expected).get_config() == expected


def test_a_model_begins_at_a_given_tensor():
    tensor = KerasTensor((None, 3))
    assert kerasette.Input(tensor=tensor) is tensor
    model = kerasette.Model(tensor, 2 * tensor)
    np.testing.assert_array_equal(model(ONES).numpy(), 2 * ONES)


@pytest.mark.parametrize(
    "wrong", [{"shape": (4,)}, {"batch_size": 4}, {"batch_shape": (5, 4)}, {"dtype": "int32"}]
)
def test_a_given_tensor_must_be_as_is_said(wrong):
    name = next(iter(wrong))
    with pytest.raises(ValueError, match=f"cannot provide an incompatible `{name}` argument"):
        kerasette.Input(tensor=PLACE, **wrong)
    with pytest.raises(ValueError, match="`input_tensor` must be a KerasTensor"):
        kerasette.Input(tensor=ONES)


class AddIfThere(layers.Layer):
    def call(self, x, y=None):
        return x if y is None else x + y


def test_an_optional_input_may_be_none():
    x, y = kerasette.Input((3,), name="x"), kerasette.Input((3,), name="y", optional=True)
    model = kerasette.Model([x, y], AddIfThere()(x, y))
    np.testing.assert_array_equal(model([ONES, ONES]).numpy(), 2 * ONES)
    np.testing.assert_array_equal(model([ONES, None]).numpy(), ONES)
    with pytest.raises(ValueError, match="'x' is not optional"):
        model([None, ONES])


TENSOR = {
    "shape": (2, 4),
    "dtype": "int32",
    "sparse": True,
    "ragged": True,
    "record_history": False,
    "name": "other",
}


@pytest.mark.parametrize(("name", "value"), TENSOR.items(), ids=TENSOR)
def test_each_argument_of_a_symbolic_tensor_acts(name, value):
    def tensor_of(shape=(2, 3), **arguments):
        tensor = KerasTensor(shape, **{"name": "one", **arguments})
        return [tensor.shape, tensor.dtype, tensor.name, (2 * tensor)._keras_history is None]

    assert_every_parameter_has_a_row(KerasTensor, TENSOR)
    assert acts(tensor_of, name, value)


def test_methods_of_a_symbolic_tensor():
    tensor = KerasTensor((2, 1, 3, 1))
    assert tensor.reshape(newshape=(6,)).shape == (6,)
    assert tensor.squeeze(axis=1).shape == (2, 3, 1)
    assert tensor.squeeze().shape == (2, 3)
    assert not tensor.sparse and not tensor.ragged


COVERED = {
    "Input": INPUT,
    "KerasTensor": TENSOR,
    "KerasTensor.squeeze": ["axis"],
    "Layer": LAYER,
    "Layer.add_variable": WEIGHT,
    "Layer.add_weight": WEIGHT,
    "Variable": VARIABLE,
    "layers.InputLayer": [*INPUT, "input_tensor"],
}
