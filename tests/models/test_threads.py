"""One model in several threads: it is built once, and trained or evaluated by one at a time."""

import contextlib
import copy
import os
import pickle
import signal
import threading

import numpy as np
import pytest

import kerasette
from kerasette import layers

X = np.random.default_rng(0).normal(size=(40, 3)).astype("float32")
# Long enough for a thread that may go on to come as far as it can, and waited for in vain only.
A_MOMENT = 0.3


def in_threads(*functions):
    """What functions return, or raise, that run at once."""
    found = [None] * len(functions)

    def run(number, function):
        try:
            found[number] = function()
        except Exception as error:
            found[number] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(functions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


class Meeting:
    """A place where two threads meet if nothing keeps them apart."""

    def __init__(self):
        self.barrier = threading.Barrier(2)

    def wait(self):
        with contextlib.suppress(threading.BrokenBarrierError):
            self.barrier.wait(A_MOMENT)


class Scale(layers.Layer):
    """A layer whose builds meet, if there are two at a time; the first `n_errors` of them fail."""

    def __init__(self, n_errors=0):
        super().__init__()
        self.meeting = Meeting()
        self.n_errors = n_errors
        self.n_builds = 0

    def build(self, input_shape):
        self.n_builds += 1
        self.meeting.wait()
        self.factor = self.add_weight(shape=input_shape[-1:])
        if self.n_builds <= self.n_errors:
            raise OSError("no room for weights")

    def call(self, inputs):
        return inputs * self.factor


class Own(kerasette.Model):
    def __init__(self, layer):
        super().__init__()
        self.scale = layer
        self.dense = layers.Dense(1)

    def call(self, inputs):
        return self.dense(self.scale(inputs))


# ---- building ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "made", [lambda layer: kerasette.Sequential([layer, layers.Dense(1)]), Own, lambda layer: layer]
)
@pytest.mark.parametrize("method", ["predict_on_batch", "__call__"])
def test_what_two_threads_call_first_is_built_once(made, method):
    layer = Scale()
    model = made(layer)
    call = getattr(model, method, model)
    found = in_threads(*[lambda: np.asarray(call(X))] * 2)
    assert layer.n_builds == 1
    assert len(layer.weights) == 1
    assert len(model.weights) == (1 if model is layer else 3)
    for outputs in found:
        np.testing.assert_array_equal(outputs, found[0])
        np.testing.assert_allclose(outputs, np.asarray(model(X)), rtol=1e-6)


def test_a_build_in_another_thread_comes_after_the_one_that_failed():
    layer = Scale(n_errors=1)
    found = in_threads(*[lambda: layer(X)] * 2)
    assert layer.n_builds == 2
    assert sorted(type(value).__name__ for value in found) == ["OSError", "Tensor"]
    assert layer.built
    assert len(layer.weights) == 1


def test_two_models_with_layers_in_common_are_built_at_once():
    shared = [Scale(), Scale()]
    models = [kerasette.Sequential(shared), kerasette.Sequential(shared[::-1])]
    found = in_threads(*[lambda model=model: model.predict(X, verbose=0) for model in models])
    np.testing.assert_allclose(*found, rtol=1e-6)
    assert [layer.n_builds for layer in shared] == [1, 1]


def test_a_layer_may_be_looked_at_while_another_thread_builds_it():
    class Growing:
        """Each look at its class sets one more attribute, as a build would."""

        def __init__(self, layer):
            self.layer = layer

        @property
        def __class__(self):
            state = self.layer.__dict__
            state[f"late_{len(state)}"] = None
            return type(self)

    dense = layers.Dense(1)
    dense.__dict__["growing"] = Growing(dense)
    model = kerasette.Sequential([dense])
    assert len(model.weights) == 0
    assert model.predict(X, verbose=0).shape == (40, 1)


def child_succeeds(function):
    """Whether a function returns in a process that is forked here, before an alarm."""
    child = os.fork()
    if child == 0:
        signal.alarm(30)
        try:
            function()
        except BaseException:
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


