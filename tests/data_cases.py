"""`fit`, `evaluate` and `predict` on data of all kinds, for Keras and for kerasette alike."""

import random
import warnings

import numpy as np

RNG = np.random.default_rng(11)
ROWS = 20
A = RNG.normal(size=(ROWS, 3)).astype("float32")
B = RNG.normal(size=(ROWS, 2)).astype("float32")
U = RNG.normal(size=(ROWS, 1)).astype("float32")
V = RNG.integers(0, 3, ROWS)
W = RNG.uniform(0.5, 2.0, ROWS).astype("float32")
# What is looked for in warnings.
PHRASES = (
    "ran out of data",
    "`shuffle=True` was passed",
    "should call `super().__init__(**kwargs)`",
)


def run_case(keras, name):
    """What a case gives, as plain data: what it returns, its warnings, or its error."""
    found = {}
    random.seed(3)
    np.random.seed(3)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            found["result"] = plain(CASES[name](keras))
        except Exception as error:
            found["error"] = type(error).__name__
    messages = [str(w.message) for w in caught]
    found["warnings"] = [p for m in messages for p in PHRASES if p in m]
    return found


def plain(value):
    if hasattr(value, "history"):
        return value.history
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if hasattr(value, "tolist"):
        return np.round(value, 6).tolist()
    return value


def with_weights(model):
    """The model, its weights set to numbers that do not depend on the library."""
    sizes = [np.size(w) for w in model.get_weights()]
    values = np.split(np.sin(np.arange(sum(sizes)) + 1), np.cumsum(sizes)[:-1])
    shapes = [w.shape for w in model.get_weights()]
    model.set_weights([v.reshape(s).astype("float32") for v, s in zip(values, shapes)])
    return model


