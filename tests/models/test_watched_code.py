"""What code of a user reads: what is watched, and what cannot be."""

import argparse
import copy
import dis
import functools
import itertools
import math
import pickle
import random
import time
import types
from collections import deque

import numpy as np
import pytest
from numpy import asarray
from rich_network import X, Y

import kerasette
from kerasette import layers, ops
from kerasette.training.byte_code import global_chains
from kerasette.training.watched_code import WatchedCode

FACTOR = 2.0
TABLE = {"factor": 2.0}
ROW = np.ones(3)
GENERATOR = np.random.default_rng(0)


def twice(x):
    return FACTOR * x


def by_table(x):
    return TABLE["factor"] * x


def by_array(x):
    return ROW[0] * x


def by_call(x):
    return twice(x) + math.pi


def by_default(x, factors=[2.0]):  # noqa: B006
    return factors[0] * x


def by_inner(x):
    return sum(FACTOR * value for value in [x])


def in_closure(factor):
    def scaled(x):
        return factor * x

    return scaled


class Scaled(layers.Layer):
    factor = 2.0
    table = [2.0]  # noqa: RUF012

    def call(self, inputs):
        return self.scale(inputs)

    def scale(self, inputs):
        return inputs * self.factor * self.table[0] * self.of_globals

    @property
    def of_globals(self):
        return FACTOR


def set_global(name, value):
    globals()[name] = value


@pytest.fixture(autouse=True)
def as_before():
    yield
    set_global("FACTOR", 2.0)
    TABLE["factor"] = 2.0
    ROW[:] = 1
    Knob.value = 2.0
    vars(KNOB).clear()
    by_default.__defaults__[0][0] = 2.0
    Scaled.factor = 2.0
    Scaled.table = [2.0]


def closure_that_changes():
    function = in_closure(2.0)

    def change():
        function.__closure__[0].cell_contents = 3.0

    return function, change


def redefined_in_place():
    function = types.FunctionType(by_table.__code__, globals())
    return function, lambda: setattr(function, "__code__", twice.__code__)


class Derived(Scaled):
    pass


def later_in_a_subclass():
    return Derived(), lambda: setattr(Derived, "factor", 3.0)


def past_setattr():
    layer = Scaled()
    layer.factor = 2.0
    return layer, lambda: vars(layer).update(factor=3.0)


class Knob:
    value = 2.0

    @property
    def doubled(self):
        return 2 * self.inner.value


KNOB = Knob()


def by_knob(x):
    return KNOB.value * x


def object_in_an_object():
    outer, inner = Knob(), Knob()
    outer.inner = inner
    return lambda x: outer.doubled * x, lambda: setattr(inner, "value", 3.0)


def attribute_in(holder):
    return lambda x: holder.beta * x, lambda: setattr(holder, "beta", 3.0)


def item_of_a_deque():
    row = deque([2.0])
    return lambda x: row[0] * x, lambda: row.append(3.0)


def reshaped_in_place():
    row = np.ones(4)
    return lambda x: len(row) * x, lambda: row.resize((2, 2), refcheck=False)


def by_numpy():
    factors = np.ones(3)
    return lambda x: np.sqrt(np.linalg.norm(factors)) * asarray(2.0) * x, lambda: factors.fill(3.0)


class Row(list):
    scale = 2.0

    def __mul__(self, other):
        return self.scale * other


def list_of_a_class():
    row = Row([1.0])
    return in_closure(row), lambda: setattr(row, "scale", 3.0)


def operator_of_a_class():
    return in_closure(Row([1.0])), lambda: setattr(Row, "__mul__", lambda row, other: other)


def attribute_of_a_function():
    def counted(x):
        return counted.factor * x

    counted.factor = 2.0
    return counted, lambda: setattr(counted, "factor", 3.0)


def class_of_an_object():
    layer = Scaled()
    return layer, lambda: object.__setattr__(layer, "__class__", Derived)


