"""What Keras raises for wrong graphs, wrong inputs of models and wrong layers."""

from .errors import answered
from .store import write_json

# Runs before every snippet.
SETUP = """\
layers, ops, Input, Model, Layer = keras.layers, keras.ops, keras.Input, keras.Model, keras.Layer
ones = lambda *shape: np.ones(shape, "float32")
a, b, c = Input((3,), name="left"), Input((2,), name="right"), Input((3,), name="third")
hidden = layers.Dense(4, name="hidden")(a)
joined = layers.Concatenate(name="joined")([hidden, b])
model = Model([a, b], layers.Dense(1, name="out")(joined), name="two")
by_name = Model({"left": a, "right": b}, joined, name="by_name")
single = Model(a, hidden, name="single")
class Plain(Layer):
    def call(self, inputs):
        return inputs
def made(base, **methods):
    return type("Odd", (base,), methods)
"""

SNIPPETS = {
    # Graphs
    "input_is_missing": "Model(a, joined)",
    "input_of_another_graph": "Model(c, hidden)",
    "inner_input_leaves_one_out": "Model(hidden, joined)",
    "second_output_not_connected": "Model(a, [hidden, b * 2])",
    "disconnected_behind_inner_input": "Model([b], joined)",
    "same_name_of_two_layers": "x = layers.Dense(4, name='hidden')(hidden); Model(a, x)",
    "same_name_of_layer_and_input": "Model(a, layers.Dense(2, name='left')(a))",
    "same_input_twice": "Model([a, a], hidden)",
    "no_inputs": "Model([], hidden)",
    "no_outputs": "Model(a, [])",
    "array_as_input": "Model(ones(2, 3), hidden)",
    "array_as_output": "Model(a, ones(2, 3))",
    "layer_as_output": "Model(a, layers.Dense(2))",
    "layer_as_input": "Model(layers.Dense(2), hidden)",
    "none_as_output": "Model(a, None)",
    "none_among_outputs": "Model(a, [hidden, None])",
    "shape_as_input": "Model((3,), hidden)",
    "unknown_argument_of_model": "Model(a, hidden, depth=3)",
    "bare_tensor_as_input": "x = keras.KerasTensor((None, 3)); Model(x, x * 2)",
    "model_name_with_slash": "Model(a, hidden, name='a/b')",
    "function_of_arrays": "keras.Function(ones(2, 3), hidden)",
    "function_of_other_input": "keras.Function(c, hidden)",
    # Inputs at calls
    "too_few_inputs": "model([ones(2, 3)])",
    "too_many_inputs": "model([ones(2, 3), ones(2, 2), ones(2, 2)])",
    "tensor_for_two_inputs": "model(ones(2, 3))",
    "swapped_inputs": "model([ones(2, 2), ones(2, 3)])",
    "two_inputs_as_two_arguments": "model(ones(2, 3), ones(2, 2))",
    "dict_with_missing_key": "model({'left': ones(2, 3)})",
    "dict_with_other_keys": "model({'a': ones(2, 3), 'b': ones(2, 2)})",
    "dict_of_wrong_sizes": "model({'left': ones(2, 2), 'right': ones(2, 3)})",
    "named_with_missing_key": "by_name({'left': ones(2, 3)})",
    "named_with_other_keys": "by_name({'a': ones(2, 3), 'b': ones(2, 2)})",
    "named_with_too_few": "by_name([ones(2, 3)])",
    "wrong_size": "single(ones(2, 5))",
    "wrong_rank": "single(ones(2, 3, 4))",
    "rank_one": "single(ones(3))",
    "no_input": "single()",
    "none_as_input": "single(None)",
    "text_as_input": "single('abc')",
    "unknown_argument_of_call": "single(ones(2, 3), what=3)",
    "symbolic_input_of_wrong_size": "single(Input((5,)))",
    "symbolic_list_too_short": "model([a])",
    "function_with_wrong_structure": "keras.Function([a, b], joined)([ones(2, 3)])",
    "function_with_wrong_rank": "keras.Function(a, hidden)(ones(2, 3, 4))",
    "function_with_wrong_size": "keras.Function(a, hidden)(ones(2, 5))",
    # Symbolic tensors where values are needed
    "numpy_function": "np.exp(a)",
    "numpy_array": "np.asarray(a)",
    "float_of_symbolic": "float(a)",
    "int_of_symbolic": "int(a)",
    "bool_of_symbolic": "bool(a)",
    "if_of_symbolic": "1 if a > 0 else 2",
    "iteration": "list(a)",
    "unpacking": "x, y = a",
    "length": "len(a)",
    "assign_item": "a[0] = 1",
    "convert_to_numpy": "ops.convert_to_numpy(a)",
    "convert_to_tensor": "ops.convert_to_tensor(a)",
    "as_index": "[1, 2, 3][a]",
    "shapes_do_not_fit": "a + b",
    "matmul_does_not_fit": "a @ b",
    "reshape_does_not_fit": "ops.reshape(hidden, (-1, 3, 5))",
    "concatenate_does_not_fit": "ops.concatenate([Input((2, 3)), Input((3, 4))], axis=1)",
    "axis_out_of_range": "ops.sum(a, axis=4)",
    "index_out_of_range": "a[:, 7]",
    "assign_to_variable": "keras.Variable(ones(2, 3)).assign(a)",
    "plain_tensor_without_shape": "keras.KerasTensor(3)",
    "tensor_of_unknown_dtype": "keras.KerasTensor((None, 3), dtype='text')",
    # Layers
    "number_by_position": "Plain()(3)",
    "text_by_position": "Plain()('abc')",
    "mixed_symbolic_and_real_sizes": "layers.Concatenate(axis=0)([Input((2, 3)), ones(2, 3)])",
    "dense_of_scalar": "layers.Dense(2)(Input(()))",
    "dense_of_unknown_width": "layers.Dense(2)(Input((None,)))",
    "merge_of_one_tensor": "layers.Add()(a)",
    "merge_of_other_sizes": "layers.Add()([a, b])",
    "no_call": "made(Layer)()(a)",
    "no_call_real": "made(Layer)()(ones(2, 3))",
    "returns_none": "made(Layer, call=lambda self, x: None)()(a)",
    "returns_text": "made(Layer, call=lambda self, x: 'text')()(a)",
    "returns_number": "made(Layer, call=lambda self, x: 3.0)()(a)",
    "returns_array": "made(Layer, call=lambda self, x: ones(2, 3))()(a)",
    "call_needs_values": "made(Layer, call=lambda self, x: x * float(x[0, 0]))()(a)",
    "call_needs_numpy": "made(Layer, call=lambda self, x: np.exp(x))()(a)",
    "call_raises": "made(Layer, call=lambda self, x: 1 // 0)()(a)",
    "call_raises_key_error": "made(Layer, call=lambda self, x: {}['k'])()(a)",
    "call_raises_on_values": "made(Layer, call=lambda self, x: 1 // 0)()(ones(2, 3))",
    "call_of_two_arguments": "made(Layer, call=lambda self, x, y: x + y)()(a)",
    "call_without_inputs": "made(Layer, call=lambda self: 3)()(a)",
    "output_shape_is_a_number": (
        "made(Plain, compute_output_shape=lambda self, input_shape: 3)()(a)"
    ),
    "output_shape_raises": ("made(Plain, compute_output_shape=lambda self, s: 1 // 0)()(a)"),
    "build_of_other_arguments": "made(Plain, build=lambda self: None)()(a)",
    "build_of_two_shapes": "made(Plain, build=lambda self, a_shape, b_shape: None)()(a)",
    "build_raises": "made(Plain, build=lambda self, shape: 1 // 0)()(a)",
    "layer_without_super": "made(Plain, __init__=lambda self: None)()(a)",
    "layer_without_super_attribute": (
        "made(Plain, __init__=lambda self: setattr(self, 'dense', layers.Dense(2)))()"
    ),
    "layer_without_super_variable": (
        "made(Plain, __init__=lambda self: setattr(self, 'v', keras.Variable(1.0)))()"
    ),
    "layer_without_super_number": ("made(Plain, __init__=lambda self: setattr(self, 'n', 3))()(a)"),
    "layer_without_super_weight": (
        "made(Plain, __init__=lambda self: self.add_weight(shape=(2,)))()"
    ),
    "model_without_super": "made(Model, __init__=lambda self: None)()(a)",
    "model_without_super_attribute": (
        "made(Model, __init__=lambda self: setattr(self, 'dense', layers.Dense(2)))()"
    ),
    "model_without_super_fit": ("made(Model, __init__=lambda self: None)().compile('sgd', 'mse')"),
    "model_without_call": "made(Model)()(ones(2, 3))",
    "model_without_call_symbolic": "made(Model)()(a)",
    "model_with_unknown_argument": "made(Model)(depth=3)",
    "model_build_without_shape": "made(Model, call=lambda self, x: x)().build()",
    "weights_of_unbuilt_model": "made(Model, call=lambda self, x: x)().count_params()",
    "input_of_uncalled_layer": "layers.Dense(2).input",
    "output_of_uncalled_layer": "layers.Dense(2).output",
    "weight_after_build": "model.get_layer('out').add_weight(shape=(2,))",
    "variable_after_build": "model.get_layer('out').extra = keras.Variable(1.0)",
    "layer_after_build": "model.get_layer('out').extra = layers.Dense(2)",
    "weight_of_unknown_size": "Plain().add_weight(shape=(None, 2))",
    # Names of one's own
    "layers_is_reserved": "model.layers = []",
    "layers_is_reserved_in_subclasses": (
        "made(Model, __init__=lambda self: (Model.__init__(self), setattr(self, 'layers', [])))()"
    ),
    "weights_is_reserved": "model.weights = []",
    "trainable_weights_is_reserved": "model.trainable_weights = []",
    "variables_is_reserved": "model.get_layer('out').variables = []",
    "input_is_reserved": "model.get_layer('out').input = 3",
    "losses_is_reserved": "model.losses = []",
    "metrics_is_reserved": "model.metrics = []",
    "inputs_is_reserved": "model.inputs = []",
    "path_is_reserved": "model.get_layer('out').path = 'a'",
    "metrics_names_is_reserved": "model.metrics_names = []",
    # get_layer
    "get_unknown_layer": "model.get_layer('missing')",
    "get_layer_by_large_index": "model.get_layer(index=9)",
    "get_layer_by_both": "model.get_layer('out', 1)",
    "get_layer_by_none": "model.get_layer()",
    # Stacks
    "stack_of_a_number": "keras.Sequential([3])",
    "stack_of_a_function": "keras.Sequential([ops.relu])",
    "stack_not_a_list": "keras.Sequential(3)",
    "stack_of_an_inner_tensor": "keras.Sequential([hidden])",
    "stack_of_two_inputs": "keras.Sequential([a, c])",
    "stack_with_input_in_the_middle": "keras.Sequential([layers.Dense(2), Input((2,))])",
    "stack_with_input_behind_input": "s = keras.Sequential([a]); s.add(Input((2,)))",
    "stack_of_same_names": (
        "keras.Sequential([layers.Dense(2, name='d'), layers.Dense(2, name='d')])"
    ),
    "stack_adds_same_name": (
        "s = keras.Sequential([a, layers.Dense(2, name='d')]); s.add(layers.Dense(2, name='d'))"
    ),
    "stack_adds_what_does_not_fit": (
        "s = keras.Sequential([a, layers.Dense(2)]); s.add(layers.Reshape((5,)))"
    ),
    "empty_stack_is_built": "keras.Sequential().build((None, 3))",
    "empty_stack_is_called": "keras.Sequential()(ones(2, 3))",
    "empty_stack_pops": "keras.Sequential().pop()",
    "stack_builds_another_shape": "keras.Sequential([a, layers.Dense(2)]).build((None, 4))",
    "stack_builds_without_shape": "keras.Sequential([layers.Dense(2)]).build()",
    "stack_with_wrong_input": "keras.Sequential([a, layers.Dense(2)])(ones(2, 5))",
    "stack_with_wrong_rank": "keras.Sequential([a, layers.Dense(2)])(ones(2, 3, 4))",
    "stack_input_unknown": "keras.Sequential([layers.Dense(2)]).input_shape",
    "stack_output_unknown": "keras.Sequential([layers.Dense(2)]).output_shape",
    "stack_inputs_unknown": "keras.Sequential([layers.Dense(2)]).inputs",
    "stack_outputs_unknown": "keras.Sequential([layers.Dense(2)]).outputs",
    "stack_layers_is_reserved": "keras.Sequential([layers.Dense(2)]).layers = []",
    "stack_of_layer_with_two_arguments": (
        "keras.Sequential([a, made(Layer, call=lambda self, x, y: x + y)()])"
    ),
    "stack_of_layer_without_arguments": (
        "keras.Sequential([a, made(Layer, call=lambda self: 3)()])"
    ),
    "stack_of_merge": "keras.Sequential([a, layers.Add()])",
    "stack_of_itself": "s = keras.Sequential(); s.add(s)",
    "stack_count_params_unbuilt": "keras.Sequential([layers.Dense(2)]).count_params()",
}


def make():
    """Write `graph_errors.json`."""
    cases = answered(SNIPPETS, SETUP)
    for case in cases:
        # No more than the key words: the rest shows objects.
        case["message"] = case["message"] and case["message"][:100]
    write_json("graph_errors", {"setup": SETUP, "cases": cases})
