"""Nodes that replays run as one: the bits of eager runs, and when there must be none."""

import itertools

import numpy as np
import pytest

import kerasette
from kerasette import layers
from kerasette._core import runtime

RNG = np.random.default_rng(0)
BATCH = 6

CONVOLUTIONS = {
    "Conv1D": ((9, 3), lambda **kw: layers.Conv1D(5, 3, **kw)),
    "Conv2D": ((6, 7, 3), lambda **kw: layers.Conv2D(33, 3, padding="same", **kw)),
    "Conv2D one filter": ((6, 7, 3), lambda **kw: layers.Conv2D(1, 3, strides=2, **kw)),
    "Conv2D 1 x 1": ((6, 7, 20), lambda **kw: layers.Conv2D(70, 1, **kw)),
    "Conv2D groups": ((6, 7, 6), lambda **kw: layers.Conv2D(10, (2, 3), groups=2, **kw)),
    "Conv3D": ((4, 5, 3, 2), lambda **kw: layers.Conv3D(7, 2, **kw)),
    "Conv2DTranspose": ((4, 5, 3), lambda **kw: layers.Conv2DTranspose(19, 3, strides=2, **kw)),
    "DepthwiseConv2D": ((6, 7, 21), lambda **kw: layers.DepthwiseConv2D(3, **kw)),
    "DepthwiseConv2D several": (
        (6, 7, 5),
        lambda **kw: layers.DepthwiseConv2D(3, depth_multiplier=3, **kw),
    ),
    "SeparableConv2D": ((6, 7, 4), lambda **kw: layers.SeparableConv2D(18, 3, **kw)),
    "Dense": ((11,), lambda **kw: layers.Dense(37, **kw)),
    "Dense on rank 3": ((3, 11), lambda **kw: layers.Dense(5, **kw)),
}
ACTIVATIONS = {
    "none": None,
    "relu": "relu",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "ReLU": layers.ReLU(),
}


def randomized(model, seed=0):
    """The model with weights that are nobody's defaults."""
    rng = np.random.default_rng(seed)
    model.set_weights([rng.uniform(0.5, 1.5, w.shape) - 0.3 * (w.ndim > 1) for w in model.weights])
    return model


def network(name, activation="relu", dtype=None, use_bias=True, **options):
    shape, convolution = CONVOLUTIONS[name]
    stack = [kerasette.Input(shape), convolution(use_bias=use_bias, dtype=dtype)]
    stack.append(layers.BatchNormalization(dtype=dtype, **options))
    if ACTIVATIONS[activation] is not None:
        stack.append(layers.Activation(ACTIVATIONS[activation], dtype=dtype))
    return randomized(kerasette.Sequential(stack))


def inputs_of(model, n=3 * BATCH):
    return RNG.normal(size=(n, *model.input_shape[1:])).astype("float32")


def ops_of(model, kind="predict"):
    """What the only program of that kind runs."""
    programs = [
        program
        for workspace in model._pool.free
        for key, program in workspace.programs.items()
        if key[0] == kind
    ]
    (program,) = programs
    return program.step.replayed_ops


def predicted(model, x):
    """Predictions of replays, which must be those of calls and of eager steps."""
    before = model.replayed_steps
    found = model.predict(x, batch_size=BATCH, verbose=0)
    found = model.predict(x, batch_size=BATCH, verbose=0)
    assert model.replayed_steps > before
    batches = [x[i : i + BATCH] for i in range(0, len(x), BATCH)]
    called = np.concatenate([model(batch, training=False).numpy() for batch in batches])
    np.testing.assert_array_equal(found, called)
    return found


# ---- what is fused --------------------------------------------------------------------------