# What is looked through, and what changes what it reads.
WATCHED = {
    "global": lambda: (twice, lambda: set_global("FACTOR", 3.0)),
    "global of a function that is called": lambda: (by_call, lambda: set_global("FACTOR", 3.0)),
    "entry of a global dict": lambda: (by_table, lambda: TABLE.update(factor=3.0)),
    "new entry": lambda: (by_table, lambda: TABLE.update(other=3.0)),
    "array": lambda: (by_array, lambda: ROW.fill(3.0)),
    "entry of a default": lambda: (by_default, lambda: by_default.__defaults__[0].append(1)),
    "within a comprehension": lambda: (by_inner, lambda: set_global("FACTOR", 3.0)),
    "closure": closure_that_changes,
    "partial": lambda: (functools.partial(by_table), lambda: TABLE.update(factor=3.0)),
    "method": lambda: (Scaled().call, lambda: set_global("FACTOR", 3.0)),
    "attribute of a class": lambda: (Scaled(), lambda: setattr(Scaled, "factor", 3.0)),
    "list in a class": lambda: (Scaled(), lambda: Scaled.table.append(3.0)),
    "property": lambda: (Scaled(), lambda: set_global("FACTOR", 3.0)),
    "method of a class": lambda: (Scaled(), lambda: setattr(Scaled, "scale", lambda s, x: x)),
    "attribute of a subclass": later_in_a_subclass,
    "attribute set past __setattr__": past_setattr,
    "attribute of a list": list_of_a_class,
    "operator": operator_of_a_class,
    "attribute of a function": attribute_of_a_function,
    "code of a function": redefined_in_place,
    "class of an object": class_of_an_object,
    "attribute of an object": lambda: (by_knob, lambda: setattr(KNOB, "value", 3.0)),
    "attribute of its class": lambda: (by_knob, lambda: setattr(Knob, "value", 3.0)),
    "object in an object": object_in_an_object,
    "namespace": lambda: attribute_in(types.SimpleNamespace(beta=2.0)),
    "options": lambda: attribute_in(argparse.Namespace(beta=2.0)),
    "deque": item_of_a_deque,
    "shape of an array": reshaped_in_place,
    "argument of NumPy": by_numpy,
}


@pytest.mark.parametrize("name", WATCHED)
def test_a_change_of_what_the_code_reads_is_seen(name):
    root, change = WATCHED[name]()
    scale = Scaled.scale
    code = WatchedCode([root])
    assert not code.has_moved()
    # Lists of a user's own class may do anything else, too.
    assert code.is_closed or name in ("attribute of a list", "operator")
    change()
    assert code.has_moved()
    Scaled.scale = scale


def draws(x):
    return x * np.random.normal()


def draws_from_a_generator(x):
    return x * GENERATOR.normal()


def draws_by_python(x):
    return x * random.random()


def imports(x):
    import numpy

    return x * numpy.pi


def counts(x):
    global FACTOR
    FACTOR = FACTOR + 1
    return x


def reads_a_file(x):
    with open("/dev/null") as file:
        return x * len(file.read())


def reads_an_array(x):
    return x * np.load("/dev/null")


def by_a_made_function():
    function = np.frompyfunc(lambda x: FACTOR * x, 1, 1)
    return lambda x: function(2.0) * x


class Slots:
    __slots__ = ("beta",)


def by_slots():
    slots = Slots()
    slots.beta = 2.0
    return lambda x: slots.beta * x


def by_dict(x):
    return KNOB.__dict__["value"] * x


class ByHistory(kerasette.Model):
    def call(self, inputs):
        return inputs * len(self.history.epoch)


LARGE = np.ones(200_000)


def by_large_array(x):
    return LARGE[0] * x


@pytest.mark.parametrize(
    "function",
    [draws, draws_from_a_generator, draws_by_python, imports, counts, reads_a_file, by_large_array,
     in_closure(iter([1.0])), reads_an_array, by_a_made_function(), by_slots(), by_dict,
     ByHistory()],
)  # fmt: skip
def test_code_that_may_look_at_anything_counts_as_changed(function):
    code = WatchedCode([function])
    assert not code.is_closed
    assert code.has_changed()


