"""Gradients of tables: places whose rows are known give the bits of places that are cleared."""

import numpy as np
import pytest

from kerasette import GradientTape, Variable
from kerasette._core import ops, runtime
from kerasette._core.memory import Arena
from kerasette._core.rows import written_rows
from kerasette._core.step import Step
from kerasette._core.structure import structure_version
from kerasette._core.variable import pack, part, spans, zeros_like_span
from kerasette.optimizers import SGD

RNG = np.random.default_rng(0)
ROWS, WIDTH = 20, 3
SEED = RNG.normal(size=(5, WIDTH)).astype("float32")


@pytest.fixture
def table():
    return Variable(RNG.normal(size=(ROWS, WIDTH)).astype("float32"))


def new_place(table):
    ((span, _, _),) = spans([table])
    return part(zeros_like_span(span), 0, table.shape)


def taken(table, indices):
    return ops.sum(ops.multiply(ops.take(table, indices, axis=0), SEED[: len(indices)]))


def gradient(function, table, place=None):
    with GradientTape() as tape:
        total = function(table)
    places = None if place is None else [place]
    return tape.gradient(total, [table], destinations=places)[0].numpy()


def assert_rows(place, expected):
    assert np.flatnonzero(written_rows(place).numpy()).tolist() == sorted(set(expected))


def test_rows_of_the_step_before_are_cleared(table):
    place = new_place(table)
    assert written_rows(place) is None
    for indices in ([1, 4, 1], [0, 19], [], [4, 5, 6, 7, 4]):
        index = np.array(indices, dtype="int32")
        found = gradient(lambda t, i=index: taken(t, i), table, place)
        np.testing.assert_array_equal(found, gradient(lambda t, i=index: taken(t, i), table))
        assert_rows(place, indices)


def test_a_table_that_is_read_twice(table):
    place = new_place(table)

    def twice(t):
        return ops.add(taken(t, np.array([1, 2])), taken(t, np.array([2, 9, 9])))

    for _ in range(2):
        np.testing.assert_array_equal(gradient(twice, table, place), gradient(twice, table))
        assert_rows(place, [1, 2, 9])


def test_other_gradients_flag_every_row(table):
    place = new_place(table)

    def regularized(t):
        return ops.add(ops.sum(ops.square(t)), taken(t, np.array([3])))

    def regularized_first(t):
        return ops.add(taken(t, np.array([3])), ops.sum(ops.square(t)))

    def plain(t):
        return taken(t, np.array([7]))

    for function in (plain, regularized, plain, regularized_first, plain):
        np.testing.assert_array_equal(gradient(function, table, place), gradient(function, table))
        assert_rows(place, [7] if function is plain else range(ROWS))


def test_what_is_written_from_elsewhere_flags_every_row(table):
    place = new_place(table)
    gradient(lambda t: taken(t, np.array([7])), table, place)
    ops.write(place, ops.copy(np.ones((ROWS, WIDTH), "float32")))
    assert_rows(place, range(ROWS))
    found = gradient(lambda t: taken(t, np.array([2])), table, place)
    np.testing.assert_array_equal(found, gradient(lambda t: taken(t, np.array([2])), table))
    # The gradient of a target with respect to itself.
    with GradientTape() as tape:
        tape.watch(table)
    tape.gradient(table, [table], destinations=[place])
    assert_rows(place, range(ROWS))


def test_recordings_share_what_they_know(table):
    place = new_place(table)
    arena = Arena()
    steps = []
    for indices in ([1, 2], [5]):
        step = Step(arena)
        with step:
            gradient_in(step, table, place, np.array(indices))
        steps.append((step, indices))
    for step, indices in (*steps, *reversed(steps)):
        step.replay()
        assert_rows(place, indices)
        assert np.flatnonzero(place.numpy().any(1)).tolist() == indices


def gradient_in(step, table, place, indices):
    with GradientTape() as tape:
        total = taken(table, indices)
    tape.gradient(total, [table], destinations=[place])


def test_recordings_that_do_not_know_are_dropped(table):
    place = new_place(table)
    before = structure_version()
    gradient(lambda t: taken(t, np.array([7])), table, place)
    assert structure_version() == before
    place = new_place(table)
    gradient(lambda t: ops.sum(ops.square(t)), table, place)
    gradient(lambda t: taken(t, np.array([7])), table, place)
    assert structure_version() > before


