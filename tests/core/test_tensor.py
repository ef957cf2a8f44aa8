"""Tensors and variables: exchange with NumPy, dtypes, errors."""

import copy
import pickle

import numpy as np
import pytest

from kerasette import Input, ops
from kerasette._core.dtypes import set_floatx
from kerasette._core.tensor import Tensor
from kerasette._core.variable import Variable, pack, spans


def tensor(value, dtype=None):
    return ops.convert_to_tensor(value, dtype)


@pytest.mark.parametrize("dtype", ["float32", "float64", "int32", "int64", "bool"])
def test_arrays_keep_their_dtype_and_values(dtype):
    array = np.arange(6).reshape(2, 3).astype(dtype)
    made = tensor(array)
    assert made.dtype == dtype
    assert made.shape == (2, 3)
    np.testing.assert_array_equal(made.numpy(), array)
    assert made.numpy().dtype == array.dtype


@pytest.mark.parametrize(
    ("given", "expected"),
    [("float16", "float32"), ("int8", "int32"), ("uint8", "int32"), ("uint16", "int32"),
     ("uint32", "int64")],
)  # fmt: skip
def test_other_dtypes_become_one_that_holds_their_range(given, expected):
    made = tensor(np.array([0, 7], dtype=given))
    assert made.dtype == expected
    assert made.numpy().tolist() == [0, 7]


def test_python_numbers_get_the_default_dtypes():
    assert tensor(1.5).dtype == "float32"
    assert tensor([1, 2]).dtype == "int32"
    assert tensor([2**40]).dtype == "int64"
    assert tensor(True).dtype == "bool"


@pytest.mark.parametrize(
    "array",
    [
        np.arange(12.0).reshape(3, 4)[:, ::-1],
        np.arange(12.0).reshape(3, 4).T,
        np.asfortranarray(np.arange(12.0).reshape(3, 4)),
        np.arange(12.0).reshape(3, 4).astype(">f8"),
        np.broadcast_to(np.arange(4.0), (3, 4)),
        np.arange(24.0)[::2],
    ],
)
def test_any_layout_and_byte_order_is_read(array):
    np.testing.assert_array_equal(tensor(array).numpy(), array)


def test_read_only_arrays_are_read_and_left_alone():
    array = np.arange(3.0)
    array.flags.writeable = False
    made = tensor(array)
    np.testing.assert_array_equal(made.numpy(), array)


@pytest.mark.parametrize(
    "value", [["a", "b"], np.array([object()]), np.array([1j]), np.array([1], dtype="uint64")]
)
def test_what_is_not_real_numbers_is_refused(value):
    with pytest.raises(ValueError, match="cannot be converted"):
        tensor(value)


def test_ragged_lists_are_refused():
    with pytest.raises(ValueError, match="cannot be converted"):
        tensor([[1.0], [1.0, 2.0]])


def test_numpy_is_a_copy():
    made = tensor([1.0, 2.0])
    made.numpy()[0] = 5
    assert made.numpy()[0] == 1


def test_the_buffer_is_shared_without_a_copy():
    variable = Variable(np.zeros(3))
    view = np.asarray(memoryview(variable))
    variable.assign([1.0, 2.0, 3.0])
    np.testing.assert_array_equal(view, [1, 2, 3])


def test_dlpack_goes_both_ways():
    made = tensor(np.arange(6.0).reshape(2, 3))
    shared = np.from_dlpack(made)
    np.testing.assert_array_equal(shared, made.numpy())

    class Exporter:
        def __init__(self, array):
            self.array = array

        def __dlpack__(self, **kwargs):
            return self.array.__dlpack__(**kwargs)

        def __dlpack_device__(self):
            return self.array.__dlpack_device__()

    np.testing.assert_array_equal(tensor(Exporter(np.arange(3.0))).numpy(), np.arange(3.0))


def test_a_shared_variable_stays_in_its_memory_when_packed():
    variable, other = Variable(np.zeros(3)), Variable(np.ones(2))
    view = np.asarray(memoryview(variable))
    pack([variable, other])
    variable.assign([1.0, 1.0, 1.0])
    np.testing.assert_array_equal(view, 1)


def test_packing_keeps_values_and_makes_one_span():
    variables = [Variable(np.full(shape, i, "float32")) for i, shape in enumerate([(3, 5), (7,)])]
    pack(variables)
    np.testing.assert_array_equal(variables[0].numpy(), np.zeros((3, 5)))
    np.testing.assert_array_equal(variables[1].numpy(), np.ones(7))
    ((span, group, starts),) = spans(reversed(variables))
    assert group == variables or all(a is b for a, b in zip(group, variables))
    assert starts == [0, 16]
    assert span.shape == (23,)


