"""Registered names, scopes, shared objects, and code in configs."""

import sys
import threading

import numpy as np
import pytest

import kerasette
from kerasette import config, layers, losses, ops, saving
from kerasette.safe_mode import SafeModeScope, in_safe_mode
from kerasette.saving.sharing import ObjectSharingScope


class Twice(layers.Layer):
    def call(self, inputs):
        return 2 * inputs


class Pair(layers.Layer):
    """Two layers, or one layer twice."""

    def __init__(self, first, second, **kwargs):
        super().__init__(**kwargs)
        self.first, self.second = first, second

    def get_config(self):
        described = {"first": self.first, "second": self.second}
        return {**super().get_config(), **saving.serialize_keras_object(described)}

    @classmethod
    def from_config(cls, config):
        return cls(**saving.deserialize_keras_object(config))


CUSTOM = {"Twice": Twice, "Pair": Pair}


@pytest.fixture
def safe_mode():
    """Keeps what a test says about safe mode from the others."""
    with SafeModeScope(None):
        yield


@pytest.fixture
def registered():
    objects = saving.get_custom_objects()
    before = dict(objects)
    yield objects
    objects.clear()
    objects.update(before)


def test_a_class_of_a_module_is_written_with_it():
    written = saving.serialize_keras_object(Twice())
    assert (written["module"], written["registered_name"]) == (Twice.__module__, "Twice")


def test_the_scope_counts_before_what_is_registered_and_that_before_arguments(registered):
    registered["Twice"] = "registered"
    assert saving.get_registered_object("Twice", {"Twice": "argument"}) == "registered"
    with saving.CustomObjectScope({"Twice": "scope"}):
        assert saving.get_registered_object("Twice") == "scope"
    assert saving.get_registered_object("Twice") == "registered"
    assert saving.get_registered_object("Thrice") is None


def test_a_scope_belongs_to_a_thread_and_may_be_entered_again():
    found = []
    scope = saving.custom_object_scope(CUSTOM)
    with scope, scope:
        thread = threading.Thread(target=lambda: found.append(saving.get_registered_object("Pair")))
        thread.start()
        thread.join()
    assert found == [None]
    assert saving.get_registered_object("Pair") is None
    with saving.custom_object_scope(None):
        assert saving.get_registered_object("Pair") is None


def test_a_scope_ends_after_an_error():
    with pytest.raises(KeyError), saving.custom_object_scope(CUSTOM):
        raise KeyError
    assert saving.get_registered_object("Pair") is None


def test_a_registered_class_is_found_by_its_name(registered):
    @saving.register_keras_serializable("tests", "Doubling")
    class Doubling(Twice):
        pass

    assert registered["tests>Doubling"] is Doubling
    twin = layers.deserialize(layers.serialize(Doubling(name="a")))
    assert type(twin) is Doubling
    # As Keras up to 3.6 has written functions.
    function = {"module": "builtins", "class_name": "function", "config": "halved"}
    halved = saving.register_keras_serializable("tests")(lambda x: x / 2)
    registered["tests>halved"] = halved
    assert saving.deserialize_keras_object(function) is halved


def test_names_are_the_same_in_utils():
    for name in saving.__all__:
        assert getattr(kerasette.utils, name) is getattr(saving, name)


def test_members_of_module_objects_are_found_whatever_their_module():
    members = {"Twice": Twice, "halved": ops.tanh}
    written = {"module": "elsewhere", "class_name": "Twice", "config": {"name": "a"}}
    read = saving.deserialize_keras_object
    assert read(written, module_objects=members).name == "a"
    assert read("halved", module_objects=members) is ops.tanh
    assert read("unknown", module_objects=members) == "unknown"
    assert read("Twice", {"Twice": Pair}, module_objects=members) is Pair
    with pytest.raises(TypeError, match="Could not locate class 'Twice'"):
        read(written)


# ---- objects that stand in a config twice -------------------------------------------


def test_what_was_one_object_is_one_again():
    shared = layers.Dense(2, name="shared")
    with ObjectSharingScope():
        written = saving.serialize_keras_object(Pair(shared, shared))
    first, second = written["config"]["first"], written["config"]["second"]
    assert first["shared_object_id"] == second["shared_object_id"]
    twin = layers.deserialize(written, CUSTOM)
    assert twin.first is twin.second


def test_objects_of_the_same_config_stay_two():
    pair = Pair(layers.Dense(2, name="a"), layers.Dense(2, name="a"))
    with ObjectSharingScope():
        written = saving.serialize_keras_object(pair)
    assert "shared_object_id" not in written["config"]["first"]
    twin = layers.deserialize(written, CUSTOM)
    assert twin.first is not twin.second