@pytest.mark.parametrize("name", CONVOLUTIONS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_normalizations_are_folded_with_the_same_bits(name, activation):
    model = network(name, activation)
    predicted(model, inputs_of(model))
    ran = ops_of(model)
    assert "channel_affine" not in ran
    assert not {"relu", "sigmoid", "tanh"} & set(ran)
    assert ran[-1] == {"Conv2DTranspose": "conv_transpose"}.get(
        name, "dense" if name.startswith("Dense") else "conv"
    )


@pytest.mark.parametrize("isa", [name for name, runs in runtime.isa_levels() if runs])
@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_instruction_sets(name, isa):
    before = runtime.isa()
    runtime.set_isa(isa)
    try:
        model = network(name, "relu")
        predicted(model, inputs_of(model))
        assert "channel_affine" not in ops_of(model)
    finally:
        runtime.set_isa(before)


@pytest.mark.parametrize("name", ["Conv2D", "Conv2D groups", "DepthwiseConv2D", "Dense"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    "options",
    [{"use_bias": False}, {"center": False}, {"scale": False}, {"epsilon": 0.5}],
    ids=str,
)
def test_options_and_precisions(name, dtype, options):
    model = network(name, "relu", dtype, **options)
    predicted(model, inputs_of(model))
    assert "channel_affine" not in ops_of(model)


@pytest.mark.parametrize("name", ["Conv2D", "Dense"])
@pytest.mark.parametrize("activation", ["relu", "sigmoid", "tanh"])
def test_an_activation_alone_is_fused(name, activation):
    shape, convolution = CONVOLUTIONS[name]
    model = kerasette.Sequential(
        [kerasette.Input(shape), convolution(), layers.Activation(activation)]
    )
    predicted(randomized(model), inputs_of(model))
    assert ops_of(model) == ["dense" if name == "Dense" else "conv"]


def test_a_network_of_many():
    x = inputs = kerasette.Input((12, 11, 3))
    for filters in (8, 16, 24):
        skip = layers.BatchNormalization()(layers.Conv2D(filters, 1, strides=2)(x))
        x = layers.Conv2D(filters, 3, strides=2, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization()(x))
        x = layers.BatchNormalization()(layers.DepthwiseConv2D(3, padding="same")(x))
        x = layers.ReLU()(layers.Add()([x, skip]))
    x = layers.Dense(20)(layers.Flatten()(x))
    x = layers.Activation("tanh")(layers.BatchNormalization()(x))
    model = randomized(kerasette.Model(inputs, layers.Dense(4, activation="softmax")(x)))
    predicted(model, inputs_of(model))
    ran = ops_of(model)
    assert "channel_affine" not in ran
    assert "tanh" not in ran
    # Those after the additions.
    assert ran.count("relu") == 3


def test_evaluating_gives_the_bits_of_eager_steps(eager):
    def evaluated():
        model = network("Conv2D")
        x = np.random.default_rng(1).normal(size=(4 * BATCH, 6, 7, 3))
        model.compile("sgd", "mse", metrics=["mae"])
        results = model.evaluate(x, np.ones((len(x), 6, 7, 33)), BATCH, verbose=0)
        return model, results

    model, found = evaluated()
    assert model.replayed_steps > 0
    assert "channel_affine" not in ops_of(model, "test")
    eager()
    model, expected = evaluated()
    assert model.replayed_steps == 0
    assert found == expected


def test_any_number_of_threads_gives_the_same_bits():
    model = randomized(
        kerasette.Sequential(
            [
                kerasette.Input((40, 41, 3)),
                layers.Conv2D(32, 3),
                layers.BatchNormalization(),
                layers.ReLU(),
                layers.DepthwiseConv2D(3),
                layers.BatchNormalization(),
                layers.ReLU(),
            ]
        )
    )
    x = inputs_of(model)
    before, found = kerasette.config.get_num_threads(), []
    try:
        for n in (1, 2, 3):
            kerasette.config.set_num_threads(n)
            found.append(predicted(model, x))
    finally:
        kerasette.config.set_num_threads(before)
    np.testing.assert_array_equal(found[0], found[1])
    np.testing.assert_array_equal(found[0], found[2])


# ---- weights that change --------------------------------------------------------------------


def test_changed_weights_show_at_once():
    model = network("Conv2D")
    model.compile(kerasette.optimizers.SGD(0.1), "mse")
    x = inputs_of(model)
    found = [predicted(model, x)]
    model.fit(x, np.ones((len(x), 6, 7, 33)), BATCH, verbose=0)
    found.append(predicted(model, x))
    randomized(model, seed=1)
    found.append(predicted(model, x))
    normalization = model.layers[1]
    for variable in (
        normalization.gamma, normalization.beta, normalization.moving_mean,
        normalization.moving_variance, *model.layers[0].weights,
    ):  # fmt: skip
        variable.assign(variable + 0.25)
        found.append(predicted(model, x))
    for one, other in itertools.pairwise(found):
        assert not np.array_equal(one, other)
    assert "channel_affine" not in ops_of(model)


# ---- what is not fused ----------------------------------------------------------------------


def functional(build):
    inputs = kerasette.Input((6, 7, 3))
    return randomized(kerasette.Model(inputs, build(inputs)))


def twice(inputs):
    x = layers.Conv2D(5, 3)(inputs)
    return layers.Add()([x, layers.BatchNormalization()(x)])


def normalized_twice(inputs):
    x = layers.Conv2D(5, 3)(inputs)
    return layers.Add()([layers.BatchNormalization()(x), layers.BatchNormalization()(x)])


def activated_before(inputs):
    return layers.BatchNormalization()(layers.Conv2D(5, 3, activation="relu")(inputs))


def another_axis(inputs):
    return layers.BatchNormalization(axis=1)(layers.Conv2D(5, 3)(inputs))


def another_shape(inputs):
    x = layers.Reshape((2, 50))(layers.Conv2D(5, 3)(inputs))
    return layers.BatchNormalization()(x)


def read_in_part(inputs):
    x = layers.Conv2D(5, 3)(inputs)
    return layers.BatchNormalization()(x) + kerasette.ops.max(x[1:])


@pytest.mark.parametrize(
    "build", [twice, normalized_twice, activated_before, another_axis, another_shape, read_in_part]
)
def test_what_is_not_folded(build):
    model = functional(build)
    predicted(model, inputs_of(model))
    assert "channel_affine" in ops_of(model)


class InTraining(kerasette.Model):
    def __init__(self):
        super().__init__()
        self.conv = layers.Conv2D(3, 2)
        self.normalization = layers.BatchNormalization()

    def call(self, inputs):
        return self.normalization(self.conv(inputs), training=True)


def test_statistics_of_the_batch_are_not_folded():
    found = []
    for is_eager in (False, True):
        kerasette.utils.set_random_seed(1)
        model = InTraining()
        model.compile(run_eagerly=is_eager)
        x = np.random.default_rng(0).normal(size=(4 * BATCH, 5, 5, 2))
        found.append([model.predict(x, batch_size=BATCH, verbose=0) for _ in range(2)])
        assert is_eager or ops_of(model)[:2] == ["conv", "batch_norm"]
    np.testing.assert_array_equal(found[0], found[1])


def test_a_view_between_is_no_obstacle():
    model = functional(lambda x: layers.BatchNormalization()(layers.Reshape((20, 5))(conv(x))))
    predicted(model, inputs_of(model))
    assert "channel_affine" not in ops_of(model)


def conv(x):
    return layers.Conv2D(5, 3)(x)


@pytest.mark.parametrize("shown", ["sums", "normalized"])
def test_results_that_the_model_returns_stay(shown):
    inputs = kerasette.Input((6, 7, 3))
    sums = conv(inputs)
    normalized = layers.BatchNormalization()(sums)
    y = layers.ReLU()(normalized)
    other = {"sums": layers.Flatten()(sums), "normalized": normalized}[shown]
    model = randomized(kerasette.Model(inputs, [y, other]))
    x = inputs_of(model)
    for _ in range(2):
        found = model.predict(x, batch_size=BATCH, verbose=0)
    for batch in range(3):
        rows = slice(batch * BATCH, (batch + 1) * BATCH)
        for array, expected in zip(found, model(x[rows]), strict=True):
            np.testing.assert_array_equal(array[rows], expected.numpy())
    ran = ops_of(model)
    assert ("channel_affine" in ran) == (shown == "sums")
    assert "relu" in ran


def test_other_rectifiers_are_not_folded():
    model = functional(lambda x: layers.ReLU(max_value=0.5)(layers.BatchNormalization()(conv(x))))
    predicted(model, inputs_of(model))
    assert ops_of(model)[-2:] == ["conv", "bounded_relu"]


class Updating(kerasette.Model):
    """Predicts, and changes the kernel between the convolution and the normalization."""

    def __init__(self):
        super().__init__()
        self.conv = layers.Conv2D(3, 2)
        self.normalization = layers.BatchNormalization()

    def call(self, inputs, training=None):
        x = self.conv(inputs)
        self.conv.bias.assign(self.conv.bias + 1.0)
        # Read again within the step: the update is written before it is.
        shift = kerasette.ops.sum(self.conv.bias)
        return self.normalization(x, training=training) + shift


def test_weights_that_change_in_the_step():
    found = []
    for is_eager in (False, True):
        kerasette.utils.set_random_seed(1)
        model = Updating()
        model.compile(run_eagerly=is_eager)
        x = np.random.default_rng(0).normal(size=(4 * BATCH, 5, 5, 2))
        found.append([model.predict(x, batch_size=BATCH, verbose=0) for _ in range(2)])
    np.testing.assert_array_equal(found[0], found[1])


# ---- training -------------------------------------------------------------------------------


def trained(frozen):
    """History and weights of a network whose first part may be frozen."""
    kerasette.utils.set_random_seed(1)
    model = kerasette.Sequential(
        [
            kerasette.Input((8, 7, 2)),
            layers.Conv2D(6, 3, use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Conv2D(5, 3, padding="same"),
            layers.BatchNormalization(),
            layers.Activation("relu"),
            layers.Flatten(),
            layers.Dense(3, activation="softmax"),
        ]
    )
    for layer in model.layers[:2] if frozen else []:
        layer.trainable = False
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(5 * BATCH, 8, 7, 2)), rng.integers(0, 3, 5 * BATCH)
    history = model.fit(x, y, BATCH, epochs=3, validation_split=0.2, shuffle=False, verbose=0)
    return model, [*history.history.values(), *model.get_weights()]


@pytest.mark.parametrize("frozen", [False, True])
def test_training_gives_the_bits_of_eager_steps(frozen, eager):
    model, found = trained(frozen)
    assert model.replayed_steps > 0
    ran = ops_of(model, "train")
    assert ran.count("batch_norm") == (1 if frozen else 2)
    assert ran.count("-conv") == (1 if frozen else 2)
    assert not {"channel_affine", "relu", "-relu"} & set(ran)
    eager()
    model, expected = trained(frozen)
    assert model.replayed_steps == 0
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one, other)


SHAPE = (5, 6, 4)
LAYERS_BEFORE = {
    "BatchNormalization": layers.BatchNormalization,
    "BatchNormalization axis 1": lambda: layers.BatchNormalization(axis=1),
    "Conv2D": lambda: layers.Conv2D(3, 2),
    "Conv2D without bias": lambda: layers.Conv2D(33, 3, use_bias=False, padding="same"),
    "Conv2DTranspose": lambda: layers.Conv2DTranspose(3, 2, strides=2),
    "DepthwiseConv2D": lambda: layers.DepthwiseConv2D(2),
    "Dense": lambda: layers.Dense(7),
    "Dense without bias": lambda: layers.Dense(7, use_bias=False),
}


def rectified(before, after, loss="mse", optimizer="adam", **options):
    """History and weights of a network with a rectifier after a layer."""
    kerasette.utils.set_random_seed(1)
    inputs = kerasette.Input(SHAPE)
    # A layer with weights before it, so that its input has a gradient.
    x = layers.Dense(4)(inputs)
    y = after(LAYERS_BEFORE[before]()(x))
    model = kerasette.Model(inputs, layers.Dense(1)(layers.Flatten()(y)))
    model.compile(optimizer, loss)
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(5 * BATCH, *SHAPE)), rng.normal(size=(5 * BATCH, 1))
    history = model.fit(x, y, BATCH, epochs=3, shuffle=False, verbose=0, **options)
    return model, [*history.history.values(), *model.get_weights()]


