"""The scripts that the maker `calls` runs."""


def layer(name, /, **arguments):
    """Return the plain form of a layer."""
    return {"object": ["layers", name, arguments]}


def optimizer(name, /, key=None, **arguments):
    """Return the plain form of an optimizer; the same key means the same object."""
    found = {"object": ["optimizers", name, arguments]}
    return found if key is None else {**found, "key": key}


def metric(name, /, **arguments):
    """Return the plain form of a metric."""
    return {"object": ["metrics", name, arguments]}


REGRESSOR = [layer("Dense", units=5, activation="tanh"), layer("Dense", units=1)]
CLASSIFIER = [
    layer("Dense", units=5, activation="relu"),
    layer("Dense", units=3, activation="softmax"),
]
STEPS = [layer("Dense", units=3, activation="tanh"), layer("Dense", units=2)]
XY = {"x": "@x", "y": "@y"}
CLASSES = {"x": "@x", "y": "@classes"}
FIT = {"batch_size": 6, "epochs": 2, "shuffle": False}
SCCE = "sparse_categorical_crossentropy"


def case(layers, *script, input_shape=(4,), **more):
    """Return a case of a network and a script."""
    steps = [list(step) for step in script]
    return {"input_shape": list(input_shape), "layers": layers, **more, "script": steps}


