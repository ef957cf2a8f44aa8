"""Layers called on symbolic tensors: what they return, and the node that notes the call."""

from kerasette import tree
from kerasette.graph.inference import outputs_on_zeros
from kerasette.graph.keras_tensor import KerasTensor
from kerasette.graph.operation import Operation
from kerasette.layers.building import shapes_for
from kerasette.layers.call import REAL, as_inputs, context, dtype_after_cast, shapes_of, training_of
from kerasette.shapes import map_shapes


def dtype_of_function(function, dtype):
    """Dtype of what a function makes of a tensor of `dtype`: of real numbers, the same.

    Integers become real in some functions (sigmoid) and not in others (relu).
    """
    if dtype in REAL:
        return dtype
    return outputs_on_zeros(function, (KerasTensor((2, 2), dtype),), {}).dtype


class SymbolicCalls(Operation):
    """The part of `Layer` that is called on symbolic tensors."""

    def symbolic_call(self, *args, **kwargs):
        """The symbolic outputs for symbolic inputs; makes no node."""
        return self.compute_output_spec(*args, **kwargs)

    def compute_output_spec(self, *args, **kwargs):
        """Symbolic tensors like what the layer returns.

        From `compute_output_shape` with the dtype that the class says, the layer's by default, if
        the class defines that; otherwise the layer is called on zeros, and its state left alone.

        Parameters
        ----------
        *args, **kwargs
            Of ``call``, with symbolic tensors.
        """
        if self._has_own_output_shape:
            arguments = self._call.bound(self, args, kwargs)
            shapes = self.compute_output_shape(**self._named_shapes(arguments))
            if not isinstance(shapes, (list, tuple, dict)):
                raise ValueError(
                    f"Method `compute_output_shape()` of layer {type(self).__name__} is returning "
                    "a type that cannot be interpreted as a shape. It should return a shape tuple. "
                    f"Received: {shapes}"
                )
            if isinstance(shapes, list) and tree.is_shape(shapes):
                shapes = tuple(shapes)
            dtype = self._output_dtype(next(iter(arguments.values()), None))
            return map_shapes(lambda shape: KerasTensor(shape, dtype), shapes)
        return self._outputs_on_zeros(args, kwargs)

    def _output_dtype(self, inputs):
        """Dtype of the outputs for the first argument of ``call``."""
        if self._keeps_dtype and not self._needs_real:
            return dtype_after_cast(inputs, self._cast_dtype)
        return self.compute_dtype

    def _named_shapes(self, arguments):
        """Shapes of the tensors, by the names of the parameters of `compute_output_shape`."""
        shapes = {name: shapes_of(value) for name, value in arguments.items()}
        return shapes_for(self, "compute_output_shape", self._output_shape_names, shapes)

    def _outputs_on_zeros(self, args, kwargs):
        def run(*args, **kwargs):
            dtype = self._cast_dtype
            args = [as_inputs(value, dtype) for value in args]
            kwargs = {name: as_inputs(value, dtype) for name, value in kwargs.items()}
            training = kwargs.pop("training", None)
            return self._call_in_context(self._call, args, kwargs, training)

        try:
            outputs = outputs_on_zeros(run, args, kwargs)
        except Exception as error:
            error.add_note(self._shape_unknown())
            raise
        finally:
            if context.depth == 0:
                self._clear_losses()
        if outputs is None:
            raise ValueError(
                f"`call()` of layer '{self.name}' (of type {type(self).__name__}) returned "
                "None; it must return its outputs."
            )
        return outputs

    def _shape_unknown(self):
        name = type(self).__name__
        return (
            f"Could not automatically infer the output shape / dtype of '{self.name}' (of type "
            f"{name}): `{name}.call()` was run on zeros. Either it is incorrect, or you need to "
            f"implement `{name}.compute_output_shape()`."
        )

    def _call_symbolically(self, call, args, kwargs, training):
        if call.has_training:
            training = training_of(call, training)
            if training is not None:
                kwargs["training"] = training
        outputs = self.compute_output_spec(*args, **kwargs)
        return self._called_symbolically(args, kwargs, outputs)