@pytest.mark.parametrize("before", LAYERS_BEFORE)
def test_training_leaves_rectifiers_to_the_layer_before(before, eager):
    model, found = rectified(before, layers.ReLU())
    assert not {"relu", "-relu"} & set(ops_of(model, "train"))
    eager()
    model, expected = rectified(before, layers.ReLU())
    assert model.replayed_steps == 0
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_pooling_after_a_rectifier_goes_along_too(eager):
    def pooled():
        kerasette.utils.set_random_seed(1)
        stack = [kerasette.Input((9, 8, 2)), layers.Conv2D(5, 3), layers.ReLU()]
        stack += [layers.MaxPooling2D(2), layers.Flatten(), layers.Dense(1)]
        model = kerasette.Sequential(stack)
        model.compile("adam", "mse")
        rng = np.random.default_rng(0)
        x, y = rng.normal(size=(64, 9, 8, 2)), rng.normal(size=(64, 1))
        history = model.fit(x, y, 16, epochs=3, shuffle=False, verbose=0).history
        return model, [history["loss"], *model.get_weights()]

    model, found = pooled()
    assert not {"relu", "-relu", "max_pool", "-max_pool"} & set(ops_of(model, "train"))
    eager()
    for one, other in zip(found, pooled()[1], strict=True):
        np.testing.assert_array_equal(one, other)


