"""Ten epochs of a network with all kinds of parts that draw nothing at random.

Most are computed in float64: in float32 what one rounds otherwise grows over the epochs. Keras
rounds a few numbers to float32 all the same.
"""

from contextlib import contextmanager

import keras
import numpy as np

from .fit import shuffling_by_numpy
from .networks import build_model, build_object, draw_weights, numbered
from .store import write_arrays, write_json

SEED = 7
EPOCHS = 10
BATCH = 16
SAMPLES, VALIDATION, FEATURES, CLASSES = 70, 20, 6, 3


def regularizer(name, **config):
    """The plain form of a regularizer or constraint that is an argument of a layer."""
    return {"class_name": name, "config": config}


LAYERS = [
    [
        "Dense",
        {
            "units": 8,
            "kernel_regularizer": regularizer("L2", l2=0.01),
            "bias_regularizer": regularizer("L1L2", l1=0.001, l2=0.01),
            "kernel_constraint": regularizer("MaxNorm", max_value=1.0, axis=0),
        },
    ],
    [
        "BatchNormalization",
        {"momentum": 0.8, "gamma_regularizer": "l2", "beta_constraint": "non_neg"},
    ],
    ["Activation", {"activation": "silu"}],
    [
        "Dense",
        {
            "units": 6,
            "activation": "tanh",
            "activity_regularizer": regularizer("L1L2", l1=0.001, l2=0.001),
            "kernel_constraint": regularizer("UnitNorm", axis=0),
        },
    ],
    ["LayerNormalization", {"beta_regularizer": regularizer("L1", l1=0.01)}],
    [
        "Dense",
        {
            "units": CLASSES,
            "activation": "softmax",
            "kernel_regularizer": regularizer(
                "OrthogonalRegularizer", factor=0.0625, mode="columns"
            ),
            "kernel_constraint": regularizer(
                "MinMaxNorm", min_value=0.1, max_value=1.2, rate=0.5, axis=0
            ),
        },
    ],
]

METRICS = [
    ["CategoricalAccuracy", {"name": "accuracy"}],
    ["AUC", {"num_thresholds": 20, "name": "auc"}],
    ["Precision", {"thresholds": 0.3, "class_id": 2, "name": "precision"}],
    ["F1Score", {"average": "macro", "name": "f1"}],
]
WEIGHTED_METRICS = [
    ["CategoricalCrossentropy", {"name": "weighted_crossentropy"}],
    ["AUC", {"num_thresholds": 20, "multi_label": True, "name": "weighted_auc"}],
]

COSINE = [
    "CosineDecay",
    {
        "initial_learning_rate": 0.001,
        "decay_steps": 10,
        "alpha": 0.1,
        "warmup_target": 0.1,
        "warmup_steps": 6,
    },
]
PIECEWISE = ["PiecewiseConstantDecay", {"boundaries": [7, 23], "values": [0.02, 0.01, 0.002]}]

# `exclude` is for `exclude_from_weight_decay`; `weights` says how samples are weighted.
CASES = {
    "adam": {
        "optimizer": [
            "Adam",
            {
                "learning_rate": 0.01,
                "amsgrad": True,
                "weight_decay": 0.05,
                "clipnorm": 0.1,
                "use_ema": True,
                "ema_momentum": 0.9,
                "ema_overwrite_frequency": 7,
            },
        ],
        "exclude": ["bias", "gamma"],
        "weights": "class_weight",
        "floatx": "float64",
    },
    "rmsprop": {
        "optimizer": [
            "RMSprop",
            {
                "learning_rate": 0.01,
                "centered": True,
                "momentum": 0.5,
                "epsilon": 0.001,
                "global_clipnorm": 0.5,
                "use_ema": True,
                "ema_momentum": 0.95,
            },
        ],
        "weights": "sample_weight",
        "floatx": "float64",
    },
    "sgd": {
        "optimizer": [
            "SGD",
            {
                "learning_rate": COSINE,
                "momentum": 0.9,
                "nesterov": True,
                "clipvalue": 0.05,
                "gradient_accumulation_steps": 3,
            },
        ],
        "weights": "class_weight",
        "floatx": "float64",
    },
    "adamw": {
        "optimizer": ["AdamW", {"learning_rate": PIECEWISE, "weight_decay": 0.1, "clipnorm": 0.5}],
        "weights": "sample_weight",
        "floatx": "float64",
    },
    "single": {
        "optimizer": [
            "SGD",
            {
                "learning_rate": 0.05,
                "momentum": 0.5,
                "global_clipnorm": 0.5,
                "weight_decay": 0.01,
                "use_ema": True,
                "ema_momentum": 0.9,
            },
        ],
        "weights": "class_weight",
        "floatx": "float32",
    },
}
CLASS_WEIGHT = {0: 0.5, 2: 3.0}