def test_a_process_that_is_forked_beside_a_build_builds():
    begun, may_end = threading.Event(), threading.Event()

    class Slow(layers.Layer):
        def build(self, input_shape):
            begun.set()
            may_end.wait()

        def call(self, inputs):
            return inputs

    thread = threading.Thread(target=Slow(), args=(X,))
    thread.start()
    begun.wait()
    try:
        assert child_succeeds(lambda: layers.Dense(1)(X))
    finally:
        may_end.set()
        thread.join()


# ---- training and evaluating ---------------------------------------------------------------


Y = X[:, :1]
# With a rate of 0 the loss never changes, whoever trains.
LOSS, OTHER_LOSS = [float(np.mean((X.sum(1) * factor - Y[:, 0]) ** 2)) for factor in (1, 10)]


def make():
    model = kerasette.Sequential([kerasette.Input((3,)), layers.Dense(1)])
    model.set_weights([np.ones((3, 1)), np.zeros(1)])
    model.compile(kerasette.optimizers.SGD(0.0), "mse")
    return model


class Calls(kerasette.callbacks.Callback):
    """Calls a function at the first call of a hook."""

    def __init__(self, hook, function):
        super().__init__()
        self.function = function
        setattr(self, hook, self.call)

    def call(self, *args, **kwargs):
        function, self.function = self.function, lambda: None
        function()


def in_another_thread(function):
    """Has a function run in a thread of its own, and returns, or raises, what it does."""
    (found,) = in_threads(function)
    if isinstance(found, Exception):
        raise found
    return found


def test_evaluations_in_two_threads_come_one_after_the_other():
    model, meeting = make(), Meeting()

    def evaluate(x):
        callback = Calls("on_test_batch_end", meeting.wait)
        return model.evaluate(x, Y, batch_size=8, verbose=0, callbacks=[callback])

    found = in_threads(lambda: evaluate(X), lambda: evaluate(10 * X))
    np.testing.assert_allclose(found, [LOSS, OTHER_LOSS], rtol=1e-5)


SINGLE = {
    "fit": lambda model: model.fit(10 * X, Y, verbose=0).history["loss"][0],
    "train_on_batch": lambda model: model.train_on_batch(10 * X, Y),
    "test_on_batch": lambda model: model.test_on_batch(10 * X, Y),
}


@pytest.mark.parametrize("method", SINGLE)
def test_what_counts_in_the_same_metrics_waits_for_an_evaluation(method):
    model, meeting, begun = make(), Meeting(), threading.Event()

    def evaluate():
        callbacks = [
            Calls("on_test_batch_begin", begun.set),
            Calls("on_test_batch_end", meeting.wait),
        ]
        return model.evaluate(X, Y, batch_size=8, verbose=0, callbacks=callbacks)

    def other():
        begun.wait()
        loss = SINGLE[method](model)
        meeting.wait()
        return loss

    found = in_threads(evaluate, other)
    np.testing.assert_allclose(found, [LOSS, OTHER_LOSS], rtol=1e-5)


EVALUATIONS = {
    "evaluate": lambda model: model.evaluate(10 * X, Y, verbose=0),
    "test_on_batch": lambda model: model.test_on_batch(10 * X, Y),
    "inspect_step": lambda model: kerasette.models.inspect_step(model, 10 * X, Y).logs["loss"],
}


@pytest.mark.parametrize("method", EVALUATIONS)
def test_beside_a_fit_a_copy_is_evaluated(method):
    model = make()
    evaluate = EVALUATIONS[method]

    def from_outside():
        with pytest.raises(RuntimeError, match=f"`{method}` cannot .* another thread .*deepcopy"):
            in_another_thread(lambda: evaluate(model))
        found = in_another_thread(lambda: evaluate(copy.deepcopy(model)))
        np.testing.assert_allclose(found, OTHER_LOSS, rtol=1e-5)

    callback = Calls("on_train_batch_end", from_outside)
    history = model.fit(X, Y, batch_size=8, verbose=0, callbacks=[callback]).history
    np.testing.assert_allclose(history["loss"], LOSS, rtol=1e-5)
    np.testing.assert_allclose(in_another_thread(lambda: evaluate(model)), OTHER_LOSS, rtol=1e-5)


