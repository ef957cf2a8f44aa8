"""Copies and pickles of everything but models: equal at first, and independent from then on."""

import copy
import inspect
import pickle
import re

import numpy as np
import pytest
from copies import PICKLES, WAYS, by, same
from layer_rows import ROWS

import kerasette
from kerasette import (
    callbacks,
    constraints,
    dtype_policies,
    initializers,
    layers,
    losses,
    metrics,
    ops,
    optimizers,
    random,
    regularizers,
    text,
)

X = np.random.default_rng(0).normal(size=(6, 4)).astype("float32")
RATE = {"initial_learning_rate": 0.1}
HALF = {"num_thresholds": 5}

# Arguments of what cannot be made without.
ARGUMENTS = {
    "metrics.IoU": {"num_classes": 3, "target_class_ids": [1]},
    "metrics.MeanIoU": {"num_classes": 3},
    "metrics.OneHotIoU": {"num_classes": 3, "target_class_ids": [1]},
    "metrics.OneHotMeanIoU": {"num_classes": 3},
    "metrics.MeanMetricWrapper": {"fn": losses.mean_squared_error},
    "metrics.PrecisionAtRecall": {"recall": 0.5, **HALF},
    "metrics.RecallAtPrecision": {"precision": 0.5, **HALF},
    "metrics.SensitivityAtSpecificity": {"specificity": 0.5, **HALF},
    "metrics.SpecificityAtSensitivity": {"sensitivity": 0.5, **HALF},
    "optimizers.LossScaleOptimizer": {"inner_optimizer": optimizers.Adam()},
    "optimizers.Optimizer": {"learning_rate": 0.1},
    "optimizers.schedules.CosineDecay": {**RATE, "decay_steps": 3},
    "optimizers.schedules.CosineDecayRestarts": {**RATE, "first_decay_steps": 3},
    "optimizers.schedules.ExponentialDecay": {**RATE, "decay_steps": 3, "decay_rate": 0.5},
    "optimizers.schedules.InverseTimeDecay": {**RATE, "decay_steps": 3, "decay_rate": 0.5},
    "optimizers.schedules.PiecewiseConstantDecay": {"boundaries": [2], "values": [0.1, 0.2]},
    "optimizers.schedules.PolynomialDecay": {**RATE, "decay_steps": 3},
    "callbacks.CSVLogger": {"filename": "log.csv"},
    "callbacks.InspectSteps": {"steps": [0]},
    "callbacks.LearningRateScheduler": {"schedule": abs},
    "dtype_policies.DTypePolicy": {"name": "float64"},
    "text.NegativeSampling": {"counts": [3, 2, 1], "seed": 1},
    "text.Streams": {"ids": np.arange(20), "batch_size": 2, "steps": 3},
    "text.UnigramSampler": {"counts": [3, 2, 1]},
    "text.Vocabulary": {"tokens": "abc"},
    "text.WordVectors": {"vocabulary": text.Vocabulary("abc"), "vectors": np.eye(3)},
}
MODULES = {
    "callbacks": callbacks,
    "constraints": constraints,
    "dtype_policies": dtype_policies,
    "initializers": initializers,
    "losses": losses,
    "metrics": metrics,
    "optimizers": optimizers,
    "optimizers.schedules": optimizers.schedules,
    "random": random,
    "regularizers": regularizers,
    "text": text,
}
CLASSES = {
    f"{module}.{name}": getattr(MODULES[module], name)
    for module in MODULES
    for name in MODULES[module].__all__
    if inspect.isclass(getattr(MODULES[module], name))
}
# Layers without a row in the table of all others.
MORE_LAYERS = {
    "GRUCell": lambda: (layers.GRUCell(2), (np.ones((3, 4)), [np.ones((3, 2))])),
    "Hashing": lambda: (layers.Hashing(5), (["a", "b"],)),
    "HashedCrossing": lambda: (layers.HashedCrossing(5), ((["a"], ["b"]),)),
    "IntegerLookup": lambda: (layers.IntegerLookup(vocabulary=[7, 9]), ([9, 1],)),
    "LSTMCell": lambda: (layers.LSTMCell(2), (np.ones((3, 4)), 2 * [np.ones((3, 2))])),
    "Pipeline": lambda: (layers.Pipeline([layers.Rescaling(2.0), layers.ReLU()]), (X,)),
    "RNN": lambda: (
        layers.RNN([layers.LSTMCell(2), layers.GRUCell(3)], return_state=True),
        (np.ones((3, 2, 4)),),
    ),
    "SimpleRNNCell": lambda: (layers.SimpleRNNCell(2), (np.ones((3, 4)), [np.ones((3, 2))])),
    "StackedRNNCells": lambda: (
        layers.StackedRNNCells([layers.SimpleRNNCell(2), layers.SimpleRNNCell(1)]),
        (np.ones((3, 4)), [np.ones((3, 2)), np.ones((3, 1))]),
    ),
    "StringLookup": lambda: (layers.StringLookup(vocabulary=["a", "b"]), (["b", "z"],)),
}


