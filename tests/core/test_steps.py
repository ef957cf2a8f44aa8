"""Steps: transactions, recordings, replay against eager."""

import contextlib
import threading

import numpy as np
import pytest

from kerasette import GradientTape, ops
from kerasette._core import ops as core_ops
from kerasette._core import runtime
from kerasette._core.feed import Feed, can_feed, keep, placeholder
from kerasette._core.memory import Arena
from kerasette._core.step import Step, only_when, settle
from kerasette._core.variable import Variable, pack, part, spans, zeros_like_span

BATCH, INPUTS, UNITS = 16, 4, 5
X = np.random.default_rng(0).normal(size=(4 * BATCH + 6, INPUTS)).astype("float32")
Y = np.random.default_rng(1).integers(0, UNITS, len(X))


class Network:
    """One layer used twice, dropout, a moving average, SGD: what recordings get wrong."""

    def __init__(self):
        rng = np.random.default_rng(2)
        self.kernel = Variable(rng.normal(size=(INPUTS, INPUTS)).astype("float32"))
        self.head = Variable(rng.normal(size=(INPUTS, UNITS)).astype("float32"))
        self.rate = Variable(np.float32(0.1), trainable=False)
        self.seed = Variable(np.array([7, 0]), trainable=False)
        self.average = Variable(np.zeros(INPUTS, "float32"), trainable=False)
        self.weights = [self.kernel, self.head]
        pack(self.weights)
        ((self.span, self.group, starts),) = spans(self.weights)
        self.gradients = zeros_like_span(self.span)
        self.places = [part(self.gradients, s, v.shape) for s, v in zip(starts, self.group)]

    def step(self, x, y):
        with GradientTape() as tape:
            h = core_ops.dense(core_ops.dense(x, self.kernel, None, "tanh"), self.kernel)
            h = self.dropout(self.dropout(h))
            loss = ops.mean(core_ops.sparse_softmax_crossentropy(ops.matmul(h, self.head), y))
        self.average.assign(0.9 * self.average + 0.1 * ops.mean(h, axis=0))
        tape.gradient(loss, self.group, destinations=self.places)
        core_ops.sgd(self.span, self.gradients, self.rate, self.group)
        return [loss]

    def dropout(self, x):
        state = ops.convert_to_tensor(self.seed) + 0
        self.seed.assign(core_ops.advance(state))
        return core_ops.dropout(x, state, 0.3)

    def state(self):
        return [v.numpy() for v in (*self.weights, self.seed, self.average)]


def record(network, arena, rows):
    step = Step(arena)
    with step:
        inputs = [placeholder((len(rows), INPUTS), "float32"), placeholder((len(rows),), "int64")]
        Feed([X[rows], Y[rows]], inputs).load(0)
        losses = [keep(loss) for loss in network.step(*inputs)]
    return step, inputs, losses


def run_eagerly(network, batches):
    for rows in batches:
        with Step():
            network.step(ops.convert_to_tensor(X[rows]), ops.convert_to_tensor(Y[rows]))


def assert_same_bits(first, second):
    for a, b in zip(first.state(), second.state()):
        np.testing.assert_array_equal(a, b)


def batches_of(order):
    return [order[i : i + BATCH] for i in range(0, len(order), BATCH)]


def test_replay_gives_the_bits_of_eager_with_a_short_last_batch_and_changes_between():
    eager, replayed = Network(), Network()
    order = np.random.default_rng(3).permutation(len(X))
    arena = Arena()
    programs = {}
    for epoch in range(3):
        for network in (eager, replayed):
            network.rate.assign(0.1 / (epoch + 1))
        if epoch == 2:
            for network in (eager, replayed):
                network.kernel.assign(np.eye(INPUTS))
        run_eagerly(eager, batches_of(order))
        for rows in batches_of(order):
            if len(rows) not in programs:
                programs[len(rows)] = record(replayed, arena, rows)
                continue
            step, inputs, _ = programs[len(rows)]
            Feed([X, Y], inputs).gather(rows)
            step.replay()
        assert_same_bits(eager, replayed)


def test_run_gathers_replays_and_drains_many_batches():
    eager, replayed = Network(), Network()
    order = np.random.default_rng(3).permutation(4 * BATCH)
    run_eagerly(eager, batches_of(order))
    step, inputs, losses = record(replayed, Arena(), order[:BATCH])
    result = np.zeros(4, "float32")
    done = Feed([X, Y], inputs).run(step, order, 1, 4, 100.0, losses[:1], [result])
    assert done == 4
    assert_same_bits(eager, replayed)
    assert (result[1:] > 0).all()


