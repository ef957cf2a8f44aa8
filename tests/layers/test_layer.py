"""The base of layers: building, calling, weights, names, configs."""

import copy
import pickle
import re

import numpy as np
import pytest
from agreement import golden_json

import kerasette
from kerasette import layers, ops
from kerasette._core.structure import structure_version
from kerasette.layers import Dense, Dropout, Layer


@pytest.fixture(autouse=True)
def _fresh_names():
    kerasette.utils.clear_session()


class Scale(Layer):
    def __init__(self, factor=2.0, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def build(self, input_shape):
        self.weight = self.add_weight(shape=input_shape[-1:], initializer="ones", name="weight")

    def call(self, inputs):
        return inputs * self.weight * self.factor


class Block(Layer):
    """Layers in a list and in a dict, and a state."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.steps = [Dense(4, activation="relu"), Dropout(0.5, seed=1)]
        self.heads = {"out": Dense(2, use_bias=False)}
        self.calls = self.add_weight(initializer="zeros", trainable=False, name="calls")

    def call(self, inputs):
        self.calls.assign_add(1.0)
        for step in self.steps:
            inputs = step(inputs)
        return self.heads["out"](inputs)


class Product(Layer):
    """Two inputs."""

    def build(self, a_shape, b_shape):
        self.kernel = self.add_weight(shape=(a_shape[-1], b_shape[-1]))

    def call(self, a, b):
        return ops.matmul(ops.matmul(a, self.kernel), ops.transpose(b))


# ---- building --------------------------------------------------------------------------------


def test_the_first_call_builds():
    layer = Scale()
    assert not layer.built
    assert layer.weights == []
    assert layer(np.ones((2, 3))).numpy().tolist() == [[2.0] * 3] * 2
    assert layer.built
    assert layer.weight.shape == (3,)
    assert layer.weight.path == "scale/weight"
    assert layer.path == "scale"
    assert layer.get_build_config() == {"input_shape": (2, 3)}
    assert repr(layer) == "<Scale name=scale, built=True>"


def test_build_alone_and_from_its_config():
    layer = Scale()
    layer.build((None, 3))
    twin = Scale()
    twin.build_from_config(layer.get_build_config())
    assert twin.weight.shape == (3,)
    product = Product()
    product(np.ones((2, 3)), np.ones((5, 4)))
    assert product.get_build_config() == {"shapes_dict": {"a_shape": (2, 3), "b_shape": (5, 4)}}
    twin = Product()
    twin.build_from_config(product.get_build_config())
    assert twin.kernel.shape == (3, 4)


def test_several_inputs_by_position_and_by_name():
    product = Product()
    found = product(np.ones((2, 3)), b=np.ones((5, 4)))
    assert found.shape == (2, 5)
    np.testing.assert_array_equal(product(a=np.ones((2, 3)), b=np.ones((5, 4))).numpy(), found)


def test_lists_and_dicts_as_inputs():
    class Sum(Layer):
        def build(self, input_shape):
            self.shapes = input_shape

        def call(self, inputs):
            a, b = inputs.values() if isinstance(inputs, dict) else inputs
            return a + b

    layer = Sum()
    assert layer([np.ones((2, 3)), np.ones((2, 3))]).numpy().sum() == 12
    assert layer.shapes == [(2, 3), (2, 3)]
    assert layer.compute_output_shape([(None, 3), (None, 3)]) == (None, 3)
    layer = Sum()
    assert layer({"x": np.ones(2), "y": np.ones(2)}).shape == (2,)
    assert layer.shapes == {"x": (2,), "y": (2,)}


def test_a_build_that_fails_leaves_no_weights():
    class Failing(Layer):
        def build(self, input_shape):
            self.add_weight(shape=(1,))
            if input_shape[-1] > 2:
                raise ValueError("too wide")

        def call(self, inputs):
            return inputs

    layer = Failing()
    with pytest.raises(ValueError, match="too wide"):
        layer(np.ones((1, 3)))
    assert layer.weights == []
    assert not layer.built
    layer(np.ones((1, 2)))
    assert len(layer.weights) == 1


def test_build_of_the_base_class_may_be_called():
    class Wider(Dense):
        def build(self, input_shape):
            super().build(input_shape)
            self.gain = self.add_weight(initializer="ones", name="gain")

    layer = Wider(2)
    layer.build((None, 3))
    assert [w.path for w in layer.weights] == ["wider/kernel", "wider/bias", "wider/gain"]


def test_a_built_layer_takes_no_more_state():
    layer = Scale()
    layer.build((None, 3))
    for add in (
        lambda: layer.add_weight(shape=(2,)),
        lambda: setattr(layer, "more", Dense(2)),
        lambda: setattr(layer, "more", kerasette.Variable(1.0)),
        lambda: layer.build((None, 4)),
    ):
        with pytest.raises(ValueError, match="You cannot add new elements of state"):
            add()
    assert len(layer.weights) == 1


def test_weights_of_unknown_size_raise():
    with pytest.raises(ValueError, match=r"fully-defined .*shape=\(None,\).*'scale/weight'"):
        Scale().build((None, None))


def test_default_initializers_of_weights():
    layer = Layer()
    assert layer.add_weight(shape=(3, 4)).numpy().std() > 0
    assert layer.add_weight(shape=(2,), dtype="int32").numpy().tolist() == [0, 0]
    assert layer.add_weight().shape == ()
    names = [weight.name for weight in layer.weights]
    assert len(set(names)) == 3 and all(name.startswith("variable") for name in names)
    assert [weight.path for weight in layer.weights] == [f"layer/{name}" for name in names]


# ---- calling --------------------------------------------------------------------------------


def test_real_inputs_get_the_dtype_of_the_layer():
    class Dtype(Layer):
        def call(self, inputs):
            return inputs

    assert Dtype()(np.ones(2)).dtype == "float32"
    assert Dtype(dtype="float64")(np.ones(2, "float32")).dtype == "float64"
    assert Dtype(dtype="float64")(ops.ones(2)).dtype == "float64"
    assert Dtype()(np.arange(2)).dtype == "int64"
    assert Dtype(dtype="float64").compute_dtype == Dtype(dtype="float64").variable_dtype


class Training(Layer):
    """Gives what it is told of training."""

    def __init__(self, inner=None, **kwargs):
        super().__init__(**kwargs)
        self.inner = inner
        self.seen = []

    def call(self, inputs, training=None):
        self.seen.append(training)
        return inputs if self.inner is None else self.inner(inputs)


class Unaware(Layer):
    def __init__(self, inner, **kwargs):
        super().__init__(**kwargs)
        self.inner = inner

    def call(self, inputs):
        return self.inner(inputs)


def test_training_goes_down_to_the_layers_inside():
    for wrapper in (Training, Unaware):
        inner = Training()
        outer = wrapper(inner)
        for given in (True, False, None):
            outer(np.ones(1), training=given)
        outer(np.ones(1))
        assert inner.seen == [True, False, None, None]
    # And not beyond the call, nor when it raises.
    with pytest.raises(TypeError):
        outer(np.ones(1), training=True, other=1)
    inner(np.ones(1))
    assert inner.seen[-1] is None


def test_defaults_and_explicit_values_of_training():
    inner = Training()

    class Explicit(Layer):
        def __init__(self):
            super().__init__()
            self.inner = inner

        def call(self, inputs, training=True):
            assert training is True
            self.inner(inputs, training=False)
            return self.inner(inputs)

    Explicit()(np.ones(1))
    assert inner.seen == [False, True]


@pytest.mark.parametrize(
    ("args", "error", "words"),
    [
        (([[1.0, 2.0]],), ValueError, r"Only input tensors .* keyword argument: 1.0 \(of type"),
        ((np.ones((1, 2)), 3), ValueError, "Only input tensors"),
        (("abc",), ValueError, "Only input tensors"),
        ((None,), ValueError, "Inputs to a layer should be tensors. Got 'None'"),
        ((), TypeError, "missing a required argument: 'inputs'"),
        ((np.array(["a"]),), ValueError, "converted"),
        ((np.ones(2),), ValueError, "expected min_ndim=2, found ndim=1"),
    ],
)
def test_inputs_that_are_wrong_raise_and_build_nothing(args, error, words):
    layer = Dense(2)
    with pytest.raises(error, match=words):
        layer(*args)
    assert not layer.built


def test_unknown_arguments_of_a_call_raise():
    with pytest.raises(TypeError, match="foo"):
        Dense(2)(np.ones((1, 2)), foo=1)


def test_errors_tell_in_which_layer_they_arose():
    class Failing(Layer):
        def call(self, inputs):
            raise KeyError("x")

    with pytest.raises(KeyError) as caught:
        Unaware(Failing(name="inside"))(np.ones((2, 3)))
    assert [note.split("'")[1] for note in caught.value.__notes__] == ["inside", "unaware"]
    assert "(2, 3)" in caught.value.__notes__[0]


def test_a_layer_without_call_raises():
    with pytest.raises(NotImplementedError, match="does not have a `call` method"):
        Layer()(np.ones(1))


def test_forgotten_init_of_the_base_is_told():
    class Forgetful(Layer):
        def __init__(self):
            self.value = 1

        def call(self, inputs):
            return inputs

    for use in (lambda layer: layer(np.ones(1)), lambda layer: layer.add_weight()):
        with pytest.raises(RuntimeError, match="super"):
            use(Forgetful())


# ---- shapes -----------------------------------------------------------------------------------


def test_output_shape_of_a_layer_that_does_not_say_it():
    block = Block()
    assert block.compute_output_shape((None, 3)) == (None, 2)
    assert block.compute_output_shape((5, 3)) == (5, 2)
    assert Unaware(layers.Flatten()).compute_output_shape((None, None, 3)) == (None, None)
    # No state has changed, and random generators have not moved.
    assert block.calls.numpy() == 0
    assert block.steps[1].seed_generator.state.numpy().tolist() == [1, 0]


def test_a_layer_that_says_its_output_shape_is_not_called_on_zeros():
    class Inverse(layers.Layer):
        def call(self, inputs):
            assert (ops.convert_to_numpy(inputs) != 0).all()
            return 1 / inputs

        def compute_output_shape(self, input_shape):
            return input_shape

    model = kerasette.Sequential([kerasette.Input((2,)), Inverse()])
    np.testing.assert_array_equal(model.predict(np.full((1, 2), 4.0), verbose=0), [[0.25, 0.25]])


# ---- weights -------------------------------------------------------------------------------------


def test_weights_of_the_layers_inside_are_found():
    block = Block()
    block(np.ones((1, 3)))
    assert [weight.path for weight in block.weights] == [
        "block/calls", "block/dense/kernel", "block/dense/bias", "block/dense_1/kernel",
    ]  # fmt: skip
    assert len(block.trainable_weights) == len(block.trainable_variables) == 3
    assert [weight.name for weight in block.non_trainable_weights] == ["calls"]
    assert len(block.variables) == 5
    assert [v.name for v in block.non_trainable_variables] == ["calls", "seed_generator_state"]
    assert block.count_params() == 1 + 3 * 4 + 4 + 4 * 2
    assert len(block._flatten_layers()) == 4


def test_variables_as_attributes_and_in_lists_are_weights():
    layer = Layer()
    layer.a = kerasette.Variable(1.0)
    layer.state = kerasette.Variable(1.0, trainable=False)
    layer.more = [kerasette.Variable(2.0), {"b": kerasette.Variable(3.0)}]
    layer.again = layer.a
    assert [float(weight) for weight in layer.weights] == [1.0, 2.0, 3.0, 1.0]
    del layer.again
    assert len(layer.weights) == 4
    del layer.a
    assert [float(weight) for weight in layer.weights] == [2.0, 3.0, 1.0]


def test_a_shared_layer_counts_once():
    dense = Dense(3)

    class Twice(Layer):
        def __init__(self):
            super().__init__()
            self.first = dense
            self.both = [dense, dense]

        def call(self, inputs):
            return self.first(self.both[1](inputs))

    layer = Twice()
    layer(np.ones((1, 3)))
    assert len(layer.weights) == 2
    assert layer.count_params() == 12


def test_trainable_goes_down():
    block = Block()
    block(np.ones((1, 3)))
    before = structure_version()
    block.trainable = False
    assert structure_version() > before
    assert block.trainable_weights == []
    assert len(block.non_trainable_weights) == 4
    assert not block.steps[0].trainable
    assert not block.steps[0].kernel.trainable
    block.trainable = True
    assert len(block.trainable_weights) == 3
    block.heads["out"].trainable = False
    assert len(block.trainable_weights) == 2
    # The order of weights is as before.
    assert [weight.name for weight in block.weights] == ["calls", "kernel", "bias", "kernel"]


def test_a_frozen_layer_makes_frozen_weights():
    layer = Dense(2, trainable=False)
    layer.build((None, 3))
    assert layer.trainable_weights == []
    layer.trainable = True
    assert len(layer.trainable_weights) == 2


def test_get_and_set_weights():
    layer = Dense(2)
    layer.build((None, 3))
    kernel = layer.kernel
    values = [np.arange(6.0).reshape(3, 2), [1, 2]]
    layer.set_weights(values)
    assert layer.kernel is kernel
    for found, expected in zip(layer.get_weights(), values):
        np.testing.assert_array_equal(found, expected)
        assert found.dtype == "float32"
    layer.get_weights()[0][:] = 7
    np.testing.assert_array_equal(layer.get_weights()[0], values[0])


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ([np.ones((3, 2))], "weight list of length 1, but the layer was expecting 2 weights"),
        ([], "weight list of length 0"),
        (
            [np.ones((3, 2)), np.ones(3)],
            r"weight shape \(2,\) is not compatible with provided weight shape \(3,\)",
        ),
        ([np.ones((3, 2)), np.array(["a", "b"])], "converted"),
    ],
)
def test_weights_that_do_not_fit_raise_and_change_nothing(weights, words):
    layer = Dense(2)
    layer.build((None, 3))
    before = layer.get_weights()
    with pytest.raises(ValueError, match=words):
        layer.set_weights(weights)
    for found, expected in zip(layer.get_weights(), before):
        np.testing.assert_array_equal(found, expected)


def test_parameters_of_an_unbuilt_layer_are_not_counted():
    with pytest.raises(ValueError, match=r"`count_params` on layer 'dense'.*isn't built"):
        Dense(3).count_params()


# ---- attributes, names, configs ----------------------------------------------------------------


def test_setting_an_attribute_invalidates_recordings_and_calling_does_not():
    layer = Dense(2)
    layer(np.ones((1, 2)))
    version = structure_version()
    layer(np.ones((1, 2)))
    layer.activation = layer.activation
    assert structure_version() == version
    layer.activation = kerasette.activations.relu
    assert structure_version() > version


def test_names_count_up_as_in_keras():
    golden = golden_json("configs.json")["auto_names"]
    for (name, arguments), expected in zip(golden["made"], golden["names"]):
        if hasattr(layers, name):
            assert getattr(layers, name)(**arguments).name == expected
        else:
            assert kerasette.naming.auto_name(name) == expected
    made = [kerasette.Input((1,))._keras_history.operation.name for _ in range(2)]
    assert made == golden["input_layers"]
    kerasette.utils.clear_session()
    assert Dense(1).name == golden["dense_after_clear_session"]


@pytest.mark.parametrize("name", [3, "a/b"])
def test_names_that_are_none_raise(name):
    with pytest.raises(ValueError, match="Argument `name` must be a string and cannot contain"):
        Dense(1, name=name)


def test_unknown_arguments_and_dtypes_raise():
    with pytest.raises(ValueError, match="keyword arguments passed to Layer"):
        Layer(foo=2)
    for dtype in ("float31", "mixed_float16", 3):
        with pytest.raises(ValueError, match=r"Cannot (convert|interpret `dtype`)"):
            Dense(1, dtype=dtype)


def test_input_shape_is_accepted_with_a_warning():
    with pytest.warns(UserWarning, match="input_shape"):
        layer = Dense(1, input_shape=(4,))
    assert layer._input_shape_arg == (4,)
    with pytest.warns(UserWarning, match="input_shape"):
        layer = Dense(1, input_dim=4)
    assert layer._input_shape_arg == (4,)


def test_config_of_a_user_layer_follows_its_constructor():
    layer = Scale(factor=3.0, name="mine", trainable=False, dtype="float64")
    config = layer.get_config()
    assert config["factor"] == 3.0
    twin = Scale.from_config(config)
    assert twin.get_config() == config
    assert (twin.factor, twin.name, twin.trainable, twin.dtype) == (3.0, "mine", False, "float64")
    with pytest.raises(NotImplementedError, match="get_config"):
        Scale(factor=np.ones(3)).get_config()


def test_config_of_a_user_layer_that_says_it():
    class Own(Scale):
        def get_config(self):
            return {**super().get_config(), "factor": 5.0}

    assert Own.from_config(Own().get_config()).factor == 5.0


def test_copies_and_pickles_have_weights_of_their_own():
    block = Block()
    x = np.ones((1, 3))
    expected = block(x).numpy()
    for twin in (copy.deepcopy(block), pickle.loads(pickle.dumps(block))):
        np.testing.assert_array_equal(twin(x).numpy(), expected)
        twin.set_weights([0 * w for w in twin.get_weights()])
        assert (twin(x).numpy() == 0).all()
    np.testing.assert_array_equal(block(x).numpy(), expected)
    assert block.steps[0].get_config() == copy.deepcopy(block).steps[0].get_config()


@pytest.mark.parametrize("trainable", ["False", None, 1, 0.0])
def test_trainable_is_a_boolean(trainable):
    # As Keras 3.15.1 says it.
    words = f"Expected `trainable` to be a boolean. Received: trainable={trainable} (of type <class"
    with pytest.raises(ValueError, match=re.escape(words)):
        layers.Dense(1, trainable=trainable)
    assert not layers.Dense(1, trainable=np.bool_(False)).trainable