def config_of(value):
    """Its config, or None if it has none."""
    try:
        return value.get_config()
    except (AttributeError, NotImplementedError):
        return None


@pytest.mark.filterwarnings("ignore")
@by(WAYS)
@pytest.mark.parametrize("name", CLASSES)
def test_any_object_has_an_equal_copy(name, copied):
    value = CLASSES[name](**ARGUMENTS.get(name, {}))
    twin = copied(value)
    assert type(twin) is type(value)
    assert twin is not value
    assert config_of(twin) == config_of(value)


def assert_equal_layers(twin, layer, inputs):
    assert type(twin) is type(layer) and twin.get_config() == layer.get_config()
    paths = [(variable.path, variable.trainable) for variable in layer.variables]
    assert [(variable.path, variable.trainable) for variable in twin.variables] == paths
    assert same([v.numpy() for v in twin.variables], [v.numpy() for v in layer.variables])
    mine = {id(variable) for variable in layer.variables}
    assert not mine & {id(variable) for variable in twin.variables}
    for training in (False, True):
        more = {"training": training} if layer._takes_training else {}
        assert same(twin(*inputs, **more), layer(*inputs, **more))


@by(WAYS)
@pytest.mark.parametrize("name", ROWS)
def test_a_layer_has_an_equal_copy_built_or_not(name, copied):
    layer, inputs = ROWS[name].make(), ROWS[name].inputs()
    assert copied(layer)(inputs) is not None
    layer(inputs)
    assert_equal_layers(copied(layer), layer, (inputs,))


@by(WAYS)
@pytest.mark.parametrize("name", MORE_LAYERS)
def test_cells_and_lookups_have_equal_copies(name, copied):
    layer, inputs = MORE_LAYERS[name]()
    layer(*inputs)
    assert_equal_layers(copied(layer), layer, inputs)


@by(WAYS)
def test_words_and_their_vectors_are_copied(copied):
    words = text.WordVectors(text.Vocabulary("abc"), np.eye(3))
    assert copied(words).vocabulary.ids("cab").tolist() == words.vocabulary.ids("cab").tolist()
    assert same(copied(words).vectors, words.vectors)


@by(WAYS)
def test_what_a_layer_has_adapted_to_is_copied(copied):
    layer = layers.Normalization()
    layer.adapt(X)
    assert same(copied(layer)(X), layer(X))


# ---- how parts hang together -------------------------------------------------------


class Tied(layers.Layer):
    """Holds a weight twice, and is the regularizer of it."""

    def __init__(self):
        super().__init__()
        self.strength = 1.0
        self.first = self.add_weight(shape=(2,), initializer="ones", regularizer=self.penalty)
        self.again = {"first": self.first}

    def penalty(self, weight):
        """As strong as the layer says."""
        return self.strength * ops.sum(weight)

    def call(self, inputs):
        return inputs * self.first


