"""How a layer gets its weights."""

import functools
import inspect
import os
import threading

from kerasette import constraints, initializers, regularizers
from kerasette._core.ops.operands import holds_symbolic
from kerasette._core.variable import Variable
from kerasette.dtype_policies import policy_name
from kerasette.layers.call import REAL, context, shapes_of
from kerasette.layers.weights import VARIABLE_LISTS, Weights
from kerasette.naming import auto_name
from kerasette.shapes import map_shapes

# Held while something is built: other threads that need what is not built yet wait, and use it.
# One for the process, since a layer's own could not be copied, and two threads that build models
# with layers in common would each wait for the other's. A build may build what is in it.
_lock = threading.RLock()


def _renew_lock():
    global _lock
    # A thread that was building when the process was forked does not go on in the child.
    _lock = threading.RLock()


os.register_at_fork(after_in_child=_renew_lock)


def parameter_names(method):
    """Names of a method's parameters, without self, ``*args`` and ``**kwargs``."""
    parameters = list(inspect.signature(method).parameters.values())[1:]
    variadic = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return [parameter.name for parameter in parameters if parameter.kind not in variadic]


def shapes_for(layer, method, names, shapes):
    """The shapes of what ``call`` gets, as arguments of `build` or `compute_output_shape`.

    Parameters
    ----------
    layer : Layer
    method : str
        Its name.
    names : list of str
        Its parameters: one takes the shape of the first argument of ``call``; of several,
        ``value_shape`` takes that of ``value``.
    shapes : dict of str to shape
        By the parameters of ``call``.

    Raises
    ------
    ValueError
        If one of several has a name that says no argument of ``call``.
    """
    if len(names) == 1:
        return {names[0]: next(iter(shapes.values()), None)}
    for name in names:
        argument = name.removesuffix("_shape")
        if argument == name or argument not in layer._call.names:
            wrong = (
                "which" if argument == name else f"but `call()` has no argument `{argument}`, and"
            )
            raise ValueError(
                f"For a `{method}()` method with more than one argument, all arguments should have "
                "a `_shape` suffix and match an argument from `call()`. E.g. `"
                f"{method}(self, foo_shape, bar_shape)`. For layer '{type(layer).__name__}', "
                f"received `{method}()` argument `{name}`, {wrong} does not."
            )
    given = {f"{name}_shape": shape for name, shape in shapes.items()}
    return {name: given[name] for name in names if name in given}


def placed(function, args, named):
    """Values of keywords that may also be given by their positions.

    Raises
    ------
    TypeError
        If there are more positions than keywords.
    ValueError
        If one is given twice, or the first is a text, as a name would be.
    """
    if len(args) > len(named):
        raise TypeError(
            f"{function}() takes at most {len(named)} positional arguments but {len(args)} were "
            "given."
        )
    if args and isinstance(args[0], str):
        raise ValueError(
            f"`name` must be passed as a keyword argument. Received: {function}('{args[0]}', "
            f"...). Use: {function}(shape=..., name='{args[0]}')."
        )
    for name, value in zip(named, args):
        if named[name] is not None:
            raise ValueError(f"`{name}` was passed both positionally and as a keyword argument.")
        named[name] = value
    return named.values()


def completed(build):
    """`build` that names the weights' paths, and afterwards locks the layer."""

    # All else in a function of this module: a class of a notebook is pickled with its code and the
    # globals that it names, and a thread's own cannot be.
    @functools.wraps(build)
    def wrapper(self, *args, **kwargs):
        _build_as_a_whole(build, self, args, kwargs)

    return wrapper


def _build_as_a_whole(build, layer, args, kwargs):
    with _lock:
        if layer.__dict__.get("_is_building"):
            # A call of the base class's build.
            build(layer, *args, **kwargs)
        else:
            _build_or_leave(build, layer, args, kwargs)


def _build_or_leave(build, layer, args, kwargs):
    state = layer.__dict__
    outer = context.path
    before = {name: list(state.get(name, ())) for name in VARIABLE_LISTS}
    context.path = (*outer, layer.name)
    state["_path"] = "/".join(context.path)
    state["_is_building"] = True
    try:
        build(layer, *args, **kwargs)
    except Exception:
        state.update(before)
        raise
    finally:
        state["_is_building"] = False
        context.path = outer
    shapes = {**dict(zip(layer._build_names, args)), **kwargs}
    if len(shapes) == 1:
        state["_build_config"] = {"input_shape": next(iter(shapes.values()))}
    else:
        state["_build_config"] = {"shapes_dict": shapes}
    layer.built = True
    state["_is_locked"] = True