CASES = {
    "single_batches": case(
        REGRESSOR,
        ("compile", {"optimizer": "adam", "loss": "mse", "metrics": ["mae"],
                     "weighted_metrics": ["mse"]}),
        ("train_on_batch", XY),
        ("train_on_batch", {**XY, "sample_weight": "@weight"}),
        ("train_on_batch", {"x": "@x[:5]", "y": "@y[:5]", "return_dict": True}),
        ("test_on_batch", XY),
        ("test_on_batch", {**XY, "sample_weight": "@weight", "return_dict": True}),
        ("test_on_batch", {"x": "@x[3:4]", "y": "@y[3:4]"}),
        ("predict_on_batch", {"x": "@x[:3]"}),
        ("evaluate", {**XY, "batch_size": 8}),
        ("fit", {**XY, **FIT}),
        ("train_on_batch", XY),
        ("train_on_batch", {"x": "@x", "y": "@flat"}),
        ("predict_on_batch", {"x": "@x[:1]"}),
    ),
    "single_batches_of_classes": case(
        CLASSIFIER,
        ("compile", {"optimizer": "sgd", "loss": SCCE, "metrics": ["accuracy"],
                     "weighted_metrics": ["accuracy"]}),
        ("train_on_batch", {**CLASSES, "class_weight": {"0": 0.2, "1": 3.0}}),
        ("train_on_batch", {**CLASSES, "class_weight": {"2": 3.0}, "return_dict": True}),
        ("train_on_batch", CLASSES),
        ("test_on_batch", {"x": "@x[:6]", "y": "@column[:6]"}),
    ),
    "only_a_loss": case(
        REGRESSOR,
        ("compile", {"loss": "mse"}),
        ("train_on_batch", XY),
        ("test_on_batch", XY),
        ("train_on_batch", {**XY, "return_dict": True}),
        ("fit", {**XY, "epochs": 2}),
        ("evaluate", XY),
    ),
    "class_weight_onehot": case(
        CLASSIFIER,
        ("compile", {"optimizer": "sgd", "loss": "categorical_crossentropy",
                     "weighted_metrics": ["accuracy"]}),
        ("fit", {"x": "@x", "y": "@onehot", **FIT, "class_weight": {"0": 0.2, "1": 3.0, "2": 1.5}}),
        ("evaluate", {"x": "@x", "y": "@onehot"}),
    ),
    "class_weight_column_and_split": case(
        CLASSIFIER,
        ("compile", {"optimizer": "sgd", "loss": SCCE, "metrics": ["accuracy"],
                     "weighted_metrics": ["accuracy"]}),
        ("fit", {"x": "@x", "y": "@column", **FIT, "class_weight": {"1": 3.0},
                 "validation_split": 0.3}),
    ),
    "weights_and_split": case(
        REGRESSOR,
        ("compile", {"optimizer": "sgd", "loss": "mae", "weighted_metrics": ["mse"]}),
        ("fit", {**XY, **FIT, "sample_weight": "@weight", "validation_split": 0.25}),
        ("fit", {**XY, **FIT, "sample_weight": "@weight", "validation_split": 0.25,
                 "shuffle": True}),
    ),
    "split_is_ignored": case(
        REGRESSOR,
        ("compile", {"optimizer": "sgd", "loss": "mse"}),
        ("fit", {**XY, **FIT, "validation_split": 0.25, "validation_data": ["@x[:7]", "@y[:7]"]}),
    ),
    "validation_arguments": case(
        REGRESSOR,
        ("compile", {"optimizer": "sgd", "loss": "mse", "metrics": ["mae"],
                     "weighted_metrics": ["mae"]}),
        ("fit", {**XY, **FIT, "validation_data": ["@x[:9]", "@y[:9]", "@weight[:9]"],
                 "validation_batch_size": 4}),
        ("fit", {**XY, **FIT, "validation_data": ["@x", "@y"], "validation_batch_size": 4,
                 "validation_steps": 3}),
        ("fit", {**XY, **FIT, "validation_data": ["@x", "@y"], "validation_steps": 2}),
        ("fit", {**XY, **FIT, "epochs": 5, "validation_data": ["@x", "@y"],
                 "validation_freq": 2}),
        ("fit", {**XY, **FIT, "epochs": 5, "validation_data": ["@x", "@y"],
                 "validation_freq": [1, 4, 5]}),
        ("fit", {**XY, **FIT, "epochs": 4, "initial_epoch": 2, "validation_data": ["@x", "@y"],
                 "validation_freq": [3]}),
        ("fit", {**XY, **FIT, "initial_epoch": 2}),
    ),
    "weights_of_samples": case(
        REGRESSOR,
        ("compile", {"optimizer": "sgd", "loss": "mse", "metrics": ["mae"],
                     "weighted_metrics": ["mae", "mse"]}),
        ("fit", {**XY, **FIT, "sample_weight": "@weight"}),
        ("evaluate", {**XY, "sample_weight": "@weight", "batch_size": 5}),
        ("evaluate", {**XY, "sample_weight": "@weight", "return_dict": True}),
    ),
    "weights_of_steps": case(
        STEPS,
        ("compile", {"optimizer": "sgd", "loss": "mse", "weighted_metrics": ["mae"]}),
        ("fit", {"x": "@steps", "y": "@y_steps", **FIT, "sample_weight": "@weight_steps"}),
        ("fit", {"x": "@steps", "y": "@y_steps", **FIT, "sample_weight": "@weight_column[:10]"}),
        ("evaluate", {"x": "@steps", "y": "@y_steps", "sample_weight": "@weight_steps"}),
        ("train_on_batch", {"x": "@steps", "y": "@y_steps", "sample_weight": "@weight_steps"}),
        input_shape=(3, 4),
    ),
    "loss_weight": case(
        REGRESSOR,
        ("compile", {"optimizer": "sgd", "loss": "mse", "loss_weights": 0.3, "metrics": ["mse"]}),
        ("fit", {**XY, **FIT}),
        ("compile", {"optimizer": "sgd", "loss": ["mse"], "loss_weights": [3.0],
                     "metrics": []}),
        ("fit", {**XY, **FIT}),
        ("evaluate", XY),
    ),
    "steps_of_an_epoch": case(
        REGRESSOR,
        ("compile", {"optimizer": "sgd", "loss": "mse", "metrics": ["mae"]}),
        ("fit", {**XY, "epochs": 3, "shuffle": False, "batch_size": 3, "steps_per_epoch": 2}),
        ("fit", {**XY, "epochs": 3, "shuffle": True, "batch_size": 3, "steps_per_epoch": 3}),
        ("fit", {**XY, "epochs": 2, "shuffle": False, "steps_per_epoch": 4}),
        ("evaluate", {**XY, "batch_size": 4, "steps": 2}),
        ("evaluate", {**XY, "steps": 3}),
        ("evaluate", {**XY, "batch_size": 10, "steps": 5}),
        ("predict", {"x": "@x[:7]", "batch_size": 2, "steps": 2}),
        ("predict", {"x": "@x[:7]", "steps": 2}),
        ("fit", {**XY, "epochs": 2, "shuffle": False, "batch_size": 8, "steps_per_epoch": 5}),
        ("fit", {**XY, **FIT, "validation_data": ["@x", "@y"], "validation_batch_size": 20,
                 "validation_steps": 4}),
    ),
    "names_of_metrics": case(
        REGRESSOR,
        ("compile", {
            "optimizer": "sgd",
            "loss": "mse",
            "metrics": ["mae", "mse", "mae", metric("MeanAbsoluteError", name="mae")],
            "weighted_metrics": ["mse", "mae", "mae", "cosine_similarity"],
        }),
        ("fit", {**XY, **FIT, "sample_weight": "@weight", "validation_data": ["@x", "@y"]}),
        ("evaluate", {**XY, "sample_weight": "@weight"}),
        ("evaluate", {**XY, "sample_weight": "@weight", "return_dict": True}),
    ),
    "order_of_metrics": case(
        CLASSIFIER,
        ("compile", {"optimizer": "sgd", "loss": SCCE, "metrics": [SCCE, "acc"],
                     "weighted_metrics": ["accuracy"]}),
        ("evaluate", CLASSES),
        ("train_on_batch", CLASSES),
        ("compile", {"optimizer": "sgd", "loss": SCCE, "metrics": ["acc", "accuracy"]}),
        ("evaluate", CLASSES),
        ("compile", {"optimizer": "sgd", "loss": SCCE, "metrics": [["acc", "accuracy"]]}),
        ("evaluate", CLASSES),
        ("compile", {"optimizer": "sgd", "loss": SCCE, "metrics": {"out": ["accuracy", "acc"]}}),
        ("evaluate", CLASSES),
        ("compile", {"optimizer": "sgd", "loss": SCCE, "metrics": {"out": "accuracy"},
                     "weighted_metrics": {"out": ["acc"]}}),
        ("evaluate", CLASSES),
    ),
    "arrays_of_metrics": case(
        CLASSIFIER,
        ("compile", {"optimizer": "sgd", "loss": "categorical_crossentropy",
                     "metrics": [metric("F1Score"), "accuracy"]}),
        ("fit", {"x": "@x", "y": "@onehot", **FIT, "validation_data": ["@x", "@onehot"]}),
        ("evaluate", {"x": "@x", "y": "@onehot"}),
        ("evaluate", {"x": "@x", "y": "@onehot", "return_dict": True}),
        ("test_on_batch", {"x": "@x", "y": "@onehot"}),
    ),
    "added_loss_only": case(
        [layer("Dense", units=3), layer("Penalty", factor=0.7)],
        ("compile", {"optimizer": "sgd"}),
        ("fit", {"x": "@x", **FIT, "shuffle": True}),
        ("fit", {"x": "@x", **FIT, "shuffle": True, "validation_data": ["@x[:9]"]}),
        ("evaluate", {"x": "@x", "batch_size": 5}),
        ("train_on_batch", {"x": "@x[:5]"}),
        ("test_on_batch", {"x": "@x[:5]", "return_dict": True}),
    ),
    "added_losses": case(
        [
            layer("Dense", units=5, activation="tanh", kernel_regularizer="l2",
                  bias_regularizer={"object": ["regularizers", "L1", {"l1": 0.1}]}),
            layer("Penalty", factor=0.3),
            layer("Dense", units=1, activity_regularizer={
                "object": ["regularizers", "L1L2", {"l1": 0.1, "l2": 0.2}]}),
        ],
        ("compile", {"optimizer": "sgd", "loss": "mse", "loss_weights": 0.5, "metrics": ["mse"]}),
        ("fit", {**XY, **FIT, "validation_data": ["@x[:7]", "@y[:7]"]}),
        ("fit", {**XY, **FIT, "sample_weight": "@weight"}),
        ("evaluate", {**XY, "batch_size": 8}),
        ("train_on_batch", XY),
        ("test_on_batch", XY),
        ("set_trainable", {"layer": 0, "value": False}),
        ("compile", {"optimizer": "sgd", "loss": "mse", "metrics": []}),
        ("fit", {**XY, **FIT}),
        ("evaluate", XY),
    ),
    "regularizers_only": case(
        [layer("Dense", units=2, kernel_regularizer="l1")],
        ("compile", {"optimizer": "sgd"}),
        ("fit", {"x": "@x", **FIT}),
        ("evaluate", {"x": "@x"}),
    ),
    "constraints": case(
        [
            layer("Dense", units=5, activation="tanh", kernel_constraint={
                "object": ["constraints", "MaxNorm", {"max_value": 0.6}]}),
            layer("Dense", units=3, kernel_constraint="non_neg", bias_constraint="non_neg"),
            layer("Dense", units=1, kernel_constraint="unit_norm"),
        ],
        ("compile", {"optimizer": optimizer("SGD", learning_rate=0.2), "loss": "mse"}),
        ("fit", {**XY, **FIT}),
        ("train_on_batch", XY),
    ),
    "masked_steps": case(
        [layer("Masking"), layer("Dense", units=3, activation="tanh"), layer("Dense", units=2)],
        ("compile", {"optimizer": "sgd", "loss": "mse", "metrics": ["mae"],
                     "weighted_metrics": ["mae"]}),
        ("fit", {"x": "@steps", "y": "@y_steps", **FIT}),
        ("fit", {"x": "@steps", "y": "@y_steps", **FIT, "sample_weight": "@weight_steps"}),
        ("evaluate", {"x": "@steps", "y": "@y_steps", "batch_size": 4}),
        ("train_on_batch", {"x": "@steps", "y": "@y_steps"}),
        input_shape=(3, 4),
    ),
    "masked_tokens": case(
        [
            layer("Embedding", input_dim=5, output_dim=3, mask_zero=True),
            layer("Dropout", rate=0.0),
            layer("Dense", units=2, activation="softmax"),
        ],
        ("compile", {"optimizer": "sgd", "loss": SCCE, "metrics": ["accuracy"],
                     "weighted_metrics": ["accuracy"]}),
        ("fit", {"x": "@tokens", "y": "@class_steps", **FIT,
                 "validation_data": ["@tokens[:4]", "@class_steps[:4]"]}),
        ("fit", {"x": "@tokens", "y": "@class_steps", **FIT, "sample_weight": "@weight_steps"}),
        ("evaluate", {"x": "@tokens", "y": "@class_steps"}),
        input_shape=(3,),
        input_dtype="int32",
    ),
    "fits_and_compiles": case(
        REGRESSOR,
        ("compile", {"optimizer": optimizer("Adam", key="first", learning_rate=0.05, epsilon=0.01),
                     "loss": "mse"}),
        ("fit", {**XY, **FIT, "shuffle": True}),
        ("fit", {**XY, **FIT, "shuffle": True}),
        ("compile", {"optimizer": optimizer("Adam", key="first", learning_rate=0.05, epsilon=0.01),
                     "loss": "mae", "metrics": ["mse"]}),
        ("fit", {**XY, **FIT, "shuffle": True}),
        ("compile", {"optimizer": "adam", "loss": "mae", "metrics": []}),
        ("fit", {**XY, **FIT}),
        ("evaluate", XY),
        ("compile", {"optimizer": optimizer("Adam", key="first", learning_rate=0.05, epsilon=0.01),
                     "loss": "mse"}),
        ("fit", {**XY, **FIT}),
        ("compile", {"optimizer": optimizer("RMSprop", epsilon=0.01), "loss": "huber"}),
        ("evaluate", XY),
        ("fit", {**XY, **FIT, "shuffle": True}),
    ),
    "no_optimizer": case(
        REGRESSOR,
        ("compile", {"optimizer": None, "loss": "mse", "metrics": ["mae"]}),
        ("evaluate", XY),
        ("test_on_batch", XY),
        ("predict", {"x": "@x[:3]"}),
    ),
    "not_a_number": case(
        REGRESSOR,
        ("compile", {"optimizer": "sgd", "loss": "mse", "metrics": ["mae"]}),
        ("evaluate", {"x": "@holes", "y": "@y", "batch_size": 6}),
        ("fit", {"x": "@holes", "y": "@y", **FIT}),
    ),
    "several_steps_at_a_time": case(
        REGRESSOR,
        ("compile", {"optimizer": "sgd", "loss": "mse", "metrics": ["mae"],
                     "steps_per_execution": 3}),
        ("fit", {**XY, **FIT, "batch_size": 5, "recorder": {},
                 "validation_data": ["@x[:9]", "@y[:9]"]}),
        ("fit", {**XY, **FIT, "batch_size": 3, "recorder": {}, "steps_per_epoch": 6}),
        ("evaluate", {**XY, "batch_size": 4, "recorder": {}}),
        ("predict", {"x": "@x", "batch_size": 4, "recorder": {}}),
        ("fit", {**XY, **FIT, "batch_size": 3, "recorder": {"stop": "training", "after": 2}}),
        ("compile", {"optimizer": "sgd", "loss": "mse", "metrics": [],
                     "steps_per_execution": 100}),
        ("fit", {**XY, **FIT, "recorder": {}}),
    ),
    "stopping": case(
        REGRESSOR,
        ("compile", {"optimizer": "sgd", "loss": "mse"}),
        ("fit", {**XY, **FIT, "recorder": {"stop": "training", "after": 1},
                 "validation_data": ["@x", "@y"]}),
        ("fit", {**XY, **FIT, "recorder": {"stop": "evaluating", "after": 1},
                 "validation_data": ["@x", "@y"]}),
        ("evaluate", {**XY, "batch_size": 6, "recorder": {"stop": "evaluating", "after": 2}}),
        ("predict", {"x": "@x", "batch_size": 3, "recorder": {"stop": "predicting", "after": 1}}),
        ("evaluate", {**XY, "batch_size": 6}),
        ("predict", {"x": "@x[:5]", "batch_size": 3}),
    ),
}  # fmt: skip
