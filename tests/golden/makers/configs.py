"""Configs, names, counts and summaries of layers, models, optimizers, losses and metrics."""

import keras

from .networks import build_object, fresh_session
from .store import write_json

LAYERS = [
    ["Dense", {"units": 4}],
    [
        "Dense",
        {
            "units": 4,
            "activation": "relu",
            "use_bias": False,
            "kernel_initializer": "he_normal",
            "bias_initializer": "ones",
            "kernel_regularizer": "l2",
            "name": "hidden",
        },
    ],
    ["Activation", {"activation": "tanh"}],
    ["Dropout", {"rate": 0.5}],
    ["Dropout", {"rate": 0.25, "noise_shape": [None, 1], "seed": 3}],
    ["Flatten", {}],
    ["Flatten", {"data_format": "channels_first"}],
    ["InputLayer", {"shape": [4]}],
    ["InputLayer", {"shape": [4, 5], "batch_size": 2, "dtype": "float64", "name": "data"}],
    ["Reshape", {"target_shape": [3, -1]}],
    ["Permute", {"dims": [2, 1]}],
    ["RepeatVector", {"n": 3}],
    ["Rescaling", {"scale": 0.5}],
    ["Rescaling", {"scale": 2, "offset": -1.0, "dtype": "float64"}],
    ["ReLU", {}],
    ["ReLU", {"max_value": 6, "negative_slope": 0.1, "threshold": 0.5}],
    ["LeakyReLU", {}],
    ["LeakyReLU", {"negative_slope": 0.1, "trainable": False}],
    ["PReLU", {}],
    [
        "PReLU",
        {
            "alpha_initializer": "ones",
            "alpha_regularizer": "l1",
            "alpha_constraint": "non_neg",
            "shared_axes": 1,
        },
    ],
    ["ELU", {}],
    ["ELU", {"alpha": 0.5}],
    ["Softmax", {}],
    ["Softmax", {"axis": [1, 2]}],
    ["GaussianNoise", {"stddev": 0.5}],
    ["GaussianDropout", {"rate": 0.5, "seed": 3}],
    ["AlphaDropout", {"rate": 0.5}],
    ["AlphaDropout", {"rate": 0.25, "noise_shape": [None, 1], "seed": 3}],
    ["SpatialDropout1D", {"rate": 0.5, "seed": 3}],
    ["SpatialDropout2D", {"rate": 0.5}],
    ["SpatialDropout2D", {"rate": 0.5, "data_format": "channels_first", "dtype": "float64"}],
    ["ActivityRegularization", {}],
    ["ActivityRegularization", {"l1": 0.1, "l2": 0.2}],
    ["Masking", {}],
    ["Masking", {"mask_value": -1.0}],
    ["Identity", {}],
    ["UnitNormalization", {}],
    ["UnitNormalization", {"axis": [1, 2]}],
    ["Add", {}],
    ["Subtract", {"name": "difference"}],
    ["Multiply", {}],
    ["Average", {}],
    ["Maximum", {}],
    ["Minimum", {}],
    ["Concatenate", {}],
    ["Concatenate", {"axis": 1}],
    ["Dot", {"axes": 1}],
    ["Dot", {"axes": [1, 2], "normalize": True}],
    ["Normalization", {}],
    ["Normalization", {"axis": None, "mean": 1.0, "variance": 4.0, "invert": True}],
    ["Normalization", {"axis": [1, -1]}],
    ["CategoryEncoding", {"num_tokens": 4}],
    ["CategoryEncoding", {"num_tokens": 4, "output_mode": "one_hot"}],
]
OPTIMIZERS = [
    ["SGD", {}],
    ["SGD", {"learning_rate": 0.1, "momentum": 0.9, "nesterov": True, "clipnorm": 1.0}],
    ["Adam", {}],
    ["Adam", {"learning_rate": 0.01, "beta_1": 0.8, "beta_2": 0.9, "epsilon": 1e-5}],
    ["Adam", {"amsgrad": True, "weight_decay": 0.01, "name": "mine"}],
]
LOSSES = [
    ["MeanSquaredError", {}],
    ["MeanSquaredError", {"reduction": "sum", "name": "error"}],
    ["BinaryCrossentropy", {}],
    ["BinaryCrossentropy", {"from_logits": True, "label_smoothing": 0.1}],
    ["CategoricalCrossentropy", {}],
    ["CategoricalCrossentropy", {"label_smoothing": 0.1, "axis": 1, "reduction": None}],
    ["SparseCategoricalCrossentropy", {}],
    ["SparseCategoricalCrossentropy", {"from_logits": True, "ignore_class": 0}],
]
METRICS = [
    ["Mean", {}],
    ["Mean", {"name": "average"}],
    ["Accuracy", {}],
    ["BinaryAccuracy", {}],
    ["BinaryAccuracy", {"threshold": 0.3, "name": "above"}],
    ["CategoricalAccuracy", {}],
    ["SparseCategoricalAccuracy", {}],
    ["MeanSquaredError", {}],
    ["MeanAbsoluteError", {}],
]
NAMED_LAYERS = [
    ["Dense", {"units": 1}],
    ["Dense", {"units": 1}],
    ["Dense", {"units": 1, "name": "output"}],
    ["Dense", {"units": 1}],
    ["Activation", {"activation": "relu"}],
    ["Flatten", {}],
    ["Dropout", {"rate": 0.5}],
    ["Dropout", {"rate": 0.5}],
    ["MaxPooling2D", {}],
    ["GlobalAveragePooling1D", {}],
    ["SimpleRNN", {"units": 1}],
    ["LSTM", {"units": 1}],
    ["ReLU", {}],
]
STACK = [
    ["Flatten", {}],
    ["Dense", {"units": 8, "activation": "relu"}],
    ["Dropout", {"rate": 0.25}],
    ["Dense", {"units": 8, "use_bias": False}],
    ["Activation", {"activation": "tanh"}],
    ["Dense", {"units": 3, "activation": "softmax", "name": "output"}],
]
STACK_INPUT = [4, 5]


