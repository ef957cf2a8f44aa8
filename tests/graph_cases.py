"""Graphs for Keras and for kerasette alike, and what is to be seen of them.

A case is a function of the library (``keras`` or ``kerasette``) that returns models by name.
Values come from formulas, so that both get the same.
"""

import re

import numpy as np

CASES = {}


def case(function):
    CASES[function.__name__] = function
    return function


# ---- several inputs and outputs -----------------------------------------------------


@case
def lists(keras):
    a, b = keras.Input((3,)), keras.Input((2,), name="second")
    x = keras.layers.Dense(4)(a)
    y = keras.layers.Dense(4, activation="tanh")(b)
    total = keras.layers.Add()([x, y])
    return {"model": keras.Model([a, b], [keras.layers.Dense(1, name="out")(total), total, x])}


@case
def tuples(keras):
    a, b = keras.Input((3,)), keras.Input((3,))
    return {"model": keras.Model((a, b), (a - b, keras.layers.Dense(2)(b)))}


@case
def dicts(keras):
    inputs = {"b": keras.Input((3,), name="b"), "a": keras.Input((2,), name="a")}
    x = keras.layers.Concatenate()([inputs["b"], inputs["a"]])
    outputs = {"late": keras.layers.Dense(2, name="z")(x), "early": keras.layers.Dense(1)(x)}
    return {"model": keras.Model(inputs, outputs, name="by_name")}


@case
def nested_structures(keras):
    inputs = [keras.Input((2,)), (keras.Input((2,)), {"c": keras.Input((2,), name="c")})]
    a, (b, c) = inputs
    c = c["c"]
    outputs = {"sums": [a + b, (b + c,)], "product": keras.layers.Multiply()([a, b, c])}
    return {"model": keras.Model(inputs, outputs)}


@case
def one_in_lists(keras):
    x = keras.Input((3,))
    y = keras.layers.Dense(2)(x)
    return {
        "model": keras.Model([x], [y]),
        "tuple": keras.Model((x,), (y,)),
        "dict": keras.Model(x, {"y": y}),
    }


@case
def unused_and_passed_on(keras):
    used, unused = keras.Input((3,), name="used"), keras.Input((2,), name="unused")
    y = keras.layers.Dense(2)(used)
    return {"model": keras.Model([unused, used], [used, y])}


# ---- shared layers, models in models --------------------------------------------------


@case
def shared_layers(keras):
    a, b = keras.Input((3,)), keras.Input((3,))
    tower = keras.layers.Dense(3, activation="tanh", name="tower")
    norm = keras.layers.LayerNormalization()
    x, y = norm(tower(a)), norm(tower(tower(b)))
    return {"model": keras.Model([a, b], keras.layers.Dot(axes=1, normalize=True)([x, y]))}


@case
def layers_in_turn(keras):
    first, second = keras.layers.Dense(3, name="first"), keras.layers.Dense(3, name="second")
    x = keras.Input((3,))
    return {"model": keras.Model(x, first(second(first(x))))}


@case
def functional_in_functional(keras):
    x = keras.Input((3,), name="inner_input")
    y = keras.layers.Dropout(0.5)(keras.layers.Dense(2)(x))
    inner = keras.Model(x, [y, y * 2], name="inner")
    a, b = keras.Input((3,)), keras.Input((3,))
    first, second = inner(a), inner(b)
    outputs = keras.layers.Concatenate()([*first, *second])
    return {"model": keras.Model([a, b], outputs), "inner": inner}


@case
def sequential_in_functional(keras):
    deferred = keras.Sequential([keras.layers.Dense(2), keras.layers.Dense(3)], name="deferred")
    known = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)], name="known")
    x = keras.Input((4,))
    return {"model": keras.Model(x, known(deferred(x))), "deferred": deferred, "known": known}


@case
def functional_in_sequential(keras):
    x = keras.Input((3,))
    inner = keras.Model(x, keras.layers.Dense(2)(x), name="inner")
    model = keras.Sequential([keras.Input((3,)), inner, keras.layers.Dense(1)])
    grown = keras.Sequential([inner, keras.layers.Dense(2)])
    return {"model": model, "inner": inner, "grown": grown}


@case
def three_models_deep(keras):
    def around(inner, name):
        x = keras.Input((2,))
        y = keras.layers.Dense(2)(x)
        return keras.Model(x, inner(y) if inner else y, name=name)

    return {"model": around(around(around(None, "core"), "middle"), "outer")}


