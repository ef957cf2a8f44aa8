"""Networks with masks, for Keras and for kerasette alike, and what is to be seen of them.

A case is a function of the library (``keras`` or ``kerasette``) that returns what is there by name:
numbers, None, and classes of layers that have warned. Values come from formulas, so that both get
the same.
"""

import warnings

import numpy as np
from seen_cases import observed

CASES = {}
TOKENS = np.array(
    [[1, 2, 0, 0], [3, 0, 0, 0], [4, 1, 2, 3], [2, 0, 3, 0], [0, 0, 0, 0], [0, 1, 1, 4]]
)
MASK = TOKENS != 0
# The mean of no tokens is none.
SOME_TOKENS = np.where(MASK.any(1, keepdims=True), TOKENS, 1)
CLASSES = TOKENS[:, ::-1] % 3
STEP_WEIGHTS = (1 + np.arange(24).reshape(6, 4) % 5).astype("float32") / 4
ROW_WEIGHTS = (1 + np.arange(6)).astype("float32") / 4


def case(function):
    CASES[function.__name__] = function
    return function


def wave(*shape, phase=0.0):
    """An array of numbers that repeat nowhere."""
    return np.sin(phase + 1.7 * np.arange(np.prod(shape))).reshape(shape).astype("float32")


def with_weights(model):
    model.set_weights([0.5 * wave(*w.shape, phase=i) for i, w in enumerate(model.get_weights())])
    return model


def array(keras, tensor):
    return None if tensor is None else keras.ops.convert_to_numpy(tensor)


def mask_of(keras, tensor):
    return array(keras, getattr(tensor, "_keras_mask", None))


def masked(keras, x, mask=MASK):
    """A tensor that carries a mask."""
    tensor = keras.ops.convert_to_tensor(x)
    tensor._keras_mask = keras.ops.convert_to_tensor(mask)
    return tensor


def seen(keras, tensor):
    """Values and mask of a tensor."""
    return {"values": array(keras, tensor), "mask": mask_of(keras, tensor)}


def warned(function, *args, **kwargs):
    """The result of a call, and about what it has warned: classes of layers."""
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        result = function(*args, **kwargs)
    said = [str(one.message) for one in found if "does not support masking" in str(one.message)]
    return result, [text.partition("(of type ")[2].partition(")")[0] for text in said]


def sequence_layers(keras):
    """Layers between tokens and a class for each of them."""
    layers = keras.layers
    return [
        layers.Embedding(5, 3, mask_zero=True),
        layers.Dense(4, activation="tanh"),
        layers.Dropout(0.0),
        layers.LayerNormalization(),
        layers.Dense(3, activation="softmax"),
    ]


def trained(
    keras, model, y, weights=None, loss="sparse_categorical_crossentropy", x=TOKENS, **more
):
    """Losses and metrics of three steps, of `evaluate` and of `fit`, and the weights then."""
    with_weights(model)
    model.compile(keras.optimizers.SGD(0.5), loss, **more)
    rows = [slice(0, 3), slice(3, 6), slice(1, 4)]
    logs = []
    for part in rows:
        some = None if weights is None else weights[part]
        found = model.train_on_batch(x[part], y[part], sample_weight=some, return_dict=True)
        logs.append(found)
    found = model.evaluate(x, y, 4, 0, weights, return_dict=True)
    history = model.fit(
        x, y, 4, 2, 0, shuffle=False, sample_weight=weights, validation_split=0.3
    ).history
    return {
        "steps": {name: [log[name] for log in logs] for name in logs[0]},
        "evaluated": found,
        "history": history,
        "weights": np.concatenate([w.ravel() for w in model.get_weights()]),
        "predicted": model.predict(x, verbose=0),
    }


MEASURES = {
    "metrics": ["accuracy", "sparse_categorical_crossentropy"],
    "weighted_metrics": ["accuracy", "sparse_categorical_crossentropy"],
}


@case
def a_class_for_each_token(keras):
    model = keras.Sequential([keras.Input((None,), dtype="int32"), *sequence_layers(keras)])
    return trained(keras, model, CLASSES, **MEASURES)


@case
def a_class_for_each_token_with_weights_of_steps(keras):
    model = keras.Sequential([keras.Input((4,), dtype="int32"), *sequence_layers(keras)])
    return trained(keras, model, CLASSES, STEP_WEIGHTS, **MEASURES)