@by(WAYS)
def test_one_variable_stays_one(copied):
    twin = copied(Tied())
    assert twin.first is twin.again["first"] and len(twin.weights) == 1
    pair = copied([twin.first, twin.first])
    assert pair[0] is pair[1]


@by(WAYS)
def test_a_weight_has_the_regularizer_of_the_copied_layer(copied):
    layer = Tied()
    twin = copied(layer)
    twin.strength = 3.0
    assert [float(loss) for loss in (*layer.losses, *twin.losses)] == [2.0, 6.0]
    dense = layers.Dense(2, kernel_regularizer="l2", kernel_constraint="max_norm")
    dense(X)
    twin = copied(dense)
    assert twin.kernel.regularizer is twin.kernel_regularizer is not dense.kernel_regularizer
    assert twin.kernel.constraint is twin.kernel_constraint


@by(WAYS)
def test_a_symbolic_tensor_is_copied_without_its_graph(copied):
    inputs = outputs = kerasette.Input((4,))
    for _ in range(300):
        outputs = outputs + 1
    inputs, outputs = copied((inputs, outputs))
    assert (outputs.shape, outputs.dtype) == ((None, 4), "float32")
    with pytest.raises(ValueError, match="not connected"):
        kerasette.Model(inputs, outputs)


@by(WAYS)
def test_a_function_has_a_graph_of_its_own(copied):
    inputs = kerasette.Input((4,))
    function = kerasette.Function(inputs, layers.Dense(2)(inputs) * 2)
    assert same(copied(function)(X), function(X))


@by(WAYS)
@pytest.mark.parametrize("dtype", ["bool", "int32", "int64", "float32", "float64"])
@pytest.mark.parametrize("shape", [(), (0, 3), (2, 3)])
def test_tensors_are_copied_bit_for_bit(dtype, shape, copied):
    tensor = ops.convert_to_tensor(np.arange(np.prod(shape)).reshape(shape).T.astype(dtype))
    twin = copied(tensor)
    assert type(twin) is type(tensor) and same(twin, tensor)


@by(WAYS)
def test_draws_go_on_where_they_were(copied):
    generator = random.SeedGenerator(3)
    random.normal((2,), seed=generator)
    twin = copied(generator)
    assert same(random.normal((3,), seed=twin), random.normal((3,), seed=generator))


@by(WAYS)
def test_a_metric_goes_on_counting_by_itself(copied):
    metric = metrics.AUC(num_thresholds=5)
    metric.update_state([0, 1], [0.1, 0.7])
    twin = copied(metric)
    for one in (metric, twin):
        one.update_state([1, 0], [0.2, 0.9])
    assert same(twin.result(), metric.result())
    twin.reset_state()
    assert float(metric.result()) != float(twin.result())


# ---- copy.copy -----------------------------------------------------------------------


def test_a_shallow_copy_of_what_has_variables_is_a_deep_one_as_in_keras():
    layer = layers.Dense(2)
    layer(X)
    metric = metrics.Mean()
    metric.update_state(3.0)
    for value in (layer, metric):
        twin = copy.copy(value)
        twin.variables[0].assign(twin.variables[0] * 0 + 7)
        assert same(twin.variables[-1], value.variables[-1])
        assert float(ops.sum(twin.variables[0])) != float(ops.sum(value.variables[0]))
    inputs = kerasette.Input((4,))
    function = kerasette.Function(inputs, layer(inputs))
    assert copy.copy(function).operations[-1] is not layer


def test_a_shallow_copy_of_an_optimizer_goes_on_by_itself():
    weight = kerasette.Variable(X[0])
    optimizer = optimizers.Adam(0.1)
    optimizer.apply([ops.ones((4,))], [weight])
    twin = copy.copy(optimizer)
    twin.apply([ops.ones((4,))])
    assert (int(optimizer.iterations), int(twin.iterations)) == (1, 2)
    assert not same(twin._trainable_variables[0], weight)