# ---- operators -------------------------------------------------------------------------


@case
def operators_of_two(keras):
    a, b = keras.Input((3,)), keras.Input((3,))
    c = abs(b) + 1
    return {"model": keras.Model([a, b], [a + b, a - b, a * b, a / c, a // c, a % c, c**a, -a])}


@case
def operators_with_numbers(keras):
    x = keras.Input((3,))
    p = abs(x) + 0.5
    outputs = [x + 1, 1 + x, x - 2.5, 2.5 - x, x * 3, 3 * x, x / 2, 2 / p, x // 2, 2 // p]
    return {"model": keras.Model(x, [*outputs, x % 2, 2 % p, p**2, 2**x, round(x * 10)])}


@case
def operators_with_constants(keras):
    x = keras.Input((3,))
    row = np.array([1.0, 2.0, 3.0], "float32")
    tensor = keras.ops.convert_to_tensor(row)
    matrix = np.arange(6, dtype="float32").reshape(3, 2)
    return {"model": keras.Model(x, [x + row, x * row, tensor - x, x / tensor, x @ matrix])}


@case
def operators_of_matrices(keras):
    a, b = keras.Input((2, 3)), keras.Input((3, 4))
    return {"model": keras.Model([a, b], [a @ b, keras.ops.matmul(a, b)[..., 0]])}


@case
def slices(keras):
    x = keras.Input((4, 3))
    outputs = [x[:, 0], x[:, 1:3], x[..., -1], x[:, ::2, :2], x[:, None], x[:, -1, :], x[0]]
    return {"model": keras.Model(x, outputs)}


@case
def comparisons(keras):
    a, b = keras.Input((3,)), keras.Input((3,))
    outputs = [a < b, a <= b, a > 0, a >= 0.5, b > 0, a != b, (a > 0) & (b > 0), (a > 0) | (b > 0)]
    return {"model": keras.Model([a, b], [*outputs, (a > 0) ^ (b > 0), ~(a > 0)])}


# ---- ops -------------------------------------------------------------------------------


@case
def reductions(keras):
    x, ops = keras.Input((4, 3)), keras.ops
    outputs = [
        ops.mean(x, axis=1),
        ops.sum(x, axis=-1, keepdims=True),
        ops.max(x, axis=(1, 2)),
        ops.min(x, axis=1),
        ops.argmax(x, axis=-1),
        ops.prod(x, axis=1),
        ops.var(x, axis=-1),
        ops.any(x > 0.8, axis=1),
        ops.sum(x),
        ops.logsumexp(x, axis=-1),
    ]
    return {"model": keras.Model(x, outputs)}


@case
def shapes(keras):
    x, ops = keras.Input((4, 3)), keras.ops
    outputs = [
        ops.reshape(x, (-1, 6)),
        ops.reshape(x, (-1, 3, 4)),
        ops.transpose(x, (0, 2, 1)),
        ops.expand_dims(x, 1),
        ops.squeeze(x[:, :1], 1),
        ops.concatenate([x, x * 2], axis=1),
        ops.stack([x, x], axis=-1),
        *ops.split(x, 2, axis=1),
        ops.repeat(x, 2, axis=1),
        ops.flip(x, axis=1),
        ops.pad(x, ((0, 0), (1, 0), (0, 2))),
        ops.swapaxes(x, 1, 2),
    ]
    return {"model": keras.Model(x, outputs)}


@case
def choices(keras):
    x, ops = keras.Input((5,)), keras.ops
    values, indices = ops.top_k(x, 2)
    outputs = [
        values,
        ops.cast(indices, "int32"),
        ops.where(x > 0, x, 0.0),
        ops.maximum(x, 0.25),
        ops.clip(x, -0.5, 0.5),
        ops.one_hot(ops.argmax(x, axis=-1), 5),
        ops.cast(x > 0, "float32"),
        ops.cast(x * 3, "int32"),
        ops.take(x, [0, 2], axis=1),
        ops.sort(x, axis=-1),
        ops.softmax(x),
        ops.relu(x) + ops.sigmoid(x),
        ops.ones_like(x),
        ops.exp(x) + ops.sqrt(ops.abs(x)) + ops.square(x),
    ]
    return {"model": keras.Model(x, outputs)}


@case
def products(keras):
    a, b, ops = keras.Input((2, 3)), keras.Input((4, 3)), keras.ops
    outputs = [
        ops.matmul(a, ops.transpose(b, (0, 2, 1))),
        ops.dot(a, np.ones((3, 2), "float32")),
    ]
    return {"model": keras.Model([a, b], outputs)}


# ---- merges ----------------------------------------------------------------------------


@case
def merge_layers(keras):
    a, b, layers = keras.Input((2, 3)), keras.Input((2, 3)), keras.layers
    outputs = [
        layers.Add()([a, b]),
        layers.Subtract(name="difference")([a, b]),
        layers.Multiply()([a, b, a]),
        layers.Average()([a, b]),
        layers.Maximum()([a, b]),
        layers.Minimum()([a, b]),
        layers.Concatenate(axis=1)([a, b]),
        layers.Dot(axes=(1, 1))([a, b]),
    ]
    return {"model": keras.Model([a, b], outputs)}


@case
def merge_functions(keras):
    a, b, layers = keras.Input((2, 3)), keras.Input((2, 3)), keras.layers
    outputs = [
        layers.add([a, b]),
        layers.subtract([a, b]),
        layers.multiply([a, b, a]),
        layers.average([a, b]),
        layers.maximum([a, b]),
        layers.minimum([a, b]),
        layers.concatenate([a, b], axis=-1),
        layers.dot([a, b], axes=2, normalize=True),
    ]
    return {"model": keras.Model([a, b], outputs)}


@case
def merges_that_broadcast(keras):
    a, b = keras.Input((2, 3)), keras.Input((3,))
    return {
        "model": keras.Model(
            [a, b], [keras.layers.Add()([a, b]), keras.layers.Multiply()([a, b[:, None]])]
        )
    }


# ---- cut out of another ----------------------------------------------------------------


@case
def inner_outputs(keras):
    x = keras.Input((3,))
    hidden = keras.layers.Dense(4, activation="tanh", name="hidden")(x)
    model = keras.Model(x, keras.layers.Dense(1)(hidden))
    encoder = keras.Model(model.input, model.get_layer("hidden").output, name="encoder")
    both = keras.Model(model.inputs, [layer.output for layer in model.layers[1:]])
    return {"model": encoder, "both": both}


@case
def inner_inputs(keras):
    x = keras.Input((3,))
    first = keras.layers.Dense(4, name="a")(x)
    second = keras.layers.Dense(2, name="b")(first)
    third = keras.layers.Dense(1, name="c")(second * 2)
    keras.Model(x, third)
    return {"model": keras.Model(first, third, name="tail"), "middle": keras.Model(first, second)}


@case
def autoencoder(keras):
    x = keras.Input((4,))
    code = keras.layers.Dense(2, name="code")(x)
    decoded = keras.layers.Dense(4, name="decoded")(code)
    whole = keras.Model(x, decoded)
    given = keras.Input((2,))
    decoder = keras.Model(given, whole.layers[-1](given), name="decoder")
    return {"model": whole, "encoder": keras.Model(x, code), "decoder": decoder}


@case
def from_a_nested_model(keras):
    x = keras.Input((3,))
    inner = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2), keras.layers.Dense(2)])
    keras.Model(x, keras.layers.Dense(1)(inner(x)))
    return {"model": keras.Model(inner.inputs, inner.layers[0].output)}


# ---- masks and training --------------------------------------------------------------------


@case
def masked_tokens(keras):
    tokens = keras.Input((None,), dtype="int32", name="tokens")
    x = keras.layers.Embedding(5, 3, mask_zero=True)(tokens)
    x = keras.layers.Dropout(0.5)(keras.layers.Dense(3)(x))
    return {"model": keras.Model(tokens, x), "part": keras.Model(tokens, [x * 2, x])}


@case
def masks_that_are_used(keras):
    class Pooled(keras.layers.Layer):
        def call(self, inputs, mask=None):
            if mask is None:
                return keras.ops.sum(inputs, axis=1)
            kept = keras.ops.cast(keras.ops.expand_dims(mask, -1), inputs.dtype)
            return keras.ops.sum(inputs * kept, axis=1)

        def compute_mask(self, inputs, mask=None):
            return None

    x = keras.Input((4, 2))
    y = keras.layers.Dense(3)(keras.layers.Masking(0.0)(x))
    return {"model": keras.Model(x, [Pooled()(y), y])}


@case
def masks_of_merges(keras):
    a = keras.Input((3,), dtype="int32")
    b = keras.Input((3,), dtype="int32")
    embed = keras.layers.Embedding(5, 2, mask_zero=True)
    x, y = embed(a), embed(b)
    concatenated = keras.layers.Concatenate(axis=1)([x, y])
    outputs = [concatenated, keras.layers.Add()([x, y]), keras.layers.Multiply()([x, y])]
    return {"model": keras.Model([a, b], outputs)}


@case
def masks_through_models(keras):
    tokens = keras.Input((4,), dtype="int32")
    inner = keras.Sequential([keras.layers.Dense(2), keras.layers.Activation("tanh")])
    x = keras.Input((4, 3))
    other = keras.Model(x, keras.layers.Dense(2)(x))
    embedded = keras.layers.Embedding(5, 3, mask_zero=True)(tokens)
    return {"model": keras.Model(tokens, [inner(embedded), other(embedded)])}


@case
def training_flags(keras):
    class Flagged(keras.layers.Layer):
        def call(self, inputs, training=None):
            return inputs * 2 if training else inputs

    class Around(keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.inner = Flagged()

        def call(self, inputs):
            return self.inner(inputs)

    x = keras.Input((2,))
    inner = keras.Model(x, Flagged()(x))
    y = keras.Input((2,))
    stacked = keras.Sequential([Flagged(), Around()])
    outputs = [
        inner(y),
        stacked(y),
    ]
    fixed = keras.Model(y, Flagged()(y, training=True)), keras.Model(y, inner(y, training=False))
    return {"model": keras.Model(y, outputs), "always": fixed[0], "never": fixed[1]}


# ---- layers of users -------------------------------------------------------------------


@case
def lambdas(keras):
    x = keras.Input((3,))
    y = keras.layers.Lambda(lambda t: t * 2 + 1)(x)
    shaped = keras.layers.Lambda(lambda t: t[:, :2], output_shape=(2,), name="cut")(y)
    return {"model": keras.Model(x, [y, shaped])}


@case
def custom_layers(keras):
    class Scale(keras.layers.Layer):
        def build(self, input_shape):
            self.scale = self.add_weight(shape=(input_shape[-1],), name="scale")
            self.count = self.add_weight(shape=(), trainable=False, name="count")

        def call(self, inputs):
            return inputs * self.scale

    class Shaped(Scale):
        def call(self, inputs):
            return keras.ops.concatenate([inputs * self.scale, inputs], axis=-1)

        def compute_output_shape(self, input_shape):
            return (*input_shape[:-1], 2 * input_shape[-1])

    class Nested(keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.dense = keras.layers.Dense(2)
            self.scale = Scale()

        def call(self, inputs):
            return self.scale(self.dense(inputs))

    x = keras.Input((3,))
    return {"model": keras.Model(x, Nested()(Shaped()(Scale(name="mine")(x))))}


@case
def several_outputs(keras):
    class Halves(keras.layers.Layer):
        def call(self, inputs):
            return inputs[:, :2], inputs[:, 2:]

    class Named(keras.layers.Layer):
        def call(self, inputs):
            return {"twice": inputs * 2, "half": [inputs / 2]}

    x = keras.Input((4,))
    left, right = Halves()(x)
    named = Named()(left)
    return {"model": keras.Model(x, [right, named["twice"], named["half"][0]])}


@case
def several_arguments(keras):
    class Mixed(keras.layers.Layer):
        def call(self, first, second=None, factor=1.0):
            return first * factor if second is None else first * factor + second

    a, b = keras.Input((3,)), keras.Input((3,))
    mixed = Mixed()
    outputs = [mixed(a), mixed(a, b), mixed(a, second=b, factor=2.0), mixed(first=b)]
    return {"model": keras.Model([a, b], outputs)}


@case
def losses_of_layers(keras):
    class Penalized(keras.layers.Layer):
        def call(self, inputs):
            self.add_loss(keras.ops.mean(inputs))
            return inputs

    x = keras.Input((3,))
    y = keras.layers.Dense(2, kernel_regularizer="l2", activity_regularizer="l1")(x)
    inner = keras.Sequential([keras.layers.Dense(2, bias_regularizer="l1"), Penalized()])
    return {"model": keras.Model(x, inner(y))}


@case
def attached_layers(keras):
    x = keras.Input((3,))
    model = keras.Model(x, keras.layers.Dense(2)(x))
    model.extra = keras.layers.Dense(4)
    model.extra.build((None, 2))
    model.table = [keras.layers.Dense(1)]
    return {"model": model}


@case
def subclass_of_functional(keras):
    class Mine(keras.Model):
        def __init__(self, width, **kwargs):
            x = keras.Input((3,))
            super().__init__(x, keras.layers.Dense(width)(x), **kwargs)
            self.width = width

    class Called(keras.Model):
        def __init__(self):
            x = keras.Input((3,))
            super().__init__(inputs=x, outputs=keras.layers.Dense(2)(x))

        def call(self, inputs, training=None, mask=None):
            return super().call(inputs) * 2

    return {"model": Mine(2, name="mine"), "called": Called()}


@case
def statistics(keras):
    x = keras.Input((3,))
    y = keras.layers.BatchNormalization()(keras.layers.Dense(3)(x))
    model = keras.Model(x, keras.layers.BatchNormalization(name="last")(y))
    model.layers[2].trainable = False
    return {"model": model}


# ---- dtypes and shapes of inputs --------------------------------------------------------


@case
def integers(keras):
    x = keras.Input((2,), dtype="int32", name="codes")
    return {"model": keras.Model(x, [x + 1, x * 2.5, keras.ops.cast(x, "float32"), x / 2])}


@case
def fixed_batches(keras):
    x = keras.Input(batch_shape=(2, 3))
    y = keras.Input((3,), batch_size=2)
    return {"model": keras.Model([x, y], keras.layers.Dense(2)(x) + keras.layers.Dense(2)(y))}


@case
def free_sizes(keras):
    x = keras.Input((None, None, 3))
    y = keras.layers.Dense(2)(x)
    outputs = [y, keras.ops.mean(y, axis=(1, 2)), keras.ops.reshape(y, (-1, 2)), y[:, :, 0]]
    return {"model": keras.Model(x, outputs)}


@case
def doubles(keras):
    x = keras.Input((3,), dtype="float64")
    y = keras.layers.Dense(2, dtype="float64")(x)
    return {"model": keras.Model(x, [y, keras.layers.Activation("tanh", dtype="float64")(y)])}


@case
def wide_graphs(keras):
    """Branches of several lengths: the order of the layers goes by depth."""
    x, other = keras.Input((2,), name="x"), keras.Input((2,), name="other")
    dense = keras.layers.Dense
    short = dense(2, name="short")(x)
    long = dense(2, name="long_2")(dense(2, name="long_1")(other))
    joined = keras.layers.Add(name="join")([short, long, x])
    side = dense(1, name="side")(short)
    return {"model": keras.Model([x, other], [dense(1, name="end")(joined), side])}


# ---- stacks -----------------------------------------------------------------------------


@case
def stacks_that_change(keras):
    dense = keras.layers.Dense
    grown = keras.Sequential()
    grown.add(keras.Input((3,)))
    for units in (2, 4, 5):
        grown.add(dense(units))
    grown.pop()
    grown.add(dense(6))
    emptied = keras.Sequential([keras.Input((3,)), dense(2)])
    emptied.pop()
    emptied.add(dense(7))
    later = keras.Sequential([dense(2), dense(3)], name="later")
    later.build((None, 3))
    later.add(dense(1))
    later.pop()
    return {"model": grown, "emptied": emptied, "later": later}


@case
def stacks_of_all_kinds(keras):
    layers = keras.layers
    twice = layers.Dense(3)
    inner = keras.Sequential([layers.Dense(2)])
    nested = keras.Sequential([inner, layers.Dense(1)])
    nested.build((None, 3))
    frozen = keras.Sequential([layers.InputLayer((3,)), layers.Dense(2)], trainable=False)
    return {
        "model": keras.Sequential([keras.Input((3,)), twice, layers.ReLU(), twice]),
        "nested": nested,
        "tensor": keras.Sequential([keras.Input((2,), dtype="int32"), layers.Embedding(5, 3)]),
        "frozen": frozen,
        "cut": keras.Model(nested.inputs, nested.layers[0].output),
    }


# ---- what is to be seen -----------------------------------------------------------------


def sequence(shape, start, function=np.sin):
    size = int(np.prod(shape, dtype=int))
    return function(np.arange(start, start + size) * 0.7).reshape(shape)


def data_for(tensor, start):
    """Values for a symbolic input, with 2 for sizes that are free."""
    shape = tuple(2 if size is None else size for size in tensor.shape)
    values = sequence(shape, start)
    if tensor.dtype.startswith("int"):
        return (np.abs(values) * 4.99).astype(tensor.dtype)
    return values.astype(tensor.dtype)


def set_weights(model):
    for number, weight in enumerate(model.weights):
        weight.assign(sequence(weight.shape, 5 * number, np.cos).astype(weight.dtype))


def numbers(value):
    """A tensor or array as [dtype, shape, rounded values]."""
    array = np.asarray(value)
    if array.dtype.kind == "f":
        array = array.astype("float64").round(6)
    return array.tolist()


def structure(value, leaf):
    """Lists and dicts, tuples marked as such, with `leaf` of what they hold."""
    if isinstance(value, dict):
        return {key: structure(item, leaf) for key, item in sorted(value.items())}
    if isinstance(value, (list, tuple)):
        if value and all(size is None or isinstance(size, int) for size in value):
            return str(list(value))
        items = [structure(item, leaf) for item in value]
        return ["tuple", *items] if isinstance(value, tuple) else items
    return leaf(value)


def without_number(name):
    """A name without its number: how many tensors are made on the way is nobody's business."""
    return re.sub(r"_\d+$", "", name)


def described_tensor(tensor):
    return f"{tensor.dtype} {list(tensor.shape)}"


def described_value(keras, tensor):
    mask = getattr(tensor, "_keras_mask", None)
    array = keras.ops.convert_to_numpy(tensor)
    found = {"kind": f"{array.dtype} {list(array.shape)}", "values": numbers(array.ravel())}
    if mask is not None:
        found["mask"] = numbers(keras.ops.convert_to_numpy(mask).astype(int))
    return found


def ends(model):
    """The structures of inputs and outputs."""
    if type(model).__name__ == "Sequential":
        return model.inputs[0], model.outputs[0]
    return model.input, model.output


def described_operation(operation):
    found = [type(operation).__name__, operation.name]
    found += [len(operation._inbound_nodes), len(operation._outbound_nodes)]
    if not operation._inbound_nodes or type(operation).__name__ == "Sequential":
        return found
    return [*found, *(str(structure(end, described_tensor)) for end in ends(operation))]


def looked_at(model):
    """The plain description of a model's graph."""
    return {
        "class": type(model).__name__,
        "name": model.name,
        "layers": [layer.name for layer in model.layers],
        "operations": [described_operation(o) for o in getattr(model, "operations", [])],
        "weights": [f"{w.path} {list(w.shape)} {w.dtype} {w.trainable}" for w in model.weights],
        "variables": len(model.variables),
        "shapes": [structure(shape, str) for shape in (model.input_shape, model.output_shape)],
        "inputs": [without_number(tensor.name) for tensor in model.inputs],
        "struct": [structure(end, described_tensor) for end in ends(model)],
        "output_names": getattr(model, "output_names", None),
        "count": model.count_params(),
        "trainable": [model.trainable, len(model.trainable_weights)],
    }


def called(keras, model):
    """What calls of a model return, as plain data."""
    set_weights(model)
    start = iter(range(0, 1000, 11))
    given = ends(model)[0]
    flat = [data_for(tensor, next(start)) for tensor in keras.tree.flatten(given)]
    inputs = keras.tree.pack_sequence_as(given, flat)

    def describe(value):
        return structure(value, lambda tensor: described_value(keras, tensor))

    found = {"output": describe(model(inputs))}
    found["losses"] = [numbers(keras.ops.convert_to_numpy(loss)) for loss in model.losses]
    if not any("Dropout" in type(layer).__name__ for layer in model._flatten_layers()):
        training = describe(model(inputs, training=True))
        if training != found["output"]:
            found["training"] = training
    shape = keras.tree.map_structure(lambda x: x.shape, inputs)
    found["shape"] = structure(model.compute_output_shape(shape), str)
    return found


def run_case(keras, name):
    """All that is to be seen of a case."""
    keras.utils.clear_session(free_memory=False)
    models = CASES[name](keras)
    # First all, for calls change nothing in the graphs.
    seen = {key: looked_at(model) for key, model in models.items()}
    return {key: {**seen[key], "calls": called(keras, model)} for key, model in models.items()}
