"""Gradients: structures, several uses, errors. (Each op's own gradient: tests/test_ops.py.)"""

import threading

import numpy as np
import pytest

from kerasette import GradientTape, ops
from kerasette._core.variable import Variable
from kerasette.testing import check_gradients, numerical_gradient


def test_a_tensor_used_in_many_ways_gets_the_sum_of_its_gradients():
    """The trap of the book's framework (C13, 4.5): mixed consumers of one inner tensor."""

    def function(x, w):
        h = ops.tanh(ops.matmul(x, w))
        c = h * 2 + h
        return ops.tanh(c) * c + ops.matmul(h, ops.transpose(h))[:, :2] + c[:, ::-1]

    rng = np.random.default_rng(0)
    check_gradients(function, [rng.normal(size=(3, 4)), rng.normal(size=(4, 2))])


def test_long_chains_do_not_recurse():
    x = Variable(np.float64(1.0))
    with GradientTape() as tape:
        y = x
        for _ in range(20_000):
            y = y + x
    assert float(tape.gradient(y, x)) == 20_001


def test_structures_of_sources_come_back():
    a, b = Variable(np.float32(2)), Variable(np.float32(3))
    with GradientTape(persistent=True) as tape:
        y = a * a * b
    assert float(tape.gradient(y, a)) == 12
    assert [float(g) for g in tape.gradient(y, [a, b])] == [12, 4]
    assert [float(g) for g in tape.gradient(y, (a, b))] == [12, 4]
    assert {k: float(g) for k, g in tape.gradient(y, {"b": b}).items()} == {"b": 4}


def test_several_targets_add_up():
    a = Variable(np.float32(2))
    with GradientTape() as tape:
        targets = [a * 3, a * a]
    assert float(tape.gradient(targets, a)) == 7


def test_a_target_twice_counts_twice():
    a = Variable(np.float32(2))
    with GradientTape() as tape:
        y = a * 3
    assert float(tape.gradient([y, y], a)) == 6


def test_a_source_that_is_the_target():
    a = Variable(np.float32(2))
    with GradientTape() as tape:
        a * 1.0
    assert float(tape.gradient(a, a)) == 1


def test_unconnected_sources():
    a, b = Variable(np.ones(2)), Variable(np.ones(3))
    with GradientTape(persistent=True) as tape:
        y = ops.sum(a)
    assert tape.gradient(y, [a, b])[1] is None
    np.testing.assert_array_equal(
        tape.gradient(y, [a, b], unconnected_gradients="zero")[1].numpy(), np.zeros(3)
    )
    with pytest.raises(ValueError, match="unconnected_gradients"):
        tape.gradient(y, a, unconnected_gradients="one")


def test_output_gradients_start_the_walk():
    a = Variable(np.array([1.0, 2.0]))
    with GradientTape(persistent=True) as tape:
        y = a * a
    np.testing.assert_array_equal(tape.gradient(y, a, [[1.0, 10.0]]).numpy(), [2, 40])
    with pytest.raises(ValueError, match="shape"):
        tape.gradient(y, a, [[1.0, 2.0, 3.0]])
    with pytest.raises(ValueError, match="targets"):
        tape.gradient([y, y], a, [[1.0, 2.0]])


def test_constants_are_watched_on_request():
    x = ops.convert_to_tensor(3.0)
    with GradientTape() as tape:
        y = x * x
    assert tape.gradient(y, x) is None
    with GradientTape() as tape:
        tape.watch([x])
        y = x * x
    assert float(tape.gradient(y, x)) == 6


def test_variables_are_not_watched_when_not_wanted():
    a, frozen = Variable(np.float32(2)), Variable(np.float32(2), trainable=False)
    with GradientTape(watch_accessed_variables=False) as tape:
        y = a * a
    assert tape.gradient(y, a) is None
    with GradientTape() as tape:
        y = a * frozen
    assert tape.gradient(y, [a, frozen])[1] is None


def test_watch_refuses_what_has_no_gradient():
    with GradientTape() as tape:
        with pytest.raises(ValueError, match="floating-point"):
            tape.watch(ops.convert_to_tensor([1, 2]))
        with pytest.raises(ValueError, match="tensors"):
            tape.watch(3.0)