def test_run_returns_early_when_the_time_is_over():
    network = Network()
    step, inputs, _ = record(network, Arena(), np.arange(BATCH))
    assert Feed([X, Y], inputs).run(step, None, 0, 4, 0.0) == 1


@pytest.mark.parametrize("dtype", ["float64", "int32", "int64", "uint8", "bool", "float32"])
def test_feeds_convert_as_numpy_does(dtype):
    source = np.arange(24).reshape(6, 4).astype(dtype)
    for target in ("float32", "float64", "int32", "int64"):
        tensor = placeholder((3, 4), target)
        Feed([source], [tensor]).gather(np.array([5, 0, 2]))
        np.testing.assert_array_equal(tensor.numpy(), source[[5, 0, 2]].astype(target))


def test_feeds_take_rows_that_lie_apart():
    source = np.arange(48.0).reshape(6, 8)[::2, :4]
    assert can_feed(source)
    tensor = placeholder((3, 4), "float64")
    Feed([source], [tensor]).load(0)
    np.testing.assert_array_equal(tensor.numpy(), source)
    assert not can_feed(np.zeros((3, 4)).T)
    assert not can_feed(np.zeros((3, 4), ">f8"))


def test_feeds_check_rows_and_shapes():
    tensor = placeholder((3, 4), "float64")
    feed = Feed([np.zeros((6, 4))], [tensor])
    for index in ([0, 1, 6], [-1, 0, 0], [0, 1]):
        with pytest.raises(IndexError):
            feed.gather(np.array(index))
    with pytest.raises(IndexError):
        feed.load(4)
    with pytest.raises(ValueError, match="feed"):
        Feed([np.zeros((6, 5))], [tensor])
    step, inputs, losses = record(Network(), Arena(), np.arange(BATCH))
    with pytest.raises(IndexError):
        Feed([X, Y], inputs).run(step, None, 0, 100, 1.0)
    with pytest.raises(ValueError, match="result"):
        Feed([X, Y], inputs).run(step, None, 0, 2, 1.0, losses[:1], [np.zeros(1, "float32")])


def test_an_error_in_a_step_changes_no_variable():
    network = Network()
    before = network.state()
    bad = np.full(BATCH, UNITS)
    with pytest.raises(ValueError, match="position 0"), Step():
        network.step(ops.convert_to_tensor(X[:BATCH]), ops.convert_to_tensor(bad))
    for a, b in zip(before, network.state()):
        np.testing.assert_array_equal(a, b)


def test_an_error_in_a_replay_leaves_the_state_of_the_last_whole_step():
    eager, replayed = Network(), Network()
    labels = Y.copy()
    labels[2 * BATCH + 3] = -1
    run_eagerly(eager, batches_of(np.arange(2 * BATCH)))
    step, inputs, _ = record(replayed, Arena(), np.arange(BATCH))
    with pytest.raises(ValueError, match=r"value -1 at position 3"):
        Feed([X, labels], inputs).run(step, None, 1, 4, 100.0)
    assert_same_bits(eager, replayed)


def test_later_reads_in_a_step_see_the_pending_value():
    variable = Variable(np.float32(1))
    with Step():
        variable.assign_add(1.0)
        variable.assign_add(1.0)
        inside = float(ops.convert_to_tensor(variable) * 1)
    assert inside == 3
    assert float(variable) == 3


def test_an_exception_drops_what_was_pending():
    variable = Variable(np.float32(1))
    with pytest.raises(KeyError), Step():
        variable.assign_add(1.0)
        raise KeyError
    assert float(variable) == 1


def test_assigning_one_variable_to_another_takes_its_value_of_that_moment():
    a, b = Variable(np.float32(1)), Variable(np.float32(2))
    with Step():
        a.assign(b)
        b.assign(5.0)
    assert (float(a), float(b)) == (2, 5)


def test_reading_an_optimizer_updated_variable_within_the_step_sees_the_update():
    network = Network()
    before = network.head.numpy()
    with Step():
        network.step(ops.convert_to_tensor(X[:BATCH]), ops.convert_to_tensor(Y[:BATCH]))
        inside = (ops.convert_to_tensor(network.head) * 1).numpy()
    assert not np.array_equal(inside, before)
    np.testing.assert_array_equal(inside, network.head.numpy())