def small(keras, width=1):
    """A model of one input and one output."""
    model = keras.Sequential([keras.Input((width,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.01), "mse")
    return with_weights(model)


def classifier(keras):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(3, activation="softmax")])
    model.compile(
        keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return with_weights(model)


def branched(keras, form="dict", **arguments):
    """A model of two inputs and two outputs, in lists or in dicts."""
    a, b = keras.Input((3,), name="a"), keras.Input((2,), name="b")
    h = keras.layers.Concatenate()([a, b])
    u = keras.layers.Dense(1, name="u")(h)
    v = keras.layers.Dense(3, activation="softmax", name="v")(h)
    model = {
        "dict": lambda: keras.Model({"a": a, "b": b}, {"u": u, "v": v}),
        "list": lambda: keras.Model([a, b], [u, v]),
        "nested": lambda: keras.Model([a, {"b": b}], {"out": [u, v]}),
    }[form]()
    losses = {
        "dict": {"u": "mse", "v": "sparse_categorical_crossentropy"},
        "list": ["mse", "sparse_categorical_crossentropy"],
        "nested": {"out": ["mse", "sparse_categorical_crossentropy"]},
    }[form]
    model.compile(keras.optimizers.SGD(0.05), losses, **arguments)
    return with_weights(model)


X_OF = {"dict": {"a": A, "b": B}, "list": [A, B], "nested": [A, {"b": B}]}
Y_OF = {"dict": {"u": U, "v": V}, "list": [U, V], "nested": {"out": [U, V]}}
RUN = {"epochs": 2, "batch_size": 8, "shuffle": False, "verbose": 0}


def structures(form):
    def case(keras):
        model = branched(keras, form)
        return [
            model.fit(X_OF[form], Y_OF[form], validation_split=0.3, **RUN),
            model.evaluate(X_OF[form], Y_OF[form], verbose=0),
            model.predict(X_OF[form], batch_size=8, verbose=0),
            model.train_on_batch(X_OF[form], Y_OF[form]),
            model.test_on_batch(X_OF[form], Y_OF[form]),
            model.predict_on_batch(X_OF[form]),
        ]

    return case


def weighted(sample_weight, form="dict"):
    def case(keras):
        model = branched(
            keras, form, weighted_metrics=[["mae"], ["accuracy"]][: 2 * (form == "list")]
        )
        data = (X_OF[form], Y_OF[form], sample_weight)
        return [
            model.fit(*data[:2], sample_weight=sample_weight, validation_data=data, **RUN),
            model.evaluate(*data[:2], sample_weight=sample_weight, verbose=0),
        ]

    return case


# ---- streams -----------------------------------------------------------------------------


class Log:
    """What a stream was asked for."""

    def __init__(self):
        self.calls = []


def numbers(log, n=None, y=True):
    """A generator of batches that hold their own number."""
    i = 0
    while n is None or i < n:
        log.calls.append(i)
        x = np.full((2, 1), i / 10, "float32")
        yield (x, x + 1) if y else (x,)
        i += 1


def data_set(keras, log, n, infinite=False, batch=None, **arguments):
    class Numbers(keras.utils.PyDataset):
        def __len__(self):
            return n

        def __getitem__(self, index):
            log.calls.append(index)
            x = np.full((2, 1), index / 10, "float32")
            return (x, x + 1) if batch is None else batch(x)

        def on_epoch_begin(self):
            log.calls.append("begin")

        def on_epoch_end(self):
            log.calls.append("end")

    class Infinite(Numbers):
        num_batches = None

    return (Infinite if infinite else Numbers)(**arguments)


def on_generator(method, n=None, built=True, y=True, **arguments):
    def case(keras):
        log = Log()
        model = small(keras)
        if not built:
            model = keras.Sequential([keras.layers.Dense(1, "linear", True, "ones")])
            model.compile(keras.optimizers.SGD(0.01), "mse")
        result = getattr(model, method)(numbers(log, n, y), verbose=0, **arguments)
        return [plain(result), log.calls]

    return case


def on_data_set(method, n=4, options=None, again=False, **arguments):
    def case(keras):
        log = Log()
        model = small(keras)
        data = data_set(keras, log, n, **(options or {}))
        result = [plain(getattr(model, method)(data, verbose=0, **arguments))]
        if again:
            result.append(plain(getattr(model, method)(data, verbose=0, **arguments)))
        return [result, log.calls]

    return case


def validation_generator(keras):
    log = Log()
    x = np.ones((4, 1), "float32")
    data = numbers(log)
    history = small(keras).fit(
        x, x, epochs=3, verbose=0, validation_data=data, validation_steps=3, shuffle=False
    )
    return [history.history, log.calls]


def validation_generator_that_ends(keras):
    log = Log()
    x = np.ones((4, 1), "float32")
    data = numbers(log, 5)
    history = small(keras).fit(x, x, epochs=2, verbose=0, validation_data=data, shuffle=False)
    return [history.history, log.calls]


def validation_data_set(keras):
    log = Log()
    x = np.ones((4, 1), "float32")
    data = data_set(keras, log, 4)
    history = small(keras).fit(
        x, x, epochs=3, verbose=0, validation_data=data, validation_steps=3, validation_freq=2
    )
    return [history.history, log.calls]


def batch_of(*pieces):
    return lambda x: pieces


def class_weights(keras):
    class Classes(keras.utils.PyDataset):
        def __len__(self):
            return 2

        def __getitem__(self, index):
            rows = slice(10 * index, 10 * index + 10)
            return A[rows], V[rows]

    weight = {0: 3.0, 2: 0.5}
    return classifier(keras).fit(Classes(), class_weight=weight, shuffle=False, verbose=0, epochs=2)


def batches_of_sizes(keras):
    def pieces():
        for start, stop in ((0, 8), (8, 10), (10, 18), (18, 20)):
            yield (A[start:stop], V[start:stop], W[start:stop])

    model = classifier(keras)
    return [
        model.fit(pieces(), verbose=0, shuffle=False),
        model.evaluate(pieces(), verbose=0),
        model.predict(pieces(), verbose=0),
    ]


def generator_of_structures(keras):
    def pieces():
        while True:
            for i in range(0, ROWS, 8):
                rows = slice(i, i + 8)
                yield {"a": A[rows], "b": B[rows]}, {"u": U[rows], "v": V[rows]}

    model = branched(keras)
    return [
        model.fit(pieces(), steps_per_epoch=4, epochs=2, verbose=0, shuffle=False),
        model.evaluate(pieces(), steps=3, verbose=0),
        model.predict(pieces(), steps=3, verbose=0),
    ]


def rows_of_a_batch_hook(keras):
    """Steps that batch hooks see: of a generator, and of a data set."""
    seen = []

    class Hooks(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            seen.append(batch)

        def on_train_batch_end(self, batch, logs=None):
            seen.append(logs["loss"])

        def on_predict_batch_end(self, batch, logs=None):
            seen.append(np.shape(logs["outputs"]))

    model, log, run = small(keras), Log(), {"verbose": 0, "callbacks": [Hooks()]}
    model.fit(numbers(log), steps_per_epoch=3, epochs=2, shuffle=False, **run)
    model.fit(data_set(keras, log, 3), shuffle=False, **run)
    model.predict(data_set(keras, log, 3), **run)
    return [seen, log.calls]


def structures_in_hooks(keras):
    """What hooks see of outputs in dicts, in lists and in lists within dicts."""
    seen = []

    class Hooks(keras.callbacks.Callback):
        def on_predict_batch_end(self, batch, logs=None):
            seen.append({key: shapes(value) for key, value in logs.items()})

    def shapes(value):
        if isinstance(value, (list, tuple)):
            return [shapes(item) for item in value]
        return list(value.shape)

    for form in X_OF:
        branched(keras, form).predict(X_OF[form], verbose=0, batch_size=16, callbacks=[Hooks()])
    return seen


def stops(keras):
    class Stop(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            self.model.stop_training = batch == 1

    log = Log()
    small(keras).fit(
        data_set(keras, log, 4), epochs=3, callbacks=[Stop()], verbose=0, shuffle=False
    )
    return log.calls


def without_constructor(keras):
    class Bare(keras.utils.PyDataset):
        def __init__(self):
            pass

        def __len__(self):
            return 2

        def __getitem__(self, index):
            return A[:2, :1], U[:2]

    return small(keras).fit(Bare(), verbose=0)


def sequence(keras):
    class Old(keras.utils.Sequence):
        def __len__(self):
            return 2

        def __getitem__(self, index):
            return A[:2, :1], U[:2]

    assert keras.utils.Sequence is keras.utils.PyDataset
    return small(keras).fit(Old(), verbose=0)


def error(make):
    """A case that raises."""
    return lambda keras: [small(keras).fit(verbose=0, **make(keras)), None][1]


def pandas_data(keras):
    import pandas

    frame = pandas.DataFrame({"p": A[:, 0].astype("float64"), "q": np.arange(ROWS), "r": A[:, 2]})
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.001), "mse", weighted_metrics=["mae"])
    with_weights(model)
    target, weight = pandas.Series(U[:, 0]), pandas.Series(W)
    return [
        model.fit(frame, target, sample_weight=weight, validation_split=0.2, **RUN),
        model.predict(frame, verbose=0),
        small(keras).predict(frame["p"], verbose=0),
        small(keras).fit(frame[["p"]], frame["q"], **RUN),
    ]


def sparse_data(keras):
    import scipy.sparse

    dense = np.where(A > 0, A, 0)
    model = small(keras, 3)
    found = []
    for form in ("csr", "csc", "coo"):
        x = scipy.sparse.coo_matrix(dense).asformat(form)
        found.append(model.fit(x, U, validation_split=0.25, **RUN))
        found.append(model.predict(x, batch_size=8, verbose=0))
    return found


CASES = {
    **{f"structures_{form}": structures(form) for form in X_OF},
    "weights_by_name": weighted({"u": W, "v": W[::-1].copy()}),
    "one_weight_for_all": weighted(W),
    "one_weight_for_all_in_lists": weighted(W, "list"),
    "weights_of_another_structure": weighted([W, W, W]),
    "weights_of_too_high_rank": weighted(np.ones((ROWS, 2), "float32")),
    "generator": on_generator("fit", 5, shuffle=False),
    "generator_shuffled": on_generator("fit", 5),
    "generator_epochs": on_generator("fit", 5, epochs=3, shuffle=False),
    "generator_steps": on_generator("fit", epochs=2, steps_per_epoch=3, shuffle=False),
    "generator_too_few": on_generator("fit", 5, epochs=3, steps_per_epoch=3, shuffle=False),
    "generator_just_enough": on_generator("fit", 6, epochs=3, steps_per_epoch=3, shuffle=False),
    "generator_evaluate": on_generator("evaluate", 5),
    "generator_evaluate_steps": on_generator("evaluate", steps=3),
    "generator_predict": on_generator("predict", 5),
    "generator_predict_inputs": on_generator("predict", 5, y=False),
    "generator_predict_steps": on_generator("predict", steps=3),
    "generator_predict_too_few": on_generator("predict", 5, steps=7),
    "generator_builds": on_generator("fit", built=False, steps_per_epoch=3, shuffle=False),
    "data_set": on_data_set("fit", epochs=2, shuffle=False),
    "data_set_shuffled": on_data_set("fit", 7, epochs=3),
    "data_set_again": on_data_set("fit", epochs=2, again=True),
    "data_set_steps": on_data_set("fit", epochs=3, steps_per_epoch=3, shuffle=False),
    "data_set_shuffled_steps": on_data_set("fit", 7, epochs=4, steps_per_epoch=3),
    "data_set_evaluate": on_data_set("evaluate", again=True),
    "data_set_evaluate_steps": on_data_set("evaluate", steps=6),
    "data_set_predict": on_data_set("predict"),
    "data_set_predict_steps": on_data_set("predict", steps=2),
    "data_set_infinite": on_data_set(
        "fit", options={"infinite": True}, epochs=2, steps_per_epoch=3
    ),
    "data_set_of_arrays": on_data_set("predict", options={"batch": lambda x: x}),
    "data_set_of_lists": on_data_set("fit", options={"batch": lambda x: [x, x]}, shuffle=False),
    "data_set_of_numbers": on_data_set("fit", options={"batch": lambda x: 3}),
    "data_set_of_four": on_data_set("fit", options={"batch": batch_of(A, A, A, A)}),
    "validation_generator": validation_generator,
    "validation_generator_that_ends": validation_generator_that_ends,
    "validation_data_set": validation_data_set,
    "class_weights": class_weights,
    "batches_of_sizes": batches_of_sizes,
    "generator_of_structures": generator_of_structures,
    "hooks": rows_of_a_batch_hook,
    "structures_in_hooks": structures_in_hooks,
    "stops": stops,
    "without_constructor": without_constructor,
    "sequence": sequence,
    "pandas": pandas_data,
    "sparse": sparse_data,
    "generator_and_y": error(lambda keras: {"x": numbers(Log()), "y": U}),
    "generator_and_weights": error(lambda keras: {"x": numbers(Log()), "sample_weight": U}),
    "generator_and_class_weight": error(
        lambda keras: {"x": numbers(Log()), "class_weight": {0: 1.0}}
    ),
    "generator_and_split": error(lambda keras: {"x": numbers(Log()), "validation_split": 0.2}),
    "generator_of_arrays": error(lambda keras: {"x": (A for _ in range(3))}),
    "generator_of_lists": error(lambda keras: {"x": ([A[:, :1], U] for _ in range(3))}),
    "generator_of_nothing": error(lambda keras: {"x": numbers(Log(), 0)}),
    "data_set_and_y": error(lambda keras: {"x": data_set(keras, Log(), 3), "y": U}),
    "data_set_and_weights": error(
        lambda keras: {"x": data_set(keras, Log(), 3), "sample_weight": U}
    ),
    "data_set_and_split": error(
        lambda keras: {"x": data_set(keras, Log(), 3), "validation_split": 0.2}
    ),
    "data_set_with_weights_and_class_weight": error(
        lambda keras: {
            "x": data_set(keras, Log(), 3, batch=batch_of(A[:, :1], U, W)),
            "class_weight": {0: 1.0},
        }
    ),
    "class_weight_for_two_outputs": error(
        lambda keras: {"x": A[:, :1], "y": [U, U], "class_weight": {0: 1.0}}
    ),
    "other_data": error(lambda keras: {"x": object(), "y": U}),
}