def test_variables_packed_apart_are_two_spans():
    first, second = Variable(np.zeros(3)), Variable(np.zeros(3))
    pack([first])
    pack([second])
    assert len(spans([first, second])) == 2


def test_assign_checks_the_shape_and_changes_nothing():
    variable = Variable(np.ones((2, 2)))
    with pytest.raises(ValueError, match="must match"):
        variable.assign(np.zeros(3))
    np.testing.assert_array_equal(variable.numpy(), 1)


def test_assign_add_and_sub():
    variable = Variable(np.ones(2, "float32"))
    variable.assign_add([1.0, 2.0])
    variable.assign_sub(0.5 * variable)
    np.testing.assert_allclose(variable.numpy(), [1.0, 1.5])


def test_value_does_not_follow_later_assignments():
    variable = Variable(np.ones(2))
    value = variable.value
    variable.assign([5.0, 5.0])
    np.testing.assert_array_equal(value.numpy(), 1)


def test_variable_from_an_initializer_needs_a_shape():
    made = Variable(lambda shape, dtype: np.full(shape, 2, dtype), shape=(2,))
    assert made.dtype == "float32"
    with pytest.raises(ValueError, match="shape"):
        Variable(lambda shape, dtype: np.zeros(shape))
    with pytest.raises(ValueError, match="shape"):
        Variable(np.zeros(3), shape=(2,))


def test_copies_and_pickles_are_independent():
    variable = Variable(np.ones(2), trainable=False, name="state")
    for twin in (copy.deepcopy(variable), pickle.loads(pickle.dumps(variable))):
        twin.assign([3.0, 3.0])
        np.testing.assert_array_equal(variable.numpy(), 1)
        assert (twin.name, twin.trainable, twin.dtype) == ("state", False, "float64")


def test_conversions_to_python():
    assert float(tensor(2.5)) == 2.5
    assert int(tensor(3)) == 3
    assert bool(tensor(True))
    assert [0, 1, 2][tensor(1)] == 1
    with pytest.raises(ValueError, match="one element"):
        float(tensor([1.0, 2.0]))
    with pytest.raises(TypeError, match="no length"):
        len(tensor(1.0))


def test_repr_tells_shape_dtype_and_value():
    assert repr(tensor([1.0])) == "<Tensor: shape=(1,), dtype=float32, value=[1.]>"
    assert "path=w" in repr(Variable(np.zeros(1), name="w"))


@pytest.mark.parametrize("shape", ["ab", (1.5,), (-1,), (1,) * 9])
def test_bad_shapes_are_refused(shape):
    with pytest.raises(ValueError):
        ops.zeros(shape)


# 2 ** 32 by 2 ** 32 is 0 modulo 2 ** 64, and 2 ** 31 by 2 ** 31 floats are 0 bytes.
@pytest.mark.parametrize("size", [2**31, 2**32, 2**40, 2**70])
def test_shapes_whose_bytes_no_number_counts_are_refused(size):
    with pytest.raises(MemoryError, match=rf"shape \({size}, {size}\) is too large"):
        ops.broadcast_to(np.ones(1, "float32"), (size, size))
    with pytest.raises(MemoryError, match="too large"):
        ops.zeros((size, size))


def test_unknown_dtypes_are_refused():
    with pytest.raises(ValueError, match="float32"):
        ops.zeros((1,), dtype="float8")
    with pytest.raises(ValueError):
        set_floatx("int32")


def test_numpy_leaves_mixed_expressions_to_us():
    result = np.ones(2) + tensor([1.0, 2.0])
    assert isinstance(result, Tensor)


def test_big_integers_fill_exactly():
    assert int(ops.full((), 2**53 + 1, "int64")) == 2**53 + 1
    np.testing.assert_array_equal(ops.full((2,), -(2**60) - 1, "int64").numpy(), -(2**60) - 1)


def test_no_tensor_is_none():
    assert (tensor(1.0) == None) is False  # noqa: E711
    assert (tensor(1.0) != None) is True  # noqa: E711


def test_numbers_are_not_rounded_on_the_way_into_a_variable():
    assert float(Variable(0.3, dtype="float64")) == 0.3
    assert float(Variable(tensor(0.5), dtype="float64")) == 0.5


def test_scalars_can_be_formatted():
    assert (
        f"{tensor(1.25):.1f} {tensor([1.0])}"
        == "1.2 <Tensor: shape=(1,), dtype=float32, value=[1.]>"
    )
    with pytest.raises(ValueError, match="one element"):
        format(tensor([1.0, 2.0]), ".2f")