def test_reading_a_value_while_recording_makes_it_unfit_for_replay():
    step = Step(Arena())
    with step:
        x = placeholder((2,), "float32")
        if float(ops.sum(x)) > 0:
            x = x * 2
    assert "read in Python" in step.obstacle


def test_tensors_that_leave_a_recording_are_not_written_over():
    network, arena = Network(), Arena()
    step = Step(arena)
    with step:
        inputs = [placeholder((BATCH, INPUTS), "float32"), placeholder((BATCH,), "int64")]
        Feed([X, Y], inputs).load(0)
        (loss,) = network.step(*inputs)
        doubled = inputs[0] * 2
    value = loss.numpy()
    Feed([X, Y], inputs).load(BATCH)
    step.replay()
    np.testing.assert_array_equal(loss.numpy(), value)
    np.testing.assert_array_equal(doubled.numpy(), X[:BATCH] * 2)


def test_recordings_of_the_same_code_agree_and_others_do_not():
    network, arena = Network(), Arena()
    rows = np.arange(BATCH)
    first, second = record(network, arena, rows)[0], record(network, Arena(), rows)[0]
    assert first.agrees_with(second)

    def scaled(by):
        step = Step(Arena())
        with step:
            x = placeholder((2,), "float32")
            x * by
        return step, [x]

    def agree(one, other):
        return one[0].agrees_with(other[0], one[1], other[1])

    assert agree(scaled(2.0), scaled(2.0))
    assert not agree(scaled(2.0), scaled(3.0))
    assert not agree(scaled(2.0), (first, []))


def test_a_step_is_made_once():
    step = Step(Arena())
    with step:
        ops.zeros((2,)) + 1
    with pytest.raises(RuntimeError, match="once"), step:
        pass


def test_a_tape_does_not_outlive_its_step():
    a = Variable(np.float32(2))
    with Step(Arena()), GradientTape(persistent=True) as tape:
        y = a * a
    with pytest.raises(RuntimeError, match="has ended"):
        tape.gradient(y, a)


def test_one_thread_gives_the_bits_of_two():
    rng = np.random.default_rng(5)
    x = ops.convert_to_tensor(rng.normal(size=(256, 700)).astype("float32"))
    w = ops.convert_to_tensor(rng.normal(size=(700, 300)).astype("float32"))
    before = runtime.get_num_threads()
    results = []
    try:
        for threads in (1, 2, 4):
            runtime.set_num_threads(threads)
            with GradientTape() as tape:
                tape.watch([x, w])
                y = ops.sum(ops.softmax(core_ops.dense(x, w, None, "tanh")), axis=0)
            results.append([y.numpy(), *(g.numpy() for g in tape.gradient(y, [x, w]))])
    finally:
        runtime.set_num_threads(before)
    for other in results[1:]:
        for a, b in zip(results[0], other):
            np.testing.assert_array_equal(a, b)