class Net(kerasette.Model):
    def __init__(self):
        super().__init__()
        self.blocks = [layers.Dense(5, activation="tanh"), layers.Dense(3, activation="sigmoid")]

    def call(self, inputs):
        for block in self.blocks:
            inputs = ops.tanh(FACTOR * block(inputs))
        return inputs


def test_a_model_of_ops_is_recorded_once_and_for_all():
    model = Net()
    model.compile("sgd", "mse")
    model.fit(X, Y, batch_size=10, epochs=1, verbose=0)
    eager = model.eager_steps
    model.fit(X, Y, batch_size=10, epochs=5, verbose=0)
    assert model.eager_steps == eager


def by_clock(x):
    return x if time.monotonic() > 0 else 2 * x


def by_next(x):
    return x * next(ITERATOR)


def by_imported(x):
    import random

    return x * random.random()


NUMBERS = types.ModuleType("numbers_of_a_user")
NUMBERS.factor = 2.0
ITERATOR = itertools.cycle([1.0, 1.0, 2.0])


def by_module(x):
    return x * NUMBERS.factor


@pytest.mark.parametrize(
    "function",
    [draws, draws_from_a_generator, draws_by_python, by_clock, by_next, by_imported,
     in_closure(iter([1.0])), in_closure(random.Random(1))],
)  # fmt: skip
def test_what_varies_by_itself_is_not_steady(function):
    assert not WatchedCode([function]).is_steady


@pytest.mark.parametrize("function", [twice, imports, reads_a_file, by_large_array, by_knob])
def test_other_code_is_steady(function):
    assert WatchedCode([function]).is_steady


def test_names_in_modules_are_watched():
    code = WatchedCode([by_module])
    assert not code.is_closed
    assert not code.has_moved()
    NUMBERS.factor = 3.0
    assert code.has_moved()
    NUMBERS.factor = 2.0


def counting_list():
    count = [0]

    def call(x):
        count[0] += 1
        return x if count[0] < 5 else 2 * x

    return call


def counting_nonlocal():
    count = 0

    def call(x):
        nonlocal count
        count += 1
        return x if count < 5 else 2 * x

    return call


def counting_object():
    knob = Knob()

    def call(x):
        knob.value += 1
        return x if knob.value < 7 else 2 * x

    return call


def counting_class():
    class Count:
        n = 0

    def call(x):
        Count.n += 1
        return x if Count.n < 5 else 2 * x

    return call


def counting_array():
    count = np.zeros(1)

    def call(x):
        count[0] += 1
        return x if count[0] < 5 else 2 * x

    return call


def by_chance():
    generator = np.random.default_rng(1)
    return lambda x: x if generator.random() < 0.8 else 2 * x


def by_turns():
    numbers = itertools.cycle([1.0, 1.0, 1.0, 2.0])
    return lambda x: next(numbers) * x


def filled_once():
    table = {}
    return lambda x: table.setdefault("factor", 2.0) * x


def trained_with(make, run_eagerly):
    kerasette.utils.set_random_seed(3)
    model = kerasette.Sequential(
        [kerasette.Input((X.shape[1],)), layers.Lambda(make()), layers.Dense(3)]
    )
    model.compile("sgd", "mse", run_eagerly=run_eagerly)
    history = model.fit(X, Y, batch_size=10, epochs=3, shuffle=False, verbose=0).history
    return history, model.replayed_steps


@pytest.mark.parametrize(
    "make",
    [counting_list, counting_nonlocal, counting_object, counting_class, counting_array, by_chance,
     by_turns],
)  # fmt: skip
def test_code_that_changes_what_it_reads_runs_in_python(make):
    """Two recordings in a row would have agreed."""
    history, replayed = trained_with(make, False)
    assert history == trained_with(make, True)[0]
    assert replayed == 0


def test_code_that_changes_something_once_is_replayed():
    history, replayed = trained_with(filled_once, False)
    assert history == trained_with(filled_once, True)[0]
    assert replayed > 10