@case
def a_class_for_each_token_with_weights_of_rows(keras):
    model = keras.Sequential([keras.Input((4,), dtype="int32"), *sequence_layers(keras)])
    return trained(keras, model, CLASSES[..., None], ROW_WEIGHTS[:, None], **MEASURES)


@case
def a_number_for_each_token(keras):
    layers = [*sequence_layers(keras)[:-1], keras.layers.Dense(2)]
    model = keras.Sequential([keras.Input((4,), dtype="int32"), *layers])
    measures = {"metrics": ["mse"], "weighted_metrics": ["mae", "cosine_similarity"]}
    return trained(keras, model, wave(6, 4, 2), STEP_WEIGHTS, "mse", **measures)


@case
def a_yes_or_no_for_each_token(keras):
    layers = [*sequence_layers(keras)[:-1], keras.layers.Dense(1, activation="sigmoid")]
    model = keras.Sequential([keras.Input((4,), dtype="int32"), *layers])
    y = (CLASSES > 1)[..., None].astype("float32")
    measures = {"metrics": ["accuracy", "AUC"], "weighted_metrics": ["accuracy", "Precision"]}
    return trained(keras, model, y, None, "binary_crossentropy", **measures)


@case
def a_mean_of_tokens(keras):
    layers = keras.layers
    tokens = keras.Input((None,), dtype="int32")
    x = layers.Embedding(5, 3, mask_zero=True)(tokens)
    x = layers.GlobalAveragePooling1D()(layers.Dense(4, activation="tanh")(x))
    model = keras.Model(tokens, layers.Dense(3, activation="softmax")(x))
    return trained(keras, model, CLASSES[:, 0], ROW_WEIGHTS, x=SOME_TOKENS, **MEASURES)


@case
def two_outputs_of_which_one_is_masked(keras):
    layers = keras.layers
    tokens = keras.Input((4,), dtype="int32")
    x = layers.Embedding(5, 3, mask_zero=True)(tokens)
    tags = layers.Dense(3, activation="softmax", name="tags")(x)
    whole = layers.Dense(1, name="whole")(layers.GlobalAveragePooling1D()(x))
    model = with_weights(keras.Model(tokens, {"tags": tags, "whole": whole}))
    model.compile(
        keras.optimizers.SGD(0.5),
        {"tags": "sparse_categorical_crossentropy", "whole": "mse"},
        loss_weights={"tags": 0.5, "whole": 2.0},
        metrics={"tags": "accuracy", "whole": "mae"},
        weighted_metrics={"tags": "accuracy"},
    )
    y = {"tags": CLASSES, "whole": wave(6, 1)}
    weights = {"tags": STEP_WEIGHTS, "whole": ROW_WEIGHTS}
    x = SOME_TOKENS
    history = model.fit(x, y, 4, 2, 0, shuffle=False, sample_weight=weights).history
    return {"history": history, "evaluated": model.evaluate(x, y, verbose=0, return_dict=True)}