def add_to_itself(x):
    return layers.Add()([x, layers.ReLU()(x)])


def rectify_twice(x):
    return layers.Add()([layers.ReLU()(x), layers.Activation("relu")(x)])


def punish(x):
    return layers.ReLU()(layers.ActivityRegularization(l2=0.01)(x))


@pytest.mark.parametrize(
    "after", [add_to_itself, rectify_twice, punish, layers.Activation("tanh"), layers.ReLU(1.0)]
)
@pytest.mark.parametrize("before", ["BatchNormalization", "Dense", "Conv2D"])
def test_what_training_does_not_fuse(before, after, eager):
    model, found = rectified(before, after)
    ran = ops_of(model, "train")
    assert {"-relu", "-tanh", "-bounded_relu"} & set(ran)
    eager()
    model, expected = rectified(before, after)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one, other)


class Twofold(kerasette.Model):
    """Takes gradients of its own: of the result between normalization and rectifier, too."""

    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(6)
        self.normalization = layers.BatchNormalization()
        self.last = layers.Dense(1)

    def call(self, inputs, training=None):
        self.between = self.normalization(self.dense(inputs), training=training)
        return self.last(kerasette.ops.relu(self.between))

    def train_step(self, data):
        x, y = data
        with kerasette.GradientTape() as tape:
            loss = self.compute_loss(x=x, y=y, y_pred=self(x, training=True))
        between = self.__dict__.pop("between")
        variables = self.trainable_variables
        slope, *gradients = tape.gradient(loss, [between, *variables])
        self.optimizer.apply_gradients(zip(gradients, variables, strict=True))
        return {"loss": loss, "slope": kerasette.ops.sum(kerasette.ops.abs(slope))}


def test_gradients_that_somebody_reads_stay():
    found = []
    for is_eager in (False, True):
        kerasette.utils.set_random_seed(1)
        model = Twofold()
        model.compile("sgd", "mse", run_eagerly=is_eager)
        rng = np.random.default_rng(0)
        x, y = rng.normal(size=(5 * BATCH, 4)), rng.normal(size=(5 * BATCH, 1))
        history = model.fit(x, y, BATCH, epochs=3, shuffle=False, verbose=0).history
        found.append([history["loss"], history["slope"], *model.get_weights()])
    for one, other in zip(*found, strict=True):
        np.testing.assert_array_equal(one, other)


def test_freezing_between_is_seen():
    model = network("Conv2D")
    model.compile(kerasette.optimizers.SGD(0.01), "mse")
    x = inputs_of(model)
    y = np.ones((len(x), 6, 7, 33))
    model.fit(x, y, BATCH, verbose=0)
    mean = model.layers[1].moving_mean.numpy()
    model.layers[1].trainable = False
    model.compile(kerasette.optimizers.SGD(0.01), "mse")
    model.fit(x, y, BATCH, verbose=0)
    np.testing.assert_array_equal(model.layers[1].moving_mean.numpy(), mean)
    predicted(model, x)