def test_memory_of_recordings_is_cleared_whole(table):
    # Other recordings write there, too.
    with Step(Arena()):
        place = ops.copy(np.ones((ROWS, WIDTH), "float32"))
        gradient_in(None, table, place, np.array([3]))
        assert written_rows(place) is None
        assert np.flatnonzero(place.numpy().any(1)).tolist() == [3]


def test_the_order_of_the_batch_decides_for_any_number_of_threads(table):
    index = RNG.integers(0, ROWS, 4000)
    seed = RNG.normal(size=(4000, WIDTH)).astype("float32")

    def many(t):
        return ops.sum(ops.multiply(ops.take(t, index, axis=0), seed))

    expected = np.zeros((ROWS, WIDTH), "float32")
    for i, row in zip(index, seed):
        expected[i] += row
    before = runtime.get_num_threads()
    try:
        for n in (1, 2):
            runtime.set_num_threads(n)
            np.testing.assert_array_equal(gradient(many, table, new_place(table)), expected)
    finally:
        runtime.set_num_threads(before)


# ---- updates -----------------------------------------------------------------------------------


def test_plain_descent_passes_over_rows_that_are_zero():
    arrays = [RNG.normal(size=n).astype("float32") for n in ((5,), (ROWS, WIDTH), (7, 2))]
    first, table, last = variables = [Variable(array) for array in arrays]
    pack(variables)
    ((span, group, starts),) = spans(variables)
    gradients = zeros_like_span(span)
    places = [part(gradients, start, v.shape) for start, v in zip(starts, group)]
    with GradientTape() as tape:
        others = ops.add(ops.sum(ops.square(first)), ops.sum(ops.square(last)))
        total = ops.add(taken(table, np.array([3, 9, 3])), others)
    found = [g.numpy() for g in tape.gradient(total, variables, destinations=places)]
    assert_rows(places[1], [3, 9])
    ops.sgd(span, gradients, Variable(0.5), list(group), places=places)
    for variable, array, gradient in zip(variables, arrays, found):
        np.testing.assert_array_equal(variable.numpy(), array - np.float32(0.5) * gradient)


@pytest.mark.parametrize(
    "arguments",
    [{"clipnorm": 0.1}, {"global_clipnorm": 0.1}, {"clipvalue": 0.01}, {"weight_decay": 0.1},
     {"gradient_accumulation_steps": 2}, {"loss_scale_factor": 2.0}, {"use_ema": True}],
)  # fmt: skip
@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_with_every_option_of_an_optimizer_rows_give_the_bits_of_whole_gradients(
    arguments, momentum
):
    start = RNG.normal(size=(ROWS, WIDTH)).astype("float32")
    tables = [Variable(start) for _ in range(2)]
    optimizers = [SGD(0.5, momentum=momentum, **arguments) for _ in tables]
    for table, optimizer in zip(tables, optimizers):
        optimizer.build([table])
    for indices in ([1, 4, 1], [0, 19], [4, 5, 6], [7], [7, 1]):
        for i, (table, optimizer) in enumerate(zip(tables, optimizers)):
            with Step():
                with GradientTape() as tape:
                    loss = optimizer.scale_loss(taken(table, np.array(indices)))
                places = optimizer.gradient_places([table]) if i else None
                gradients = tape.gradient(loss, [table], destinations=places)
                optimizer.apply(gradients, [table])
        np.testing.assert_array_equal(*(table.numpy() for table in tables))
        if set(arguments) & {"clipvalue", "weight_decay", "use_ema"}:
            assert_rows(optimizers[1].gradient_places([tables[1]])[0], indices)


def test_a_norm_that_is_not_finite_does_not_stay():
    table = Variable(np.ones((ROWS, WIDTH), "float32"))
    optimizer = SGD(0.5, clipnorm=1.0)
    optimizer.build([table])
    place = optimizer.gradient_places([table])
    for factor in (np.nan, 1.0):
        with GradientTape() as tape:
            loss = ops.multiply(taken(table, np.array([3])), factor)
        optimizer.apply(tape.gradient(loss, [table], destinations=place), [table])
        assert np.isnan(table.numpy()).all() == np.isnan(factor)
        table.assign(np.ones((ROWS, WIDTH), "float32"))