@case
def own_layers(keras):
    """With and without support of masks, taking and computing them."""

    class Passing(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.supports_masking = True

        def call(self, inputs):
            return inputs * 2.0

        def compute_output_shape(self, input_shape):
            return input_shape

    class Taking(Passing):
        def call(self, inputs, mask=None):
            shown = keras.ops.cast(mask, "float32") if mask is not None else 1.0
            return inputs * shown[..., None] if mask is not None else inputs

    class Inverting(Passing):
        def compute_mask(self, inputs, previous_mask):
            return None if previous_mask is None else keras.ops.logical_not(previous_mask)

    class Unaware(keras.layers.Layer):
        def call(self, inputs, mask=None):
            return inputs if mask is None else inputs + keras.ops.cast(mask, "float32")[..., None]

        def compute_output_shape(self, input_shape):
            return input_shape

    found, x = {}, wave(6, 4, 2)
    for kind in (Passing, Taking, Inverting, Unaware):
        eager, said = warned(kind(), masked(keras, x))
        found[kind.__name__] = {**seen(keras, eager), "warned": said}
        inputs = keras.Input((4, 2))
        layer = kind()
        outputs, said = warned(layer, keras.layers.Masking(x[0, 0, 0])(inputs))
        model = keras.Model(inputs, [outputs, layer(inputs)])
        values = [array(keras, one) for one in model(np.where(MASK[..., None], x, x[0, 0, 0]))]
        found[kind.__name__ + "_in_graph"] = {"values": values, "warned": said}
    return found


@case
def masks_given_by_hand(keras):
    layers = keras.layers
    tokens, x = keras.Input((4,), dtype="int32"), keras.Input((4, 2))
    embedding = layers.Embedding(5, 2, mask_zero=True)
    embedded = embedding(tokens)
    found = layers.GlobalAveragePooling1D()(x, mask=embedding.compute_mask(tokens))
    other = layers.GlobalAveragePooling1D()(embedded, mask=keras.ops.equal(tokens, 2))
    model = with_weights(keras.Model([tokens, x], [found, other, layers.Dense(2)(embedded)]))
    outputs = model([TOKENS, wave(6, 4, 2)])
    eager = layers.GlobalAveragePooling1D()(wave(6, 4, 2), mask=MASK)
    again = layers.Softmax()(wave(6, 4), mask=MASK)
    passed = layers.Dropout(0.5)(masked(keras, wave(6, 4, 2)))
    return {
        "outputs": [seen(keras, one) for one in outputs],
        "eager": array(keras, eager),
        "softmax": seen(keras, again),
        "passed": seen(keras, passed),
    }


def inner_models(keras):
    """Models for sequences, made in all ways."""
    layers = keras.layers

    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.first, self.second = layers.Dense(2), layers.GlobalAveragePooling1D()

        def call(self, inputs):
            return self.second(self.first(inputs))

    x = keras.Input((4, 2))
    stack = [layers.Dense(2), layers.GlobalAveragePooling1D()]
    return {
        "graph": keras.Model(x, layers.Dense(2, activation="tanh")(layers.Dropout(0.5)(x))),
        "stack": keras.Sequential([keras.Input((4, 2)), *stack]),
        "unbuilt": keras.Sequential([layers.Dense(2), layers.GlobalAveragePooling1D()]),
        "own": Own(),
    }


@case
def models_in_models(keras):
    found = {}
    for name, inner in inner_models(keras).items():
        tokens = keras.Input((4,), dtype="int32")
        embedded = keras.layers.Embedding(5, 2, mask_zero=True)(tokens)
        outputs, said = warned(inner, embedded)
        model = with_weights(keras.Model(tokens, outputs))
        outputs, again = warned(model, TOKENS)
        given, _ = warned(model, TOKENS, mask=np.ones((6, 4), bool))
        direct, also = warned(inner, masked(keras, wave(6, 4, 2)))
        shown = {"outer": outputs, "inner": direct, "given": given}
        if name != "own":
            shown["by_mask"] = inner(wave(6, 4, 2), mask=MASK)
        found[name] = {key: seen(keras, tensor) for key, tensor in shown.items()}
        if name == "own":
            found[name]["warned"] = [said, again, also]
    return found


@case
def masks_of_merged_sequences(keras):
    layers = keras.layers
    tokens, plain = keras.Input((4,), dtype="int32"), keras.Input((4, 3))
    other = keras.Input((2,), dtype="int32")
    x = layers.Embedding(5, 3, mask_zero=True)(tokens)
    y = layers.Embedding(5, 3, mask_zero=True)(other)
    merged = {
        "add": layers.Add()([x, plain]),
        "add_both": layers.Add()([x, layers.Masking(0.5)(plain)]),
        "features": layers.Concatenate()([x, plain]),
        "features_both": layers.Concatenate()([layers.Masking(0.5)(plain), x]),
        "steps": layers.Concatenate(axis=1)([x, plain]),
        "steps_both": layers.Concatenate(axis=1)([x, y]),
        "multiply": layers.Multiply()([plain, x]),
        "average": layers.Average()([x, x]),
        "maximum": layers.Maximum()([x, plain]),
        "subtract": layers.Subtract()([plain, x]),
        "dot": layers.Dot(axes=-1)([x, y]),
    }
    model = with_weights(keras.Model([tokens, plain, other], merged))
    numbers = np.where(wave(6, 4, 1) > 0.2, 0.5, wave(6, 4, 3))
    found = model([TOKENS, numbers, TOKENS[:, 1:3]])
    return {name: seen(keras, tensor) for name, tensor in found.items()}


@case
def layers_that_mask_and_layers_that_do_not(keras):
    """What becomes of values and of a mask in each layer for sequences."""
    layers = keras.layers
    kinds = {
        "activation": layers.Activation("relu"),
        "conv": layers.Conv1D(2, 2, kernel_initializer="ones"),
        "pooling": layers.MaxPooling1D(),
        "average": layers.AveragePooling1D(2),
        "global_max": layers.GlobalMaxPooling1D(),
        "global_average": layers.GlobalAveragePooling1D(keepdims=True),
        "channels_first": layers.GlobalAveragePooling1D("channels_first"),
        "flatten": layers.Flatten(),
        "reshape": layers.Reshape((2, 4)),
        "permute": layers.Permute((2, 1)),
        "repeat": layers.TimeDistributed(layers.RepeatVector(2)),
        "lambda": layers.Lambda(lambda x: x * 2.0),
        "masked_lambda": layers.Lambda(
            lambda x, mask=None: x + 0.0 * x, mask=lambda inputs, mask: mask
        ),
        "batch_normalization": layers.BatchNormalization(),
        "noise": layers.GaussianNoise(0.1),
        "spatial": layers.SpatialDropout1D(0.5),
        "padding": layers.ZeroPadding1D(1),
        "cropping": layers.Cropping1D(1),
        "upsampling": layers.UpSampling1D(2),
        "masking": layers.Masking(),
        "prelu": layers.PReLU(),
        "unit": layers.UnitNormalization(),
        "rescaling": layers.Rescaling(2.0),
        "time_distributed": layers.TimeDistributed(layers.Dense(2, kernel_initializer="ones")),
        "einsum": layers.EinsumDense("abc,cd->abd", (4, 2), kernel_initializer="ones"),
        "group": layers.GroupNormalization(1),
        "identity": layers.Identity(),
        "penalty": layers.ActivityRegularization(0.1),
    }
    found = {}
    for name, layer in kinds.items():
        mask = MASK[:, :2] if name == "channels_first" else MASK
        output, said = warned(layer, masked(keras, wave(6, 4, 2), mask))
        found[name] = {**seen(keras, output), "warned": said}
    return found


@case
def masks_of_statistics(keras):
    """Batch normalization of what the mask keeps, trained for two steps."""
    layers = keras.layers
    tokens = keras.Input((4,), dtype="int32")
    x = layers.BatchNormalization()(layers.Embedding(5, 3, mask_zero=True)(tokens))
    model = keras.Model(tokens, layers.Dense(3, activation="softmax")(x))
    return trained(keras, model, CLASSES)


@case
def masking_of_features(keras):
    layers = keras.layers
    model = keras.Sequential(
        [keras.Input((None, 2)), layers.Masking(0.5), layers.Dense(3, "tanh"), layers.Dense(1)]
    )
    with_weights(model)
    model.compile(keras.optimizers.SGD(0.1), "mae", weighted_metrics=["mse"])
    x = np.where(MASK[..., None], wave(6, 4, 2), np.float32(0.5))
    history = model.fit(x, wave(6, 4, 1), 4, 2, 0, shuffle=False).history
    return {"history": history, **seen(keras, model(x))}


@case
def nothing_but_masked_steps(keras):
    layers = keras.layers
    model = keras.Sequential(
        [keras.Input((4,), dtype="int32"), layers.Embedding(5, 2, mask_zero=True), layers.Dense(1)]
    )
    with_weights(model)
    model.compile(keras.optimizers.SGD(0.1), "mse", metrics=["mae"], weighted_metrics=["mae"])
    logs = model.train_on_batch(np.zeros((2, 4), int), wave(2, 4, 1), return_dict=True)
    pooled = layers.GlobalAveragePooling1D()(masked(keras, wave(2, 4, 2), np.zeros((2, 4), bool)))
    return {"logs": logs, "pooled": array(keras, pooled), "weights": model.get_weights()}


def observe(keras, name):
    """What a case shows, as one flat dict of arrays, texts and None."""
    return observed(keras, name, CASES[name])