def test_a_tape_is_used_once_unless_persistent():
    a = Variable(np.float32(2))
    with GradientTape() as tape:
        y = a * a
    tape.gradient(y, a)
    with pytest.raises(RuntimeError, match="non-persistent"):
        tape.gradient(y, a)


def test_gradients_are_written_where_they_are_wanted():
    a, b = Variable(np.arange(3.0)), Variable([2.0])
    places = [ops.zeros(3, "float64"), ops.zeros(1)]
    with GradientTape(persistent=True) as tape:
        y = ops.sum(a * a) * b
    for sources in ([a, b], {"a": a, "b": b}):
        found = tape.gradient(y, sources, destinations=places)
        assert (found["a"] if isinstance(found, dict) else found[0]) is places[0]
        assert places[0].numpy().tolist() == [0, 4, 8] and places[1].numpy().tolist() == [5]


@pytest.mark.parametrize(
    ("places", "message"),
    [
        ([ops.zeros(3)], "There are 2 sources and 1 destinations"),
        ([ops.zeros(1), ops.zeros(3)], r"\(3,\) cannot be written .* float32 .* \(1,\)"),
        ([ops.zeros(3), ops.zeros(3, "int32")], "float32 .* cannot be written to a int32"),
        ([ops.zeros(3), np.zeros(3, "float32")], "A destination of a gradient is a tensor"),
        ([ops.zeros(3)] * 2, "need different destinations"),
    ],
)
def test_places_that_do_not_fit_are_refused(places, message):
    a, b = Variable(np.ones(3, "float32")), Variable(np.ones(3, "float32"))
    with GradientTape() as tape:
        y = a * b
    with pytest.raises(ValueError, match=message):
        tape.gradient(y, [a, b], destinations=places)
    assert tape.gradient(y, a).numpy().tolist() == [1, 1, 1]


@pytest.mark.parametrize("persistent", [False, True])
def test_threads_take_turns_with_a_tape(persistent):
    x = ops.convert_to_tensor(np.full((200, 200), 1e-3, "float32"))
    with GradientTape(persistent) as tape:
        tape.watch(x)
        y = x
        for _ in range(30):
            y = ops.tanh(y @ x)
    found, refused, begin = [], [], threading.Barrier(4)

    def ask():
        begin.wait()
        try:
            found.append(tape.gradient(y, x).numpy())
        except RuntimeError as error:
            refused.append(str(error))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == (4 if persistent else 1) and len(refused) == 4 - len(found)
    assert all("non-persistent GradientTape" in message for message in refused)
    for gradient in found:
        np.testing.assert_array_equal(gradient, found[0])


def test_a_variable_assigned_since_is_an_error_not_a_wrong_gradient():
    a = Variable(np.float32(2))
    with GradientTape() as tape:
        y = a * a
    a.assign(5.0)
    with pytest.raises(RuntimeError, match="assigned"):
        tape.gradient(y, a)


def test_a_variable_that_gradients_do_not_need_may_be_assigned():
    """A metric that follows the loss, in a loop of one's own."""
    weight, total = Variable([2.0]), Variable([1.0], trainable=False)
    with GradientTape() as tape:
        loss = weight * weight
        total.assign(total + loss)
    assert tape.gradient(loss, weight).numpy().tolist() == [4.0]
    assert total.numpy().tolist() == [5.0]


def test_a_variable_read_before_and_after_it_was_assigned_is_an_error():
    weight, factor = Variable([2.0]), Variable([3.0], trainable=False)
    with GradientTape() as tape:
        before = weight * factor
        factor.assign([7.0])
        loss = before + weight * factor
    with pytest.raises(RuntimeError, match="assigned"):
        tape.gradient(loss, weight)


def test_second_order_gradients_say_that_they_are_missing():
    a = Variable(np.float32(2))
    with GradientTape() as outer:
        with GradientTape() as inner:
            y = a * a * a
        slope = inner.gradient(y, a)
        z = slope * 2
    with pytest.raises(NotImplementedError, match="Second-order"):
        outer.gradient(z, a)