def test_logical_operators():
    a, b = tensor([True, True, False, False]), tensor([True, False, True, False])
    x, y = a.numpy(), b.numpy()
    for found, expected in (
        (a & b, x & y), (a | b, x | y), (a ^ b, x ^ y), (~a, ~x),
        (True & b, True & y), (True | b, True | y), (True ^ b, True ^ y),
        (Variable(x) & b, x & y),
    ):  # fmt: skip
        assert found.dtype == "bool"
        np.testing.assert_array_equal(found.numpy(), expected)


@pytest.mark.parametrize(
    "use", [lambda a: a & a, lambda a: 1 | a, lambda a: a ^ True, lambda a: ~a]
)
def test_logical_operators_are_for_bool(use):
    with pytest.raises(TypeError, match=r"is for tensors of dtype bool.*`ops.logical_and`"):
        use(ops.ones((2,), "int32"))


@pytest.mark.parametrize("digits", [None, 0, 1, -1])
def test_round(digits):
    x = np.array([12.345, -7.25, 0.5])
    np.testing.assert_allclose(round(tensor(x), digits).numpy(), np.round(x, digits or 0))


def test_powers_have_no_modulus():
    for base in (tensor([2.0]), Variable([2.0]), Input((1,))):
        with pytest.raises(TypeError, match=r"pow\(\)|positional argument"):
            pow(base, 2, 3)
    assert pow(tensor([2.0]), 3).numpy().tolist() == [8.0]
    assert pow(3, tensor([2])).numpy().tolist() == [9]


@pytest.mark.parametrize("shape", [(2,), (0,), (1, 2)])
def test_many_elements_have_no_truth_value(shape):
    with pytest.raises(ValueError, match=r"truth value .* is ambiguous.*`ops.any` or `ops.all`"):
        bool(ops.ones(shape))
    with pytest.raises(ValueError, match="Only a tensor with one element is a number"):
        float(ops.ones(shape))
    assert bool(ops.ones((1, 1))) is True


@pytest.mark.parametrize(
    "key",
    [[0, 1], np.array([0, 1]), np.array([1]), np.array(True), np.True_, 1.0, np.array(1.0), "a",
     tensor([1]), tensor(1.0), tensor(True)],
)  # fmt: skip
def test_what_is_no_index_is_refused(key):
    for full in (key, (0, key), (..., key)):
        with pytest.raises(TypeError, match=r"use ops.take for arrays of indices. Received: "):
            tensor(np.ones((3, 3)))[full]


@pytest.mark.parametrize("key", [1, np.int64(1), np.array(1), tensor(1), -2])
def test_integers_of_any_kind_are_indices(key):
    x = np.arange(6.0).reshape(3, 2)
    np.testing.assert_array_equal(tensor(x)[key].numpy(), x[1])


NINE = np.zeros((2,) * 9, "float32")
EIGHT = NINE[0]


@pytest.mark.parametrize(
    "use",
    [
        lambda: ops.sum(NINE),
        lambda: Variable(NINE),
        lambda: ops.convert_to_tensor(NINE),
        lambda: ops.add(EIGHT, NINE[..., :1]),
        lambda: ops.stack([EIGHT, EIGHT]),
        lambda: ops.expand_dims(EIGHT, 0),
        lambda: tensor(EIGHT)[None],
        lambda: ops.one_hot(EIGHT.astype("int32"), 3),
        lambda: ops.take(EIGHT, EIGHT.astype("int32"), axis=3),
        lambda: ops.zeros(NINE.shape),
        lambda: ops.reshape(EIGHT, (*EIGHT.shape, 1)),
    ],
)
def test_more_axes_than_nodes_have_loops_are_refused(use):
    with pytest.raises(ValueError, match="A tensor has at most 8 dimensions"):
        use()


def test_a_variable_is_made_once():
    variable = Variable(np.ones((2, 3)))
    for again in (np.zeros(4), np.broadcast_to(np.float32(1), (2**40,))):
        with pytest.raises(RuntimeError, match="is there already: use `assign`"):
            variable.__init__(again)
    with pytest.raises(MemoryError):
        Variable(np.broadcast_to(np.float32(1), (2**40,)))
    np.testing.assert_array_equal(variable.numpy(), np.ones((2, 3)))


def test_an_axis_is_what_it_is_as_an_index():
    class Evasive(int):
        """Never too large, and never too small."""

        __lt__ = __le__ = __gt__ = __ge__ = lambda self, other: True

    for axis in (Evasive(70_000), 2**70, -(2**70)):
        with pytest.raises(ValueError, match="out of bounds for a tensor of 2 dimensions"):
            ops.softmax(np.ones((2, 3), "float32"), axis=axis)
