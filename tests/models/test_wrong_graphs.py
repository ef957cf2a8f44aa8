"""Wrong graphs, inputs and layers: errors of Keras's types with Keras's words; nothing changes."""

import re
import warnings

import numpy as np
import pytest
from agreement import golden_json

import kerasette

GOLDEN = golden_json("graph_errors.json")

# Where the answer differs on purpose, or Keras's is an accident: (type, words); None: no error.
OTHERWISE = {
    # Accepted and ignored by Keras.
    "unknown_argument_of_model": (ValueError, "Unrecognized keyword arguments"),
    "unknown_argument_of_call": (TypeError, "unexpected keyword argument 'what'"),
    "matmul_does_not_fit": (ValueError, "the inner sizes of shapes"),
    "reshape_does_not_fit": (ValueError, "Cannot reshape a tensor"),
    "stack_with_input_in_the_middle": (ValueError, "An Input must be the first"),
    "stack_builds_without_shape": (ValueError, "needs an `input_shape` to be built"),
    # What NumPy computes is no part of a graph, and would stay what it is.
    "returns_array": (ValueError, "returned a non-tensor"),
    "call_needs_numpy": (ValueError, "returned a non-tensor"),
    # Inputs of graphs need not come from `Input`.
    "bare_tensor_as_input": None,
    # Attributes may be set first; a call tells then.
    "layer_without_super_attribute": None,
    "model_without_super_attribute": None,
    # Other words, which say more.
    "function_of_arrays": (ValueError, "`inputs` and `outputs` must be KerasTensors"),
    "wrong_rank": (ValueError, "expected shape=(None, 3), found shape=(2, 3, 4)"),
    "rank_one": (ValueError, "expected shape=(None, 3), found shape=(3,)"),
    "text_as_input": (ValueError, "Only input tensors may be passed"),
    "shapes_do_not_fit": (ValueError, "could not be broadcast together"),
    "concatenate_does_not_fit": (ValueError, "must agree elsewhere"),
    "axis_out_of_range": (ValueError, "axis 4 is out of bounds"),
    "index_out_of_range": (IndexError, "index 7 is out of bounds for axis 1 with size 3"),
    "assign_to_variable": (ValueError, "A KerasTensor is symbolic"),
    "plain_tensor_without_shape": (ValueError, "Cannot convert 3 to a shape"),
    "tensor_of_unknown_dtype": (ValueError, "Invalid dtype: 'text'"),
    "dense_of_scalar": (ValueError, "expected min_ndim=2, found ndim=1"),
    "returns_none": (ValueError, "returned None; it must return its outputs"),
    "returns_text": (ValueError, "returned a non-tensor"),
    "returns_number": (ValueError, "returned a non-tensor"),
    "build_of_two_shapes": (ValueError, "For a `build()` method with more than one argument"),
    "model_build_without_shape": (TypeError, "missing 1 required positional argument"),
    "input_of_uncalled_layer": (AttributeError, "has never been called"),
    "output_of_uncalled_layer": (AttributeError, "has never been called"),
    "stack_of_a_number": (ValueError, "Only instances of `kerasette.Layer` can be added"),
    "stack_of_a_function": (ValueError, "Only instances of `kerasette.Layer` can be added"),
    "stack_of_an_inner_tensor": (ValueError, "Only instances of `kerasette.Layer` can be added"),
    "stack_not_a_list": (TypeError, "must be a list of layers"),
    "empty_stack_pops": (IndexError, "has no layer to pop"),
    "stack_with_wrong_input": (ValueError, "expected axis -1 of input shape to have value 3"),
    "stack_with_wrong_rank": (ValueError, "Invalid input shape for input 'left'"),
    "model_without_super_fit": (RuntimeError, "you forgot to call `super().__init__()`"),
    "stack_input_unknown": (AttributeError, "has no defined input shape yet"),
    "stack_output_unknown": (AttributeError, "has no defined output shape yet"),
    "stack_inputs_unknown": (AttributeError, "has no defined inputs yet"),
    "stack_outputs_unknown": (AttributeError, "has no defined outputs yet"),
}


def key_words(message):
    """The first words of Keras's message, without what it puts around those from within a call."""
    around = re.match(
        r"\"?Exception encountered when calling .*?\x1b\[1m(.*)",
        message.replace("\\n", "\n").replace("\\x1b", "\x1b"),
        re.DOTALL,
    )
    return (around[1].partition("\x1b")[0] if around else message)[:36]


def graph_of(names):
    """All of the models of the setup that a failed call might change."""
    found = []
    for model in (names["model"], names["by_name"], names["single"]):
        found.append((model.built, model.input, model.output, model.input_shape, model.trainable))
        for operation in model.operations:
            nodes = operation._inbound_nodes
            found.append((operation, operation.built, len(nodes), nodes[0].output_tensors))
            found.append(sorted(vars(operation)))
        found.append([(id(weight), weight.path) for weight in model.weights])
    for name in "abc":
        tensor = names[name]
        found.append((tensor._keras_history, tensor._keras_mask, tensor.name))
    return found


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda case: case["name"])
def test_error_is_that_of_keras_and_nothing_changes(case):
    kerasette.utils.clear_session()
    names = {"keras": kerasette, "np": np}
    exec(GOLDEN["setup"], names)
    before = graph_of(names)
    expected = OTHERWISE.get(case["name"], (case["type"], None))
    with warnings.catch_warnings():
        # Of structures that differ, which Keras only warns of.
        warnings.simplefilter("ignore")
        if expected is None or expected[0] is None:
            exec(case["code"], names)
            return
        with pytest.raises(Exception) as caught:
            exec(case["code"], names)
    text = "\n".join([str(caught.value), *getattr(caught.value, "__notes__", ())])
    if case["name"] in OTHERWISE:
        assert caught.type is expected[0]
        assert expected[1] in text
    else:
        assert caught.type.__name__ == case["type"]
        assert key_words(case["message"]) in text
    assert graph_of(names) == before


def test_the_table_names_cases_that_there_are():
    assert set(OTHERWISE) <= {case["name"] for case in GOLDEN["cases"]}