def test_a_shallow_copy_of_what_has_none_is_shallow():
    initializer = initializers.GlorotUniform(seed=1)
    assert copy.copy(initializer).get_config() == initializer.get_config()
    generator = random.SeedGenerator(1)
    assert copy.copy(generator).state is generator.state


# ---- errors --------------------------------------------------------------------------


def test_a_lambda_is_refused_by_pickle_and_taken_by_cloudpickle():
    layer = layers.Lambda(lambda x: x * 2)
    with pytest.raises((AttributeError, pickle.PicklingError), match=r"(?i)can't (get|pickle)"):
        pickle.dumps(layer)
    assert same(PICKLES["cloudpickle"](layer)(X), layer(X))


def test_a_class_that_is_not_there_is_named(monkeypatch):
    written = pickle.dumps(Tied())
    monkeypatch.delattr(f"{__name__}.Tied")
    with pytest.raises(AttributeError, match="Tied"):
        pickle.loads(written)


@pytest.mark.parametrize("cut", [1, 10, 100, 300])
def test_a_pickle_that_ends_early_raises(cut):
    written = pickle.dumps(layers.Dense(3))
    with pytest.raises((pickle.UnpicklingError, EOFError)):
        pickle.loads(written[: min(cut, len(written) - 1)])


def trained_optimizer():
    weights = [kerasette.Variable(np.ones((3, 2), "float32"), name="w")]
    optimizer = optimizers.Adam(0.1)
    optimizer.apply([ops.ones((3, 2))], weights)
    return optimizer


@pytest.mark.parametrize("value", [np.ones((30, 2), "f4"), np.ones(1, "f4"), np.ones((3, 2))])
def test_slots_that_do_not_fit_their_variables_raise(value):
    state = trained_optimizer().__getstate__()
    state["_slots"]["momentum"] = [kerasette.Variable(value)]
    with pytest.raises(ValueError, match=re.escape(f"'momentum' of w has shape {value.shape}")):
        optimizers.Adam().__setstate__(state)


@pytest.mark.parametrize("value", [np.zeros(0, "int64"), np.array(1.0)])
def test_iterations_that_are_no_number_raise(value):
    state = {**trained_optimizer().__getstate__(), "_iterations": kerasette.Variable(value)}
    with pytest.raises(ValueError, match="`iterations` has shape"):
        optimizers.Adam().__setstate__(state)


def test_slots_of_some_variables_only_are_copied():
    class OnlyFirst(optimizers.Optimizer):
        def build(self, variables):
            super().build(variables)
            self.sums = self.add_optimizer_variables(variables[:1], "sum")

        def update_step(self, gradient, variable, learning_rate):
            self.assign_sub(variable, learning_rate * gradient)

    weights = [kerasette.Variable(X), kerasette.Variable(X[0])]
    optimizer = OnlyFirst(0.1)
    optimizer.apply([ops.ones((6, 4)), ops.ones((4,))], weights)
    twin, theirs = copy.deepcopy((optimizer, weights))
    twin.apply([ops.ones((6, 4)), ops.ones((4,))], theirs)
    assert same(theirs[1], ops.convert_to_tensor(X[0]) - 0.1 - 0.1)


TAMPERED = {
    "too long": lambda array: np.resize(array, (7, *array.shape)),
    "too short": lambda array: array.reshape(-1)[:1],
    "empty": lambda array: array[:0],
    "objects": lambda array: np.array([None]),
    "text": lambda array: np.array("x"),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_weights_that_do_not_fit_raise_and_do_not_crash(how):
    layer = layers.LSTM(3)
    layer(np.ones((2, 5, 4)))
    make, (array, *others) = layer.cell.kernel.__reduce__()
    with pytest.raises((TypeError, ValueError)):
        layer.cell.__dict__["kernel"] = make(TAMPERED[how](array), *others)
        copy.deepcopy(layer)(np.ones((2, 5, 4)))
