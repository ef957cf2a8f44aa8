"""Layers called on symbolic tensors: what they return, and the node that notes the call."""

from kerasette import tree
from kerasette.graph.inference import outputs_on_zeros
from kerasette.graph.keras_tensor import KerasTensor
from kerasette.graph.operation import Operation
from kerasette.layers.building import shapes_for
from kerasette.layers.call import as_inputs, context, shapes_of, training_of
from kerasette.shapes import map_shapes


class SymbolicCalls(Operation):
    """The part of `Layer` that is called on symbolic tensors."""

    def symbolic_call(self, *args, **kwargs):
        """The symbolic outputs for symbolic inputs; makes no node."""
        return self.compute_output_spec(*args, **kwargs)

    def compute_output_spec(self, *args, **kwargs):
        """Symbolic tensors like what the layer returns.

        From `compute_output_shape` with the layer's dtype, if the class defines that; otherwise
        the layer is called on zeros, and its state left alone.

        Parameters
        ----------
        *args, **kwargs
            Of ``call``, with symbolic tensors.
        """
        if self._has_own_output_shape:
            shapes = self.compute_output_shape(**self._named_shapes(args, kwargs))
            if not isinstance(shapes, (list, tuple, dict)):
                raise ValueError(
                    f"Method `compute_output_shape()` of layer {type(self).__name__} is returning "
                    "a type that cannot be interpreted as a shape. It should return a shape tuple. "
                    f"Received: {shapes}"
                )
            if isinstance(shapes, list) and tree.is_shape(shapes):
                shapes = tuple(shapes)
            return map_shapes(lambda shape: KerasTensor(shape, self.compute_dtype), shapes)
        return self._outputs_on_zeros(args, kwargs)

    def _named_shapes(self, args, kwargs):
        """Shapes of the tensors, by the names of the parameters of `compute_output_shape`."""
        arguments = self._call.bound(self, args, kwargs)
        shapes = {name: shapes_of(value) for name, value in arguments.items()}
        return shapes_for(self, "compute_output_shape", self._output_shape_names, shapes)

    def _outputs_on_zeros(self, args, kwargs):
        def run(*args, **kwargs):
            args = [as_inputs(value, self._dtype) for value in args]
            kwargs = {name: as_inputs(value, self._dtype) for name, value in kwargs.items()}
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
