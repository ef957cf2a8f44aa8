"""Parameters of what an estimator builds: ``model__units``, ``optimizer__learning_rate``."""

import inspect

PREFIXES = ("model__", "optimizer__")
# What a function that makes models is given by the estimator.
GIVEN = ("input_shape", "output_shape", "n_classes")


class _OwnSignature:
    """The signature of a class without ``**nested``, which names no parameter by itself."""

    def __get__(self, instance, owner):
        signature = inspect.signature(owner.__init__)
        named = [p for p in signature.parameters.values() if p.kind is not p.VAR_KEYWORD]
        return signature.replace(parameters=named[1:])


class NestedParameters:
    """The part of an estimator that takes parameters for its model's function and its optimizer.

    The constructor collects them in ``**nested`` and hands them to `_set_nested`; each is an
    attribute of that name then. What names the function and the optimizer take is checked when
    parameters are set, and before anything is built.
    """

    # What scikit-learn's checks pass each parameter by.
    __signature__ = _OwnSignature()

    def _set_nested(self, nested):
        for name in nested:
            if not name.startswith(PREFIXES):
                raise TypeError(
                    f"{type(self).__name__}.__init__() got an unexpected keyword argument {name!r}"
                )
        for name, value in nested.items():
            setattr(self, name, value)

    def _nested(self, prefix=PREFIXES):
        """The nested parameters that are set, by full name."""
        return {name: value for name, value in vars(self).items() if name.startswith(prefix)}

    def _parameters(self):
        """All that constructors have stored: more than `get_params` where a subclass names less."""
        return {
            name: value
            for name, value in vars(self).items()
            if not name.startswith("_") and not name.endswith("_")
        }

    def get_params(self, deep=True):
        """The estimator's parameters, by name.

        Parameters
        ----------
        deep : bool
            Whether arguments of the function that makes the model are among them, as
            ``model__<argument>``, also where they have their defaults.

        Returns
        -------
        dict
        """
        params = super().get_params(deep=deep)
        if deep and is_function(self.model):
            params |= {f"model__{k}": v for k, v in own_defaults(self.model).items()}
        return {**params, **self._nested()}

    def set_params(self, **params):
        """Sets parameters, those of the model's function and of the optimizer too.

        Parameters
        ----------
        **params
            By name.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If there is no such parameter. Nothing has changed then.
        """
        names = self._get_param_names()
        nested = {name: value for name, value in params.items() if name.startswith(PREFIXES)}
        plain = {name: value for name, value in params.items() if name not in nested}
        for name in plain:
            if name not in names:
                raise ValueError(unknown_parameter(name.partition("__")[0], self, names))
        after = {"model": self.model, "optimizer": self.optimizer, **self._nested(), **params}
        self._check_nested(after)
        for name, value in params.items():
            setattr(self, name, value)
        return self

    def _check_nested(self, params=None):
        """Raises unless function and optimizer take the parameters that are set for them.

        Parameters
        ----------
        params : dict, optional
            Of the estimator, by name; as they are by default.
        """
        params = self.get_params(deep=False) if params is None else params
        check_model_arguments(params["model"], nested_of(params, "model__"))
        is_default = params["model"] is None and params["optimizer"] is None
        optimizer = "adam" if is_default else params["optimizer"]
        check_optimizer_arguments(optimizer, nested_of(params, "optimizer__"))


def nested_of(params, prefix):
    """The nested parameters with a prefix, which is taken off."""
    return {
        name.removeprefix(prefix): value
        for name, value in params.items()
        if name.startswith(prefix)
    }


def is_function(model):
    """Whether `model` is to be called for a model, and is neither one itself nor a layer."""
    from kerasette.layers import Layer

    return callable(model) and not isinstance(model, Layer)


def signature_of(function):
    """Parameters of a function by name, and whether it takes any other name."""
    parameters = inspect.signature(function).parameters.values()
    kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    named = {p.name: p for p in parameters if p.kind in kinds}
    return named, any(p.kind is p.VAR_KEYWORD for p in parameters)


def own_defaults(function):
    """Defaults of a function's own arguments, by name."""
    named, _ = signature_of(function)
    return {
        name: parameter.default
        for name, parameter in named.items()
        if name not in GIVEN and parameter.default is not parameter.empty
    }


def check_model_arguments(model, arguments):
    """Raises unless `arguments` are keyword arguments of the function that makes the model."""
    if not arguments:
        return
    if not is_function(model):
        what = "None" if model is None else f"of type {type(model).__name__}"
        raise ValueError(
            f"Invalid parameter {f'model__{next(iter(arguments))}'!r}: parameters of the model are "
            f"arguments of the function given as `model`, which is {what}."
        )
    for name in GIVEN:
        if name in arguments:
            raise ValueError(
                f"Invalid parameter {f'model__{name}'!r}: `{name}` is given to the function by "
                "the estimator."
            )
    named, takes_any = signature_of(model)
    _check_names(arguments, [name for name in named if name not in GIVEN], takes_any, model)


def check_optimizer_arguments(optimizer, arguments):
    """Raises unless `arguments` are those of an optimizer.

    Parameters
    ----------
    optimizer : str, class, Optimizer or None
        None is not known before the model is.
    arguments : dict
    """
    if not arguments or optimizer is None:
        return
    names = optimizer_arguments(optimizer_class(optimizer))
    _check_names(arguments, names, False, optimizer_class(optimizer))


def optimizer_class(optimizer):
    """The class that a name, a class or an optimizer means.

    Raises
    ------
    ValueError
        If it is none of these, or a name that is not known.
    """
    from kerasette import optimizers

    if isinstance(optimizer, type) and issubclass(optimizer, optimizers.Optimizer):
        return optimizer
    return type(optimizers.get(optimizer))


def optimizer_arguments(cls):
    """Names of the arguments of an optimizer's class, its bases' among them if it hands them on."""
    names = []
    for base in cls.__mro__:
        if "__init__" not in vars(base):
            continue
        named, takes_any = signature_of(base.__init__)
        names += [name for name in named if name != "self" and name not in names]
        if not takes_any:
            break
    return names


def _check_names(arguments, names, takes_any, owner):
    for name in arguments:
        if name not in names and not takes_any:
            raise ValueError(unknown_parameter(name, name_of(owner), names))


def name_of(function):
    """What a function or class is called, else how it is written."""
    return getattr(function, "__qualname__", None) or repr(function)


def unknown_parameter(name, owner, names):
    """scikit-learn's words about a parameter that there is not."""
    return f"Invalid parameter {name!r} for estimator {owner}. Valid parameters are: {names!r}."
