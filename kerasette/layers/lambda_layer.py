"""A function as a layer."""

import inspect

from kerasette import ops
from kerasette.layers.layer import Layer
from kerasette.safe_mode import in_safe_mode
from kerasette.saving.deserialization import deserialize_keras_object
from kerasette.saving.lambdas import check_is_trusted, dump_code, is_lambda, load_code
from kerasette.saving.serialization import serialize_keras_object
from kerasette.shapes import map_shapes


class Lambda(Layer):
    """``function(inputs)``, of any function of tensors.

    Parameters
    ----------
    function : callable
        Of the inputs; made of `kerasette.ops`. If it has a parameter ``mask`` or ``training``,
        it gets the mask of the inputs, and whether the model is being trained.
    output_shape : tuple, list of tuples, or callable, optional
        Of a sample, without the batch; a function gets the input's shape and returns the whole
        output's, with the batch. By default it is found by calling `function` on zeros.
    mask : array, Tensor or callable, optional
        What the output carries as its mask; a function gets inputs and mask. None by default:
        masks end here.
    arguments : dict, optional
        Keyword arguments for `function`.
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    TypeError
        If `function` is not callable.
    NotImplementedError
        If the shape of the output is not given, and cannot be found.

    Notes
    -----
    The function is run when a training step is recorded, and not at every step; what it computes
    without ops (NumPy, say) is the same at each. A step is recorded twice and replayed only if
    both agree. Variables in a function are not found: write a layer for them.

    A config holds the name of a function, which `from_config` looks up in `custom_objects` and
    among the activations. Of a Python lambda it holds the code, which is unsafe to load, and runs
    with the same version of Python alone.

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.Lambda(lambda x, power: x**power, arguments={"power": 2.0})
    >>> layer(kerasette.ops.convert_to_tensor([1.0, -3.0])).numpy().tolist()
    [1.0, 9.0]
    """

    def __init__(self, function, output_shape=None, mask=None, arguments=None, **kwargs):
        super().__init__(**kwargs)
        if not callable(function):
            raise TypeError(
                f"`function` of a Lambda layer must be callable. Received: function={function!r}"
            )
        self.function = function
        self.arguments = arguments or {}
        self.mask = mask
        self._output_shape = output_shape
        self.supports_masking = mask is not None
        names = inspect.getfullargspec(function).args
        self._takes_mask = "mask" in names
        self._takes_training = "training" in names
        self.built = True

    def call(self, inputs, mask=None, training=None):
        """What the function returns."""
        arguments = dict(self.arguments)
        if self._takes_mask:
            arguments["mask"] = mask
        if self._takes_training:
            arguments["training"] = training
        return self.function(inputs, **arguments)

    def compute_mask(self, inputs, mask=None):
        """`mask`, or what it returns."""
        if self.mask is None:
            return None
        if callable(self.mask):
            return self.mask(inputs, mask)
        return ops.convert_to_tensor(self.mask)

    def compute_output_spec(self, *args, **kwargs):
        """Symbolic tensors like what the function returns; of `output_shape`, if it is given."""
        if self._output_shape is not None:
            return super().compute_output_spec(*args, **kwargs)
        try:
            return self._outputs_on_zeros(args, kwargs)
        except Exception as error:
            raise _shape_unknown() from error

    def compute_output_shape(self, input_shape):
        """`output_shape` with the batch size; or the shape of the output for zeros."""
        if self._output_shape is None:
            try:
                return super().compute_output_shape(input_shape)
            except Exception as error:
                raise _shape_unknown() from error
        if callable(self._output_shape):
            return self._output_shape(input_shape)
        batch = _first_size(input_shape)
        return map_shapes(lambda shape: (batch, *shape), self._output_shape)

    def get_config(self):
        """The arguments that make such a layer; functions by name, lambdas by their code."""
        config = {**super().get_config(), "function": _serialized(self.function)}
        if self._output_shape is not None:
            config["output_shape"] = _serialized(self._output_shape)
        if self.mask is not None:
            config["mask"] = _serialized(self.mask)
        return {**config, "arguments": serialize_keras_object(self.arguments)}

    @classmethod
    def from_config(cls, config, custom_objects=None, safe_mode=None):
        """The layer that `get_config` has described.

        Parameters
        ----------
        config : dict
        custom_objects : dict of str to callable, optional
            The functions that the config names.
        safe_mode : bool, optional
            Whether code of lambdas is refused; False lets it be loaded and, when the layer is
            called, run.

        Raises
        ------
        ValueError
            If there is code of a lambda, and `safe_mode` is not False.
        TypeError
            For a name that is not known.
        """
        safe_mode = in_safe_mode() if safe_mode is None else safe_mode
        values = {
            name: _deserialized(config[name], custom_objects, safe_mode is not False)
            for name in ("function", "output_shape", "mask", "arguments")
            if name in config
        }
        if isinstance(values.get("output_shape"), list):
            values["output_shape"] = map_shapes(tuple, values["output_shape"])
        return super().from_config({**config, **values})


def _shape_unknown():
    return NotImplementedError(
        "We could not automatically infer the shape of the Lambda's output. Please specify the "
        "`output_shape` argument for this Lambda layer."
    )


def _first_size(shapes):
    while isinstance(shapes, (list, tuple, dict)):
        shapes = next(iter(shapes.values() if isinstance(shapes, dict) else shapes))
    return shapes


def _serialized(value):
    if not is_lambda(value):
        return serialize_keras_object(value)
    # Not as elsewhere in configs: this is how Keras writes them here.
    parts = zip(("code", "defaults", "closure"), dump_code(value), strict=True)
    return {"class_name": "__lambda__", "config": serialize_keras_object(dict(parts))}


def _deserialized(value, custom_objects, safe_mode):
    if isinstance(value, dict) and value.get("class_name") == "__lambda__":
        check_is_trusted(safe_mode, "`Lambda` layer whose `function` is a Python lambda")
        return load_code(**deserialize_keras_object(value["config"]))
    return deserialize_keras_object(value, custom_objects, safe_mode)
