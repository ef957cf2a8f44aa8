"""One model in several threads: it is built once, and trained or evaluated by one at a time."""

import contextlib
import os
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
