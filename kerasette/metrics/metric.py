"""The base of metrics."""

from kerasette import initializers, ops
from kerasette._core.variable import Variable
from kerasette.default_dtype import floatx
from kerasette.dtype_policies import policy_name
from kerasette.naming import auto_name
from kerasette.tracking import Measure

AGGREGATIONS = ("mean", "none", "only_first_replica", "sum", None)


class Metric(Measure):
    """A number about all the data seen since the last reset.

    Subclasses make variables with `add_variable`, assign to them in ``update_state(y_true,
    y_pred, sample_weight=None)``, and compute ``result()`` from them. An update consists of ops
    only: it is recorded, so it must not read a value in Python.

    Parameters
    ----------
    dtype : str, optional
        ``floatx()`` by default.
    name : str, optional

    Examples
    --------
    >>> import kerasette
    >>> class Largest(kerasette.metrics.Metric):
    ...     def __init__(self, **kwargs):
    ...         super().__init__(**kwargs)
    ...         self.largest = self.add_variable(shape=(), initializer="zeros")
    ...
    ...     def update_state(self, y_true, y_pred, sample_weight=None):
    ...         self.largest.assign(kerasette.ops.max(y_pred))
    ...
    ...     def result(self):
    ...         return self.largest.value
    >>> float(Largest()([0.0], [3.0]))
    3.0
    """

    # Whether all of the state is there. Metrics whose state has the shape of the data set it to
    # False, and have a method `_build(y_true_shape, y_pred_shape)` that makes the rest.
    _built = True

    def __init__(self, dtype=None, name=None):
        self.name = name or auto_name(type(self).__name__)
        self._dtype = policy_name(dtype or floatx())
        self._variables = []

    @property
    def dtype(self):
        """Dtype of the computation."""
        return self._dtype

    def add_variable(self, shape, initializer, dtype=None, aggregation="sum", name=None):
        """Makes a variable for a part of the state.

        Parameters
        ----------
        shape : tuple of int
        initializer : str, Initializer or callable
        dtype : str, optional
            The metric's by default.
        aggregation : {"sum", "mean", "only_first_replica", "none", None}
            How Keras joins what several machines have counted; here there is one.
        name : str, optional

        Returns
        -------
        Variable

        Raises
        ------
        RuntimeError
            If the constructor has not called that of `Metric`.
        ValueError
            For another `aggregation`.
        """
        if "_variables" not in self.__dict__:
            raise RuntimeError(
                f"In metric {type(self).__name__}, you forgot to call `super().__init__()` in the "
                "`__init__()` method."
            )
        if aggregation not in AGGREGATIONS:
            raise ValueError(
                f"Invalid value for argument `aggregation`. Expected one of {AGGREGATIONS}. "
                f"Received: aggregation={aggregation}"
            )
        dtype = self._dtype if dtype is None else policy_name(dtype)
        initializer = initializers.get(initializer)
        variable = Variable(initializer, shape, dtype=dtype, trainable=False, name=name)
        variable.path = f"{self.name}/{variable.name}"
        self._variables.append(variable)
        return variable

    def add_weight(self, shape=(), initializer=None, dtype=None, name=None):
        """The same as `add_variable`; zeros by default."""
        initializer = "zeros" if initializer is None else initializer
        return self.add_variable(shape, initializer, dtype, name=name)

    @property
    def variables(self):
        """The variables of this metric, and of the metrics in it."""
        found = self._owned(Variable)
        for metric in self._owned(Metric):
            found.extend(metric.variables)
        return found

    def update_state(self, *args, **kwargs):
        """Takes a batch into account."""
        raise NotImplementedError(f"{type(self).__name__} must implement `update_state()`.")

    def result(self):
        """The metric so far, a scalar tensor."""
        raise NotImplementedError(f"{type(self).__name__} must implement `result()`.")

    def reset_state(self):
        """Forgets all data: sets every variable to zeros."""
        for variable in self.variables:
            variable.assign(ops.zeros(variable.shape, variable.dtype))

    def __call__(self, *args, **kwargs):
        """Updates the state, and returns the result."""
        self.update_state(*args, **kwargs)
        return self.result()

    def get_config(self):
        """The arguments that make such a metric."""
        return {"name": self.name, "dtype": self.dtype}

    @classmethod
    def from_config(cls, config):
        """The metric that `get_config` has described."""
        return cls(**config)

    def __repr__(self):
        return f"<{type(self).__name__} name={self.name}>"