def test_threads_record_apart():
    errors = []

    def train():
        try:
            network = Network()
            run_eagerly(network, batches_of(np.arange(4 * BATCH)) * 5)
            states.append(network.state())
        except Exception as error:
            errors.append(error)

    states = []
    threads = [threading.Thread(target=train) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    for state in states[1:]:
        for a, b in zip(states[0], state):
            np.testing.assert_array_equal(a, b)


# ---- gates -------------------------------------------------------------------


class Counting:
    """Every third step a fused update, an assignment, and both under a second condition."""

    def __init__(self):
        self.step_number = Variable(np.int64(0), trainable=False)
        self.weight = Variable(np.ones(3, "float32"))
        self.sum = Variable(np.zeros(3, "float32"), trainable=False)
        self.rare = Variable(np.float32(0), trainable=False)
        self.rate = Variable(np.float32(1), trainable=False)

    def step(self, x):
        number = ops.convert_to_tensor(self.step_number) + 1
        third = ops.equal(number - ops.cast(number / 3, "int64") * 3, 0)
        self.step_number.assign(number)
        with only_when(third):
            core_ops.sgd(self.weight, x, self.rate, [self.weight])
            self.sum.assign_add(self.weight)
            with only_when(ops.greater(number, 4)):
                self.rare.assign_add(1.0)
        # Read after a condition that may not hold: what the variable then has.
        self.sum.assign_add(self.rare)
        return [ops.sum(self.weight) * 1]

    def state(self):
        return [v.numpy() for v in (self.step_number, self.weight, self.sum, self.rare)]


def expected_counts(n):
    weight, total, rare = 1.0, 0.0, 0.0
    for number in range(1, n + 1):
        if number % 3 == 0:
            weight -= number
            total += weight
            rare += number > 4
        total += rare
    return [n, [weight] * 3, [total] * 3, rare]


def rows_for(number):
    return ops.full((3,), float(number), "float32")


def test_conditions_decide_about_updates_and_assignments_within_steps_and_without():
    within, without = Counting(), Counting()
    for number in range(1, 11):
        with Step():
            within.step(rows_for(number))
        without.step(rows_for(number))
    assert_same_bits(within, without)
    for found, expected in zip(within.state(), expected_counts(10)):
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("start", [0, 1, 2])
def test_conditions_are_looked_at_anew_in_every_replay(start):
    counting = Counting()
    for number in range(1, start + 1):
        counting.step(rows_for(number))
    step = Step(Arena())
    data = np.arange(1.0, 40.0, dtype="float32")[:, None].repeat(3, 1)
    with step:
        x = placeholder((1, 3), "float32")
        Feed([data], [x]).load(start)
        (total,) = (keep(t) for t in counting.step(ops.reshape(x, (3,))))
    assert step.obstacle is None
    result = np.zeros(39, "float32")
    assert Feed([data], [x]).run(step, None, start + 1, 20, 100.0, [total], [result]) == 20
    for found, expected in zip(counting.state(), expected_counts(20)):
        np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(result[start + 1 : 4], [3, 3, -6, -6][start + 1 :])


def test_versions_are_raised_whether_a_condition_holds_or_not():
    counting = Counting()
    for number in range(1, 4):
        before = counting.weight.version
        with Step():
            counting.step(rows_for(number))
        assert counting.weight.version == before + 1


def test_recordings_under_other_conditions_do_not_agree():
    variable, flag = Variable(np.float32(0)), Variable(np.array(True), trainable=False)
    rate = Variable(np.float32(1), trainable=False)

    def recorded(*conditions):
        step = Step(Arena())
        with step:
            x = placeholder((), "float32")
            negated = ops.logical_not(flag)
            kept = {"flag": flag, "not": negated, "true": ops.convert_to_tensor(True),
                    "false": ops.convert_to_tensor(False)}  # fmt: skip
            with contextlib.ExitStack() as stack:
                for condition in conditions:
                    stack.enter_context(only_when(kept[condition]))
                core_ops.sgd(variable, x, rate, [variable])
        return step, [x]

    def agree(one, other):
        return one[0].agrees_with(other[0], one[1], other[1])

    for conditions in [("flag",), ("not",), ("true",), ("flag", "not")]:
        assert agree(recorded(*conditions), recorded(*conditions))
    assert not agree(recorded("not"), recorded())
    assert not agree(recorded(), recorded("not"))
    assert not agree(recorded("true"), recorded("false"))
    assert not agree(recorded("true"), recorded("not"))


def test_conditions_are_single_bools():
    for condition in (ops.ones((2,)), ops.convert_to_tensor([True, False]), ops.zeros(())):
        with pytest.raises(ValueError, match="one bool"):
            only_when(condition)
    with pytest.raises(TypeError):
        only_when(True)


def test_a_condition_ends_with_its_context_also_after_an_error():
    variable = Variable(np.float32(0))
    with pytest.raises(KeyError), only_when(ops.convert_to_tensor(False)):
        raise KeyError
    variable.assign(1.0)
    assert float(variable) == 1


def test_an_update_after_an_assignment_updates_what_was_assigned():
    variable, rate = Variable(np.float32(1)), Variable(np.float32(1), trainable=False)
    with Step():
        variable.assign(10.0)
        core_ops.sgd(variable, ops.convert_to_tensor(np.float32(3)), rate, [variable])
        variable.assign(variable * 2)
        core_ops.sgd(variable, ops.convert_to_tensor(np.float32(4)), rate, [variable])
    assert float(variable) == 10


def test_settling_writes_what_waits():
    variable, rate = Variable(np.float32(1)), Variable(np.float32(1), trainable=False)
    place = zeros_like_span(variable)
    with Step():
        for gradient in (3.0, 4.0):
            settle([variable])
            core_ops.write(place, ops.convert_to_tensor(gradient, "float32"))
            core_ops.sgd(variable, place, rate, [variable])
    assert float(variable) == -6