def test_a_callback_of_fit_evaluates():
    model, found = make(), []
    callback = Calls("on_epoch_end", lambda: found.append(EVALUATIONS["evaluate"](model)))
    model.fit(X, Y, epochs=2, verbose=0, callbacks=[callback])
    np.testing.assert_allclose(found, OTHER_LOSS, rtol=1e-5)


def test_an_evaluation_that_waits_does_not_wait_for_a_fit_that_has_begun():
    model, found = make(), []
    thread = threading.Thread(
        target=lambda: found.extend(in_threads(lambda: EVALUATIONS["evaluate"](model)))
    )

    def fit():
        thread.start()
        model.fit(X, Y, verbose=0, callbacks=[Calls("on_epoch_end", lambda: thread.join(60))])

    model.evaluate(X, Y, verbose=0, callbacks=[Calls("on_test_end", fit)])
    assert isinstance(found[0], RuntimeError)


def fails_to_train(model):
    """Raises unless nobody may train or compile the model, in this thread or in another."""
    for train in (
        lambda: model.fit(X, Y, verbose=0),
        lambda: model.train_on_batch(X, Y),
        lambda: model.compile("sgd", "mse"),
    ):
        for run in (in_another_thread, lambda function: function()):
            with pytest.raises(RuntimeError, match="being trained"):
                run(train)


@pytest.mark.parametrize("hook", ["set_params", "set_model", "on_train_begin", "on_train_end"])
def test_from_its_first_callback_to_its_last_a_fit_is_the_only_one(hook):
    model = make()
    model.fit(X, Y, verbose=0, callbacks=[Calls(hook, lambda: fails_to_train(model))])
    assert int(model.optimizer.iterations) == 2
    model.fit(X, Y, verbose=0)


def test_a_single_step_is_the_only_one():
    class Looking(kerasette.Model):
        def train_step(self, data):
            fails_to_train(self)
            return {"loss": 0.0}

    model = Looking()
    model.compile("sgd", "mse", run_eagerly=True)
    assert model.train_on_batch(X, Y) == 0.0
    assert model.train_on_batch(X, Y) == 0.0


def test_a_fit_that_fails_ends_its_turn():
    model = make()
    with pytest.raises(ValueError, match="40"):
        model.fit(X, Y[1:], verbose=0)
    with pytest.raises(ValueError, match="40"):
        model.evaluate(X, Y[1:], verbose=0)
    np.testing.assert_allclose(in_another_thread(lambda: SINGLE["fit"](model)), OTHER_LOSS, 1e-5)


@pytest.mark.parametrize("method", ["fit", "evaluate"])
def test_a_process_that_is_forked_beside_a_turn_takes_its_own(method):
    model, may_end, begun = make(), threading.Event(), threading.Event()

    def wait():
        begun.set()
        may_end.wait()

    hook = "on_train_batch_end" if method == "fit" else "on_test_batch_end"
    run = getattr(model, method)
    thread = threading.Thread(
        target=run, args=(X, Y), kwargs={"verbose": 0, "callbacks": [Calls(hook, wait)]}
    )
    thread.start()
    begun.wait()

    def train_and_evaluate():
        SINGLE["fit"](model)
        np.testing.assert_allclose(EVALUATIONS["evaluate"](model), OTHER_LOSS, rtol=1e-5)

    try:
        assert child_succeeds(train_and_evaluate)
    finally:
        may_end.set()
        thread.join()


def test_a_copy_made_within_a_turn_has_turns_of_its_own():
    model, copies = make(), []

    def make_copies():
        copies.extend([copy.deepcopy(model), pickle.loads(pickle.dumps(model))])

    model.fit(X, Y, verbose=0, callbacks=[Calls("on_epoch_end", make_copies)])
    for twin in copies:
        np.testing.assert_allclose(SINGLE["fit"](twin), OTHER_LOSS, rtol=1e-5)