def test_what_a_batch_hook_changes_is_seen_in_the_same_epoch():
    def history(run_eagerly):
        knobs = [1.0]

        def change(batch, logs):
            knobs[0] = 1.0 + batch // 3

        kerasette.utils.set_random_seed(3)
        model = kerasette.Sequential(
            [kerasette.Input((X.shape[1],)), layers.Lambda(lambda x: knobs[0] * x), layers.Dense(3)]
        )
        model.compile("sgd", "mse", run_eagerly=run_eagerly)
        callback = kerasette.callbacks.LambdaCallback(on_train_batch_begin=change)
        return model.fit(X, Y, batch_size=10, epochs=2, verbose=0, callbacks=[callback]).history

    np.random.seed(0)
    found = history(False)
    np.random.seed(0)
    assert found == history(True)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_a_copy_of_a_model_with_code_of_a_user_goes_on_as_the_model_does(copied):
    model = Net()
    model.compile("adam", "mse")
    model.fit(X, Y, batch_size=10, epochs=1, verbose=0)
    twin = copied(model)
    histories = [
        m.fit(X, Y, batch_size=10, epochs=2, shuffle=False, verbose=0).history
        for m in (model, twin)
    ]
    assert histories[0] == histories[1]
    assert twin.replayed_steps > model.eager_steps


def losses_of_epochs(run_eagerly, change):
    kerasette.utils.set_random_seed(3)
    model = Net()
    model.compile("sgd", "mse", run_eagerly=run_eagerly)
    callback = kerasette.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: change(epoch))
    return model.fit(X, Y, batch_size=10, epochs=4, verbose=0, callbacks=[callback]).history


def test_a_changed_global_is_seen_in_the_next_epoch():
    def change(epoch):
        set_global("FACTOR", 1.0 + epoch)

    assert losses_of_epochs(False, change) == losses_of_epochs(True, change)


def test_one_that_draws_from_numpy_runs_in_python():
    class Noisy(layers.Layer):
        def call(self, inputs):
            return inputs * np.random.uniform(0.5, 1.5)

    def history(run_eagerly):
        kerasette.utils.set_random_seed(3)
        model = kerasette.Sequential([kerasette.Input((X.shape[1],)), Noisy(), layers.Dense(3)])
        model.compile("sgd", "mse", run_eagerly=run_eagerly)
        found = model.fit(X, Y, batch_size=10, epochs=3, shuffle=False, verbose=0).history
        return found, model.replayed_steps

    found, replayed = history(False)
    assert replayed == 0
    assert found == history(True)[0]


def names_like_modules(x):
    return kerasette.random.normal((), seed=1).time * np.pi * x.open


def test_names_of_attributes_are_not_taken_for_modules():
    """Though this file has modules called random and time, and NumPy has one."""
    code = WatchedCode([names_like_modules])
    assert code.is_steady


def chains_by_dis(code):
    """The same, with the standard library's disassembler."""
    chains, chain = set(), None
    for instruction in dis.get_instructions(code):
        if instruction.opname in ("EXTENDED_ARG", "CACHE"):
            continue
        if chain and instruction.opname in ("LOAD_ATTR", "LOAD_METHOD"):
            chain = (*chain, instruction.argval)
            continue
        chains |= {chain} if chain else set()
        chain = (
            (instruction.argval,) if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME") else None
        )
    return chains


@pytest.mark.parametrize("module", [functools, types, dis, copy])
def test_global_names_are_those_that_the_disassembler_finds(module):
    functions = [f for f in vars(module).values() if isinstance(f, types.FunctionType)]
    assert len(functions) > 5
    for function in functions:
        assert global_chains(function.__code__) == chains_by_dis(function.__code__)


def test_more_names_than_fit_in_one_byte():
    lines = "\n".join(f"    name{i}.part{i}" for i in range(300))
    space = {}
    exec(f"def many():\n{lines}", space)
    assert global_chains(space["many"].__code__) == {(f"name{i}", f"part{i}") for i in range(300)}