def make():
    """Write `configs.json`."""
    write_json(
        "configs",
        {
            "layers": describe_all("layers", LAYERS),
            "optimizers": describe_all("optimizers", OPTIMIZERS),
            "losses": describe_all("losses", LOSSES),
            "metrics": describe_all("metrics", METRICS),
            "auto_names": auto_names(),
            "sequential": {
                "layers": STACK,
                "input_shape": STACK_INPUT,
                "built": describe_model(built_stack()),
                "unbuilt": describe_model(build_stack()),
                "trained": describe_model(trained_stack()),
                "empty": describe_model(build_stack([])),
                "built_by_call": describe_model(called_stack()),
                "narrow_summary": captured_summary(built_stack(), line_length=60),
                "trainable_summary": captured_summary(trained_stack(), show_trainable=True),
            },
        },
    )


def describe_all(module, specs):
    """Describe the config of every object of a module, each made in a fresh session."""
    return [describe(module, spec) for spec in specs]


def describe(module, spec):
    """Describe the name and the config of one object."""
    fresh_session()
    built = build_object(module, spec)
    return {"object": spec, "name": built.name, "config": built.get_config()}


def auto_names():
    """List the names that layers and models get one after the other in one session."""
    fresh_session()
    layers = [build_object("layers", spec).name for spec in NAMED_LAYERS]
    models = [keras.Sequential().name for _ in range(3)]
    inputs = [keras.layers.InputLayer(shape=(2,)).name for _ in range(2)]
    fresh_session()
    return {
        "made": NAMED_LAYERS,
        "names": layers,
        "sequential": models,
        "input_layers": inputs,
        "dense_after_clear_session": keras.layers.Dense(1).name,
    }


def build_stack(layers=None):
    """Build the Sequential model without an input in a fresh session."""
    fresh_session()
    specs = STACK if layers is None else layers
    return keras.Sequential([build_object("layers", spec) for spec in specs])


def built_stack():
    """Build the Sequential model from its input on."""
    fresh_session()
    layers = [build_object("layers", spec) for spec in STACK]
    return keras.Sequential([keras.Input(STACK_INPUT), *layers], name="stack")


def called_stack():
    """Build the Sequential model by a first call."""
    model = build_stack()
    model(keras.ops.zeros((2, *STACK_INPUT)))
    return model


def trained_stack():
    """Build the Sequential model, freeze one layer and train it: the optimizer has slots then."""
    model = built_stack()
    model.layers[1].trainable = False
    model.compile("adam", "mse")
    model.train_on_batch(keras.ops.zeros((2, *STACK_INPUT)), keras.ops.zeros((2, 3)))
    return model


def describe_model(model):
    """Describe a Sequential model by everything that it says about itself."""
    return {
        "name": model.name,
        "is_built": model.built,
        "layer_names": [layer.name for layer in model.layers],
        "input_shape": attempt(lambda: model.input_shape),
        "output_shape": attempt(lambda: model.output_shape),
        "count_params": attempt(model.count_params),
        "layer_count_params": [attempt(layer.count_params) for layer in model.layers],
        "weights": [describe_weight(weight) for weight in model.weights],
        "config": model.get_config(),
        "summary": captured_summary(model),
    }


def attempt(ask):
    """Answer a question, or tell which error it raised."""
    try:
        return ask()
    except (AttributeError, ValueError) as error:
        return {"error": type(error).__name__, "message": str(error)}


def describe_weight(weight):
    """Describe one variable of a model."""
    return {
        "name": weight.name,
        "path": weight.path,
        "shape": weight.shape,
        "dtype": weight.dtype,
        "trainable": weight.trainable,
    }


def captured_summary(model, **arguments):
    """List the texts that `summary` hands to `print_fn`, one for each call."""
    texts = []
    model.summary(print_fn=texts.append, **arguments)
    return texts