def test_ids_of_keras_are_read_within_one_config_only():
    dense = {**layers.serialize(layers.Dense(2)), "shared_object_id": 7}
    first, second = saving.deserialize_keras_object([dense, dense])
    assert first is second
    assert saving.deserialize_keras_object(dense) is not first


def test_objects_are_not_marked_outside_of_a_scope():
    shared = layers.Dense(2)
    written = saving.serialize_keras_object([shared, shared])
    assert "shared_object_id" not in written[0]


# ---- code ---------------------------------------------------------------------------


def scaled_by(factor):
    return lambda x, shift=1.0: x * factor + shift


def test_lambdas_are_written_with_a_warning_and_read_only_when_asked_to(safe_mode):
    with pytest.warns(UserWarning, match="includes a `lambda`"):
        written = saving.serialize_keras_object({"a": [scaled_by(3.0)]})
    assert written["a"][0]["class_name"] == "__lambda__"
    with pytest.raises(ValueError, match=r"Python lambda.*arbitrary code execution"):
        saving.deserialize_keras_object(written)
    read = saving.deserialize_keras_object(written, safe_mode=False)
    assert read["a"][0](2.0) == 7.0


def test_safe_mode_holds_for_what_is_within(safe_mode):
    class Trusting(Twice):
        def get_config(self):
            with pytest.warns(UserWarning, match="lambda"):
                function = saving.serialize_keras_object(scaled_by(3.0))
            return {**super().get_config(), "function": function}

        @classmethod
        def from_config(cls, config):
            # Says that it trusts, but only the outermost counts.
            function = config.pop("function")
            saving.deserialize_keras_object(function, safe_mode=False)
            return cls(**config)

    written = saving.serialize_keras_object(Trusting())
    custom = {"Trusting": Trusting}
    with pytest.raises(ValueError, match="Python lambda"):
        saving.deserialize_keras_object(written, custom)
    assert in_safe_mode() is None
    twin = saving.deserialize_keras_object(written, custom, safe_mode=False)
    assert isinstance(twin, Trusting)


def test_unsafe_deserialization_can_be_enabled(safe_mode):
    layer = layers.Lambda(scaled_by(2.0), name="a")
    written = layers.serialize(layer)
    with pytest.raises(ValueError, match="`Lambda` layer"):
        layers.deserialize(written)
    config.enable_unsafe_deserialization()
    twin = layers.deserialize(written)
    assert twin(np.ones((1, 2))).numpy().tolist() == [[3.0, 3.0]]


def test_a_lambda_as_activation_comes_back(safe_mode):
    with pytest.warns(UserWarning, match="lambda"):
        written = layers.serialize(layers.Dense(1, activation=scaled_by(3.0)))
    with pytest.raises(TypeError, match="Python lambda"):
        layers.deserialize(written)
    config.enable_unsafe_deserialization()
    assert layers.deserialize(written).activation(1.0) == 4.0


def test_nothing_outside_of_the_library_is_imported():
    name = "xmlrpc.client"
    assert name not in sys.modules
    written = {"module": name, "class_name": "ServerProxy", "config": {}, "registered_name": None}
    with pytest.raises(TypeError, match="Could not locate class"):
        saving.deserialize_keras_object(written)
    assert name not in sys.modules


# ---- files of other versions --------------------------------------------------------


def test_optimizers_of_keras_on_pytorch_are_read():
    written = {
        "module": "keras.src.backend.torch.optimizers.torch_adam",
        "class_name": "Adam",
        "config": {"learning_rate": 0.5},
        "registered_name": "Adam",
    }
    read = saving.deserialize_keras_object(written)
    assert isinstance(read, kerasette.optimizers.Adam)
    schedules = "keras.src.optimizers.schedules.learning_rate_schedule"
    written = {"module": schedules, "class_name": "CosineDecay", "config": None}
    with pytest.raises(TypeError, match="initial_learning_rate"):
        saving.deserialize_keras_object(written)


def test_wrapped_losses_are_written_as_keras_does():
    loss = losses.get_loss("mse")
    written = saving.serialize_keras_object(loss)
    # As Keras 3.15.1 prints it.
    assert written == {
        "module": "keras.src.losses.losses",
        "class_name": "LossFunctionWrapper",
        "config": {
            "name": "mse",
            "reduction": "sum_over_batch_size",
            "fn": {
                "module": "builtins",
                "class_name": "function",
                "config": "mean_squared_error",
                "registered_name": "function",
            },
        },
        "registered_name": "LossFunctionWrapper",
    }
    assert saving.deserialize_keras_object(written).fn is losses.mean_squared_error
