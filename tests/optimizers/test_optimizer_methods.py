"""Every argument of what an optimizer's methods take acts."""

import numpy as np
import pytest
from changes import acts, assert_every_parameter_has_a_row, differ

from kerasette import optimizers
from kerasette._core.variable import Variable
from kerasette.optimizers import SGD, Optimizer

ROWS = {
    "add_variable": {
        "shape": (3,),
        "initializer": "ones",
        "dtype": "float64",
        "aggregation": "mean",
        "layout": "sharded",
        "name": "other",
    },
    "add_variable_from_reference": {
        "reference_variable": Variable(np.ones(3), name="b"),
        "name": "other",
        "initializer": "ones",
    },
    "add_optimizer_variables": {
        "trainable_variables": [Variable(np.ones(3), name="b")],
        "name": "other",
        "initializer": "ones",
    },
    "apply": {"grads": [np.array([2.0, 1.0])], "trainable_variables": None},
    "assign": {"variable": None, "value": None},
    "assign_add": {"variable": None, "value": None},
    "assign_sub": {"variable": None, "value": None},
    "exclude_from_weight_decay": {"var_list": None, "var_names": None},
    "from_config": {"config": None, "custom_objects": None},
}
COVERED = {f"Optimizer.{method}": rows for method, rows in ROWS.items()}


@pytest.mark.parametrize("method", ROWS)
def test_every_argument_has_a_row(method):
    assert_every_parameter_has_a_row(getattr(Optimizer, method), ROWS[method])


GIVEN = {
    "add_variable": {"shape": (2,), "name": "one"},
    "add_variable_from_reference": {"reference_variable": Variable(np.ones(2), name="a")},
    "add_optimizer_variables": {
        "trainable_variables": [Variable(np.ones(2), name="a")],
        "name": "one",
    },
}


@pytest.mark.parametrize("method", GIVEN)
def test_each_argument_of_a_slot_acts(method):
    def made(**arguments):
        result = getattr(SGD(name="sgd"), method)(**arguments)
        result = result[0] if isinstance(result, list) else result
        return [result.name, result.path, result.dtype, result.numpy()]

    for name, value in ROWS[method].items():
        assert acts(made, name, value, GIVEN[method]), name


def test_a_base_optimizer_takes_what_all_take():
    from_base = COVERED_OF_ALL
    assert_every_parameter_has_a_row(Optimizer, from_base)
    for name, value in from_base.items():
        config = Step(**{"learning_rate": 0.1, name: value}).get_config()
        assert differ(config[name], Step(0.1).get_config()[name]), name


class Step(Optimizer):
    """The simplest optimizer there is."""

    def update_step(self, gradient, variable, learning_rate):
        self.assign_sub(variable, learning_rate * gradient)


# That they act, test_optimizers.py shows for each of the subclasses.
COVERED_OF_ALL = {
    "learning_rate": 0.5,
    "weight_decay": 0.5,
    "clipnorm": 0.5,
    "clipvalue": 0.5,
    "global_clipnorm": 0.5,
    "use_ema": True,
    "ema_momentum": 0.5,
    "ema_overwrite_frequency": 3,
    "loss_scale_factor": 2.0,
    "gradient_accumulation_steps": 2,
}
COVERED["Optimizer"] = COVERED_OF_ALL


def test_apply_moves_the_given_variables_by_the_given_gradients():
    first, second = Variable([1.0, 1.0]), Variable([2.0, 2.0])
    optimizer = SGD(0.5)
    optimizer.build([first, second])
    optimizer.apply([np.array([1.0, 0.0])], trainable_variables=[second])
    assert second.numpy().tolist() == [1.5, 2.0]
    optimizer.apply([np.array([0.0, 2.0]), np.array([1.0, 0.0])])
    assert first.numpy().tolist() == [1.0, 0.0]
    assert second.numpy().tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("method", "expected"), [("assign", 3.0), ("assign_add", 5.0), ("assign_sub", -1.0)]
)
def test_assignments(method, expected):
    first, second = Variable(2.0), Variable(2.0)
    getattr(SGD(), method)(variable=second, value=3.0)
    assert (first.numpy(), second.numpy()) == (2.0, expected)


def test_variables_are_excluded_from_decay_by_themselves_and_by_name():
    def after(**arguments):
        kernel, bias = Variable([1.0], name="kernel"), Variable([1.0], name="bias")
        if "var_list" in arguments:
            arguments["var_list"] = [kernel]
        optimizer = SGD(0.1, weight_decay=0.5)
        optimizer.exclude_from_weight_decay(**arguments)
        optimizer.apply([np.zeros(1), np.zeros(1)], [kernel, bias])
        return [float(kernel.numpy()[0]) == 1.0, float(bias.numpy()[0]) == 1.0]

    assert after() == [False, False]
    assert after(var_list=True) == [True, False]
    assert after(var_names=["ias"]) == [False, True]


class Halving(optimizers.schedules.LearningRateSchedule):
    """A schedule that only `custom_objects` knows."""

    def __init__(self, start=1.0):
        self.start = start

    def __call__(self, step):
        return self.start * 0.5**step

    def get_config(self):
        return {"start": self.start}


def test_configs_find_custom_schedules():
    config = SGD(Halving(2.0)).get_config()
    found = SGD.from_config(config, custom_objects={"Halving": Halving})
    assert found.get_config() == config
    with pytest.raises((TypeError, ValueError)):
        SGD.from_config(config)


def test_variables_go_into_a_dict_and_back():
    variable = Variable([1.0, 2.0])
    optimizer, other = SGD(0.5, momentum=0.9), SGD(0.25, momentum=0.9)
    optimizer.apply([np.ones(2)], [variable])
    other.build([variable])
    store = {}
    optimizer.save_own_variables(store)
    assert sorted(store) == ["0", "1", "2"]
    other.load_own_variables(store)
    assert not differ(
        [v.numpy() for v in other.variables], [v.numpy() for v in optimizer.variables]
    )


def test_variables_of_another_optimizer_are_not_loaded():
    optimizer = SGD(0.5)
    with pytest.warns(UserWarning, match="it has 2 variables whereas the saved optimizer has 1"):
        optimizer.load_own_variables({"0": 7})
    assert int(optimizer.iterations) == 0