class Building(Weights):
    """The part of `Layer` that makes variables."""

    _build_names = ("input_shape",)

    @completed
    def build(self, input_shape):
        """Makes the weights; called before the first call, with the shape of its input."""

    def add_weight(
        self, *args, shape=None, initializer=None, dtype=None, trainable=True, autocast=True,
        regularizer=None, constraint=None, aggregation="none", overwrite_with_gradient=False,
        name=None,
    ):  # fmt: skip
        """Makes a weight.

        Parameters
        ----------
        *args
            The first three of these may be given by their positions.
        shape : tuple of int
            ``()`` by default.
        initializer : str, Initializer or callable, optional
            By default Glorot's uniform for floating-point weights, zeros for others.
        dtype : str, optional
            The layer's by default.
        trainable : bool
        autocast : bool
            Whether layers of mixed precision may cast it; there are none.
        regularizer : str, Regularizer or callable, optional
            A function of the weight that adds to the loss.
        constraint : str, Constraint or callable, optional
            A function that gives the nearest allowed weight; applied after each update.
        aggregation : str, optional
            How several machines would join their values; as of `Variable`.
        overwrite_with_gradient : bool
            False: the other is for float8.
        name : str, optional

        Returns
        -------
        Variable

        Raises
        ------
        TypeError
            For more than three positions.
        ValueError
            If a size is None, an argument is given twice, or the layer is built already.
        """
        self._check_init()
        self._check_not_locked()
        named = {"shape": shape, "initializer": initializer, "dtype": dtype}
        shape, initializer, dtype = placed("add_weight", args, named)
        dtype = self._dtype if dtype is None else policy_name(dtype)
        if initializer is None:
            initializer = "glorot_uniform" if dtype in REAL else "zeros"
        is_inside = context.path[-1:] == (self.name,)
        path = context.path if is_inside else (*context.path, self.name)
        name = auto_name("variable") if name is None else name
        path = "/".join((*path, name))
        shape = () if shape is None else tuple(shape)
        if None in shape:
            raise ValueError(
                "Shapes used to initialize variables must be fully-defined (no `None` "
                f"dimensions). Received: shape={shape} for variable path='{path}'"
            )
        variable = Variable(
            initializers.get(initializer), shape, dtype=dtype, trainable=trainable,
            autocast=autocast, aggregation=aggregation, name=name,
        )  # fmt: skip
        variable.overwrite_with_gradient = overwrite_with_gradient
        variable.path = path
        variable.regularizer = regularizers.get(regularizer)
        variable.constraint = constraints.get(constraint)
        self._track(variable)
        return variable

    def add_variable(
        self, shape, initializer, dtype=None, trainable=True, autocast=True, regularizer=None,
        constraint=None, name=None,
    ):  # fmt: skip
        """The same as `add_weight`."""
        return self.add_weight(
            shape=shape, initializer=initializer, dtype=dtype, trainable=trainable,
            autocast=autocast, regularizer=regularizer, constraint=constraint, name=name,
        )  # fmt: skip

    def _build_for(self, arguments):
        """Builds for the tensors of the first call, unless another thread has done so meanwhile."""
        with _lock:
            if not self.built:
                self._build_for_shapes_of(arguments)

    def _build_for_shapes_of(self, arguments):
        shapes = {name: shapes_of(value) for name, value in arguments.items()}
        if not self._has_own_build:
            is_whole = all(layer.built for layer in self._sublayers())
            if self._finds_shapes_itself and not is_whole and holds_symbolic(arguments.values()):
                # Nothing else would call the layers in it now.
                self._outputs_on_zeros((), arguments)
            Building.build(self, next(iter(shapes.values()), None))
            return
        found = shapes_for(self, "build", self._build_names, shapes)
        if len(self._build_names) == 1:
            self.build(*found.values())
        else:
            self.build(**found)

    def get_build_config(self):
        """The arguments that `build` was called with; None if it was not."""
        return self.__dict__.get("_build_config")

    def build_from_config(self, config):
        """Builds as `get_build_config` has described."""
        if config and "input_shape" in config:
            self.build(_with_tuples(config["input_shape"]))
        elif config:
            shapes = config["shapes_dict"].items()
            self.build(**{name: _with_tuples(shape) for name, shape in shapes})


def _with_tuples(shapes):
    """Shapes as tuples again, which are lists in JSON."""
    return None if shapes is None else map_shapes(lambda shape: shape, shapes)
