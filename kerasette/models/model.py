"""The base of all models: layers that can be trained."""

import warnings

from kerasette import tree
from kerasette.absent import AbsentMethod
from kerasette.default_dtype import floatx
from kerasette.graph.keras_tensor import KerasTensor
from kerasette.layers.call import context
from kerasette.layers.layer import Layer
from kerasette.saving.serialization import serialize_keras_object
from kerasette.shapes import map_shapes
from kerasette.training.trainer import Trainer


def is_functional(args, kwargs):
    """Whether arguments of `Model` are inputs and outputs of a graph."""
    return (
        len(args) == 2
        or (len(args) == 1 and "outputs" in kwargs)
        or ("inputs" in kwargs and "outputs" in kwargs)
    )


class Model(Trainer, Layer):
    """Layers, in a graph or in a subclass with a ``call`` of its own, that can be trained.

    ``Model(inputs, outputs)`` is the graph of the calls that lead from symbolic inputs to symbolic
    outputs. A subclass makes its layers in ``__init__``, and calls them in ``call(inputs)``, which
    may have a parameter ``training``.

    Parameters
    ----------
    inputs, outputs : KerasTensor, or list, tuple or dict of them
        For a graph. `inputs` come from ``Input``, or are tensors within another graph; the new
        model shares the layers between.
    name : str, optional
    trainable : bool

    Raises
    ------
    ValueError
        If an output is not connected to the inputs, or a name stands twice.

    Examples
    --------
    >>> import kerasette
    >>> inputs = kerasette.Input((3,))
    >>> outputs = kerasette.layers.Dense(2)(inputs) + 1
    >>> kerasette.Model(inputs, outputs).output_shape
    (None, 2)

    >>> class Twice(kerasette.Model):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.dense = kerasette.layers.Dense(2)
    ...
    ...     def call(self, inputs):
    ...         return 2 * self.dense(inputs)
    >>> Twice()(kerasette.ops.ones((1, 3))).shape
    (1, 2)
    """

    _untracked = Layer._untracked | {"_compile_arguments"}

    export = AbsentMethod()
    load_weights = AbsentMethod()
    quantize = AbsentMethod()
    save = AbsentMethod()
    save_weights = AbsentMethod()

    def __new__(cls, *args, **kwargs):
        if cls is Model and is_functional(args, kwargs):
            from kerasette.models.functional import Functional

            cls = Functional
        return super().__new__(cls, *args, **kwargs)

    def __init__(self, *args, **kwargs):
        if is_functional(args, kwargs):
            from kerasette.models.functional import Functional, make_functional

            make_functional(type(self))
            Functional.__init__(self, *args, **kwargs)
            return
        Layer.__init__(self, *args, **kwargs)
        self._init_trainer()

    def call(self, *args, **kwargs):
        """The function itself, of tensors."""
        raise NotImplementedError(
            f"Model {type(self).__name__} does not have a `call()` method implemented."
        )

    @property
    def layers(self):
        """The layers of the model, those of other models in it not counted."""
        return self._sublayers()

    @layers.setter
    def layers(self, value):
        raise AttributeError(
            "`Model.layers` attribute is reserved and should not be used. Please use another name."
        )

    def get_layer(self, name=None, index=None):
        """The layer of a name, or at an index.

        Raises
        ------
        ValueError
            If there is none, or both or neither of the two are given.
        """
        if index is not None and name is not None:
            raise ValueError(
                f"Provide only a layer name or a layer index. Received: index={index}, name={name}."
            )
        layers = self.layers
        if index is not None:
            if not -len(layers) <= index < len(layers):
                raise ValueError(
                    f"Was asked to retrieve layer at index {index} but model only has "
                    f"{len(layers)} layers."
                )
            return layers[index]
        if name is None:
            raise ValueError("Provide either a layer name or layer index at `get_layer`.")
        for layer in layers:
            if layer.name == name:
                return layer
        known = [layer.name for layer in layers]
        raise ValueError(f"No such layer: {name}. Existing layers are: {known}.")

    # ---- building ------------------------------------------------------------------

    def build(self, input_shape):
        """Builds the layers by a call on zeros.

        Parameters
        ----------
        input_shape : tuple, or list or dict of them
            Of the first argument of ``call``, with the batch, which may be None.

        Raises
        ------
        ValueError
            If ``call`` fails on zeros of these shapes.
        """
        outer = context.path
        # The call puts the model's own name into the path.
        context.path = outer[:-1]
        try:
            inputs = map_shapes(lambda shape: KerasTensor(shape, floatx()), input_shape)
            self._outputs_on_zeros((inputs,), {})
        except Exception as error:
            raise ValueError(
                f"Model '{self.name}' cannot be built for inputs of shape {input_shape}, because "
                f"its `call` fails on zeros of that shape: {error}"
            ) from error
        finally:
            context.path = outer

    def build_from_config(self, config):
        """Builds as `get_build_config` has described; warns, and returns False, if that fails."""
        try:
            super().build_from_config(config)
        except Exception as error:
            warnings.warn(
                f"Model '{self.name}' had a build config, but the model cannot be built "
                "automatically in `build_from_config(config)`. You should implement `def "
                "build_from_config(self, config)`, and you might also want to implement `def "
                f"get_build_config(self)`. What happened: {error}",
                stacklevel=2,
            )
            return False
        return True

    # ---- configs -------------------------------------------------------------------

    def to_json(self, **kwargs):
        """The model as JSON: its layers, how they are called, and how it was compiled.

        Parameters
        ----------
        **kwargs
            For ``json.dumps``.

        Examples
        --------
        >>> import kerasette
        >>> kerasette.Sequential(name="stack").to_json()[:54]
        '{"module": "keras", "class_name": "Sequential", "confi'
        """
        # Not free to import.
        import json

        return json.dumps(serialize_keras_object(self), **kwargs)

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """The model that `get_config` has described, with new weights.

        Parameters
        ----------
        config : dict
        custom_objects : dict of str to class or function, optional
            What the config may name besides what is registered.

        Raises
        ------
        TypeError
            If the constructor does not take it, or a name is not known.
        """
        from kerasette.models.functional import Functional
        from kerasette.models.graph_config import (
            describes_a_graph,
            model_from_graph_config,
            takes_a_graph,
        )

        if describes_a_graph(config) and takes_a_graph(cls, Functional):
            return model_from_graph_config(cls, config, custom_objects)
        try:
            return cls(**config)
        except TypeError as error:
            raise TypeError(
                "Unable to revive model from config. When overriding the `get_config()` method, "
                "make sure that the returned config contains all items used as arguments in the "
                f"constructor to {cls}, which is the default behavior. You can override this "
                "default behavior by defining a `from_config(cls, config)` class method to specify "
                f"how to create an instance of {cls.__name__} from its config.\n\nReceived "
                f"config={config}\n\nError encountered during deserialization: {error}"
            ) from error

    # ---- what data becomes, and what comes of it -------------------------------------

    def _input_specs(self, x):
        """What each array of the inputs is converted to: a structure of symbolic tensors.

        Parameters
        ----------
        x : structure of objects with ``shape`` and ``dtype``
        """
        return tree.map_structure(lambda array: self._input_spec_of(array, self.dtype), x)

    def _input_spec_of(self, array, real_dtype):
        if array is None:
            # An optional input that is left out.
            return None
        kind = str(array.dtype)
        return KerasTensor((None, *array.shape[1:]), dtype_of_input(kind, real_dtype))

    def _output_specs(self, inputs):
        """Symbolic tensors like what the model returns; builds it if it is not built.

        Parameters
        ----------
        inputs : structure of KerasTensor
            As `_input_specs` gives them.
        """
        if not self.built:
            self._build_for(self._call.bound(self, (inputs,), {}))
        return self.compute_output_spec(inputs)

    # ---- pictures --------------------------------------------------------------------

    def summary(
        self, line_length=None, positions=None, print_fn=None, expand_nested=False,
        show_trainable=False, layer_range=None,
    ):  # fmt: skip
        """Prints a table of the layers, and how many parameters they have.

        Parameters
        ----------
        line_length : int, optional
            Width of the table; by default 88, or 108 for a graph that is no chain, which has a
            column for connections; no more than the terminal has, less 4.
        positions : list of float, optional
            Where each column ends, as a part of the width; ``[0.45, 0.80, 1.0]`` by default, with
            connections ``[0.3, 0.56, 0.74, 1.0]``.
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


# A subclass without a `build` of its own is built by its first call.
Model._has_own_build = False


def dtype_of_input(dtype, real_dtype):
    """What an array becomes as an input: real numbers get `real_dtype`, integers stay integers.

    >>> dtype_of_input("float64", "float32"), dtype_of_input("uint8", "float32")
    ('float32', 'int32')
    """
    if dtype.startswith("float"):
        return real_dtype if real_dtype.startswith("float") else floatx()
    if dtype == "bool":
        return "bool"
    return "int64" if dtype in ("int64", "uint32", "uint64") else "int32"
