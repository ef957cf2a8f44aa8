"""A stack of layers."""

from types import SimpleNamespace

from kerasette._core.tensor import Tensor
from kerasette.layers import InputLayer, Layer
from kerasette.layers.input_spec import check_inputs
from kerasette.models.trainer import Trainer


class Sequential(Trainer, Layer):
    """Layers one after the other, each fed with what the one before it returns.

    Parameters
    ----------
    layers : list of Layer, optional
        The first may be an ``Input``, which says the shape of a sample; without one the model
        is built by the first data.
    trainable : bool
    name : str, optional

    Raises
    ------
    ValueError
        If something in the list is not a layer, or a name stands twice.

    Examples
    --------
    >>> import kerasette
    >>> model = kerasette.Sequential([kerasette.Input((3,)), kerasette.layers.Dense(2)])
    >>> model.output_shape
    (None, 2)
    """

    def __init__(self, layers=None, trainable=True, name=None):
        super().__init__(trainable=trainable, name=name)
        if layers is not None and not hasattr(layers, "__iter__"):
            raise ValueError(f"`layers` must be a list of layers. Received: layers={layers!r}")
        self._init_trainer()
        self._input_layer = None
        self._layers = []
        self._input_shape = None
        for layer in layers or []:
            self.add(layer, rebuild=False)
        self._build_if_shape_is_known()

    @property
    def layers(self):
        """The layers, without the `Input`."""
        return list(self._layers)

    def add(self, layer, rebuild=True):
        """Puts a layer on top.

        Raises
        ------
        ValueError
            If it is not a layer, its name is taken, an `Input` is not the first, or the layer does
            not fit what the others return; the model is as before.
        """
        if not isinstance(layer, Layer):
            raise ValueError(
                "Only instances of `kerasette.Layer` can be added to a Sequential model. "
                f"Received: {layer!r} (of type {type(layer)})"
            )
        layer._check_init()
        self._check_is_idle("add")
        before = (self._layers, self._input_layer, self._input_shape, self.built)
        if isinstance(layer, InputLayer):
            self._add_input(layer)
        else:
            self._check_name(layer)
            self._input_from_first(layer)
            self._layers = [*self._layers, layer]
        self.built = False
        try:
            if rebuild:
                self._build_if_shape_is_known()
        except Exception:
            # A layer that does not fit leaves the model as it was.
            self._layers, self._input_layer, self._input_shape, self.built = before
            raise

    def _add_input(self, layer):
        if self._layers or self._input_layer is not None:
            raise ValueError(
                f"Sequential model '{self.name}' has already been configured to use input shape "
                f"{self._input_shape}. You cannot add a different Input layer to it."
            )
        self._input_layer = layer
        self._input_shape = tuple(layer.batch_shape)

    def _input_from_first(self, layer):
        """Takes the shape that the first layer was given as ``input_shape``."""
        shape = getattr(layer, "_input_shape_arg", None)
        if shape is not None and not self._layers and self._input_layer is None:
            self._input_shape = (None, *shape)

    def _check_name(self, layer):
        for other in self._layers:
            if other.name == layer.name and other is not layer:
                raise ValueError(
                    "All layers added to a Sequential model should have unique names. Name "
                    f"'{layer.name}' is already the name of a layer in this model. Update the "
                    "`name` argument to pass a unique name."
                )

    def pop(self):
        """Takes the top layer off, and returns it.

        Raises
        ------
        ValueError
            If there is none.
        """
        self._check_is_idle("pop")
        if not self._layers:
            raise ValueError(f"Sequential model '{self.name}' has no layer to pop.")
        top = self._layers[-1]
        self._layers = self._layers[:-1]
        return top

    def _build_if_shape_is_known(self):
        if self._input_shape is not None and self._layers:
            self.build(self._input_shape)

    def build(self, input_shape=None):
        """Builds every layer for inputs of `input_shape`, whose first size, the batch, may be None.

        Raises
        ------
        ValueError
            If there are no layers, no shape is known, or a layer rejects its input's shape.
        """
        shape = self._input_shape if input_shape is None else tuple(input_shape)
        if not self._layers:
            raise ValueError(
                f"Sequential model {self.name} cannot be built because it has no layers. Call "
                "`model.add(layer)`."
            )
        if shape is None:
            raise ValueError(f"Sequential model {self.name} needs an `input_shape` to be built.")
        self._input_shape = shape = (None, *shape[1:])
        for layer in self._layers:
            described = SimpleNamespace(shape=shape, dtype=layer.dtype)
            check_inputs(layer.input_spec, described, layer.name)
            if not layer.built:
                layer.build(shape)
            shape = tuple(layer.compute_output_shape(shape))
        self.built = True

    def call(self, inputs, training=None, mask=None):
        """The output of the last layer. Masks go from layer to layer with the tensors."""
        if not isinstance(inputs, Tensor):
            raise ValueError(
                f"A Sequential model takes one tensor or array. Received: {type(inputs)}"
            )
        if mask is not None:
            inputs._keras_mask = mask
        for layer in self._layers:
            inputs = layer(inputs, training=training)
        return inputs

    def compute_mask(self, inputs, previous_mask):
        """None: the output carries the mask that the last layer has given it, or none."""

    def compute_output_shape(self, input_shape):
        """Shape of the output for inputs of `input_shape`."""
        shape = tuple(input_shape)
        for layer in self._layers:
            shape = tuple(layer.compute_output_shape(shape))
        return shape

    @property
    def input_shape(self):
        """Shape of the input, the batch as None."""
        self._check_built("input_shape")
        return self._input_shape

    @property
    def output_shape(self):
        """Shape of the output, the batch as None."""
        self._check_built("output_shape")
        return self.compute_output_shape(self._input_shape)

    def _output_shapes(self):
        """Shape of the output of each layer, the batch as None; None where it is not known."""
        shapes, shape = [], self._input_shape if self.built else None
        for layer in self._layers:
            own = layer.get_build_config() or {}
            given = own.get("input_shape") if shape is None else shape
            shapes.append(None if given is None else layer.compute_output_shape(given))
            shape = shape and shapes[-1]
        return shapes

    def summary(
        self, line_length=None, positions=None, print_fn=None, expand_nested=False,
        show_trainable=False, layer_range=None,
    ):  # fmt: skip
        """Prints a table of the layers, and how many parameters they have.

        Parameters
        ----------
        line_length : int, optional
            Width of the table; by default 88, or what the terminal has, less 4.
        positions : list of float, optional
            Where each column ends, as a part of the width; ``[0.45, 0.80, 1.0]`` by default.
        print_fn : callable, optional
            Called once, with the whole text without colors, in place of printing.
        expand_nested : bool
            Whether models in the model are followed by their layers.
        show_trainable : bool
            Whether a column says what training changes.
        layer_range : list of two str, optional
            Regular expressions for names of the first and the last layer to show.

        Raises
        ------
        ValueError
            If the width is too small, or no layer has a name as in `layer_range`.

        Examples
        --------
        >>> import kerasette
        >>> model = kerasette.Sequential([kerasette.Input((3,)), kerasette.layers.Dense(2)])
        >>> model.summary(line_length=40, print_fn=lambda text: print(text.splitlines()[-1]))
         Non-trainable params: 0 (0.00 B)
        """
        from kerasette.utils.summary import print_summary

        print_summary(
            self, line_length, positions, print_fn, expand_nested, show_trainable, layer_range
        )

    def _repr_html_(self):
        """The table of `summary`, for notebooks."""
        from kerasette.utils.summary import summary_html

        return summary_html(self)

    def _check_built(self, name):
        if not self.built:
            raise AttributeError(
                f"Sequential model '{self.name}' has no defined {name} yet: it is not built."
            )

    def _input_dtype(self):
        """What data is converted to: what the `Input` says, else what the first layer computes."""
        return (
            self._layers[0].compute_dtype if self._input_layer is None else self._input_layer.dtype
        )

    def _output_dtype(self):
        return self._layers[-1].compute_dtype

    def get_layer(self, name=None, index=None):
        """The layer of a name, or at an index.

        Raises
        ------
        ValueError
            If there is none.
        """
        if index is not None:
            if not -len(self._layers) <= index < len(self._layers):
                raise ValueError(
                    f"Was asked to retrieve layer at index {index} but model only has "
                    f"{len(self._layers)} layers."
                )
            return self._layers[index]
        for layer in self._layers:
            if layer.name == name:
                return layer
        known = [layer.name for layer in self._layers]
        raise ValueError(f"No such layer: {name}. Existing layers are: {known}.")