def test_nested_tapes_both_see_what_happens_inside():
    a = Variable(np.float32(2))
    with GradientTape() as outer, GradientTape() as inner:
        y = a * a
    assert float(inner.gradient(y, a)) == 4
    assert float(outer.gradient(y, a)) == 4


def test_integers_and_comparisons_stop_gradients():
    a = Variable(np.array([1.0, -1.0]))
    with GradientTape() as tape:
        y = ops.sum(ops.where(a > 0, a * 3, a * 5)) + ops.cast(ops.argmax(a), "float64")
    np.testing.assert_array_equal(tape.gradient(y, a).numpy(), [3, 5])


def test_gradients_through_casts_come_in_the_dtype_of_the_source():
    a = Variable(np.ones(2, "float32"))
    with GradientTape() as tape:
        y = ops.sum(ops.cast(a, "float64") * 3)
    gradient = tape.gradient(y, a)
    assert gradient.dtype == "float32"
    np.testing.assert_array_equal(gradient.numpy(), 3)


def test_what_is_no_tensor_is_refused():
    with GradientTape() as tape:
        pass
    with pytest.raises(TypeError, match="tensors"):
        tape.gradient(1.0, Variable(np.ones(1)))


def test_numerical_gradient_of_the_lecture():
    """L3: J = t^3, t = 1, e = 0.01 gives 3.0001."""
    np.testing.assert_allclose(numerical_gradient(lambda t: t**3, 1.0, 0.01), 3.0001, rtol=1e-12)


def test_check_gradients_can_fail():
    def forgets_a_factor(x):
        return x * ops.convert_to_tensor(x.numpy())

    def is_constant(x):
        return ops.convert_to_tensor(x.numpy())

    for function in (forgets_a_factor, is_constant):
        with pytest.raises(AssertionError):
            check_gradients(function, [[0.5]])


# ---- what NumPy computes has no gradient ---------------------------------------------------------


OF_NUMPY = {
    "ufunc": np.sqrt,
    "function": np.mean,
    "array": np.asarray,
    "array of a list": lambda x: np.array([1.0, x[0]]),
    "buffer": memoryview,
    "exchange": np.from_dlpack,
}


@pytest.mark.parametrize("function", OF_NUMPY.values(), ids=OF_NUMPY)
@pytest.mark.parametrize(
    ("of", "slope"), [(lambda w: w, [1.0, 1.0]), (lambda w: w * w, [2.0, 8.0])],
    ids=["variable", "result"],
)  # fmt: skip
def test_numpy_would_lose_the_gradient(function, of, slope):
    w = Variable([1.0, 4.0])
    with GradientTape() as tape:
        x = of(w)
        with pytest.raises((RuntimeError, BufferError), match=r"Can't call numpy\(\) on a tensor"):
            function(x)
        y = ops.sum(x)
    np.testing.assert_array_equal(tape.gradient(y, w).numpy(), slope)
    # Afterwards, numbers are numbers.
    function(x)


def test_numbers_alone_may_be_read_within_a_tape():
    w = Variable([1.0, 4.0])
    fixed = Variable([1.0, 4.0], trainable=False)
    with GradientTape():
        x = w * w
        assert x.numpy().tolist() == [1.0, 16.0]
        assert float(x[1]) == x[1].item() == 16.0
        assert f"{x[1]:.0f}" == "16"
        assert np.mean(ops.stop_gradient(x)) == 8.5
        assert np.mean(fixed) == 2.5
        assert np.asarray(ops.argmax(x)) == 1
    with GradientTape(watch_accessed_variables=False):
        assert np.mean(w * w) == 8.5


@pytest.mark.parametrize(
    "stack",
    [
        lambda a, b: ops.convert_to_tensor([a, b]),
        lambda a, b: ops.convert_to_tensor((a, b), "float64"),
        lambda a, b: ops.add([a, b], 1.0),
        lambda a, b: ops.sum([[a], (b,)], axis=1),
    ],
)
def test_a_list_of_tensors_leads_back_to_them(stack):
    w = Variable([1.0, 2.0])
    with GradientTape() as tape:
        y = ops.sum(stack(2.0 * w[0], 3.0 * w[1]))
    np.testing.assert_array_equal(tape.gradient(y, w).numpy(), [2.0, 3.0])