def make():
    """Write `rich_fit.json` (descriptions and histories) and `rich_fit.npz` (data, weights)."""
    rng = np.random.default_rng(500)
    arrays, cases = draw_data(rng), []
    model = build_model([FEATURES], LAYERS)
    start = zip(model.weights, draw_weights(model, rng))
    arrays |= numbered("start", [abs(w) if "variance" in v.name else w for v, w in start])
    data = dict(arrays)
    for name, case in CASES.items():
        with computing_in(case["floatx"]):
            description, kept = run_case(case, data)
        cases.append({"name": name, **case, **description})
        arrays |= {f"{name}_{key}": array for key, array in kept.items()}
    write_arrays("rich_fit", arrays)
    write_json(
        "rich_fit",
        {
            "seed": SEED,
            "input_shape": [FEATURES],
            "layers": LAYERS,
            "metrics": METRICS,
            "weighted_metrics": WEIGHTED_METRICS,
            "class_weight": CLASS_WEIGHT,
            "fit": {"epochs": EPOCHS, "batch_size": BATCH},
            "cases": cases,
        },
    )


@contextmanager
def computing_in(dtype):
    """Let Keras compute in a dtype: `set_floatx` alone leaves the policy of layers as it is."""
    floatx, policy = keras.config.floatx(), keras.config.dtype_policy()
    keras.config.set_floatx(dtype)
    keras.config.set_dtype_policy(dtype)
    try:
        yield
    finally:
        keras.config.set_floatx(floatx)
        keras.config.set_dtype_policy(policy)


def draw_data(rng):
    """Data that can be learned in part, with the classes in columns."""
    projection = rng.normal(size=(FEATURES, CLASSES))
    data = {}
    for suffix, size in (("", SAMPLES), ("_val", VALIDATION)):
        x = rng.normal(size=(size, FEATURES)).astype("float32")
        scores = x @ projection + rng.normal(size=(size, CLASSES))
        data[f"x{suffix}"] = x
        data[f"y{suffix}"] = np.eye(CLASSES, dtype="float32")[scores.argmax(axis=-1)]
    data["sample_weight"] = rng.uniform(0, 2, SAMPLES).astype("float32")
    return data


def run_case(case, data):
    """Fit and evaluate; return the description for JSON and the arrays to keep."""
    model = compiled_model(case, data)
    weights = {"class_weight": CLASS_WEIGHT, "sample_weight": data["sample_weight"]}
    arguments = {case["weights"]: weights[case["weights"]]}
    with shuffling_by_numpy():
        history = model.fit(
            data["x"], data["y"], epochs=EPOCHS, batch_size=BATCH, verbose=0,
            validation_data=(data["x_val"], data["y_val"]), **arguments,
        )  # fmt: skip
    evaluation = model.evaluate(data["x_val"], data["y_val"], verbose=0, return_dict=True)
    return {"history": history.history, "evaluate": evaluation}, {
        **numbered("end", model.get_weights()),
        "iterations": np.asarray(keras.ops.convert_to_numpy(model.optimizer.iterations)),
        "predict": model.predict(data["x_val"], verbose=0),
    }


def compiled_model(case, data):
    """The network with the weights that it starts from."""
    model = build_model([FEATURES], LAYERS)
    model.set_weights([data[f"start_{number}"] for number in range(len(model.weights))])
    class_name, arguments = case["optimizer"]
    arguments = dict(arguments)
    if isinstance(arguments["learning_rate"], list):
        name, schedule = arguments["learning_rate"]
        arguments["learning_rate"] = getattr(keras.optimizers.schedules, name)(**schedule)
    optimizer = build_object("optimizers", [class_name, arguments])
    if "exclude" in case:
        optimizer.exclude_from_weight_decay(var_names=case["exclude"])
    model.compile(
        optimizer,
        keras.losses.CategoricalCrossentropy(label_smoothing=0.1),
        loss_weights=0.7,
        metrics=[build_object("metrics", metric) for metric in METRICS],
        weighted_metrics=[build_object("metrics", metric) for metric in WEIGHTED_METRICS],
    )
    return model
