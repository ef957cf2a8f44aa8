"""The metrics that `compile` is given."""

import inspect
from contextlib import contextmanager
from typing import NamedTuple

from kerasette import metrics as known_metrics
from kerasette import tree
from kerasette.metrics import Metric
from kerasette.training.compile_loss import aligned
from kerasette.training.outputs import Outputs, is_parts, map_parts


class OutputMetric(NamedTuple):
    """A metric of one output.

    Attributes
    ----------
    number : int
        Of the output.
    metric : Metric
    prefix : str
        What its name in logs begins with.
    is_weighted : bool
        Whether it takes sample weights into account.
    """

    number: int
    metric: Metric
    prefix: str
    is_weighted: bool


class CompileMetrics(Metric):
    """The metrics of a model's outputs, as one metric: its result is a dict by name.

    Parameters
    ----------
    metrics, weighted_metrics : list, tuple or dict, or None
        For one output a list of metrics. For several a list with an entry for each, or a dict by
        name, or a structure like that of the outputs; an entry is a metric, a list, or None.
        The second kind takes sample weights into account.
    output_names : list of str, optional
        Names of the outputs.
    loss : CompileLoss, optional
        What says which outputs have targets, if some have none.

    Raises
    ------
    TypeError
        For a metric of values, such as `Mean`, which does not compare targets with outputs.
    ValueError
        For something that is no metric, or a name that is not known.
    """

    def __init__(self, metrics, weighted_metrics=None, output_names=None, loss=None):
        super().__init__(name="compile_metrics")
        self._given = _checked(metrics, "metrics")
        self._given_weighted = _checked(weighted_metrics, "weighted_metrics")
        # As in Keras, empty lists show among the metrics of the model; no list does not.
        self.is_listed = metrics is not None or weighted_metrics is not None
        self.output_names = output_names
        self.loss = loss
        self.forget()

    def forget(self):
        """As if no data had been seen."""
        self.parts = []
        self.is_built = False

    @property
    def are_given(self):
        """Whether there are any."""
        return bool(self._given or self._given_weighted)

    @property
    def metrics(self):
        """All metrics, those that ignore weights first; without data none."""
        return [part.metric for part in self.parts]

    @property
    def variables(self):
        """The variables of all metrics."""
        return [variable for metric in self.metrics for variable in metric.variables]

    # ---- building --------------------------------------------------------------------

    def build(self, y_true, y_pred):
        """Makes the metrics, once; what "accuracy" means stays until the next `compile`.

        Parameters
        ----------
        y_true, y_pred : structure of what has a shape

        Raises
        ------
        ValueError
            If the structures of metrics, targets and outputs do not match.
        """
        if self.is_built:
            return
        outputs = Outputs(y_pred, self.output_names)
        targets = outputs.targets(y_true, self._numbers_with_loss(outputs))
        self.parts = [
            *self._parts(outputs, targets, self._given, "metrics", False),
            *self._parts(outputs, targets, self._given_weighted, "weighted_metrics", True),
        ]
        self.is_built = True

    def _numbers_with_loss(self, outputs):
        return () if self.loss is None else self.loss.numbers(outputs)

    def _parts(self, outputs, targets, given, argument, is_weighted):
        parts = []
        for number, own in _by_output(outputs, given, argument).items():
            prefix = _prefix(outputs, number)
            for identifier in own if isinstance(own, (list, tuple)) else [own]:
                if targets[number] is None:
                    raise ValueError(
                        f"There are no targets for the metrics{outputs.label(number)}."
                    )
                shapes = targets[number].shape, outputs.shape(number)
                metric = known_metrics.resolve(identifier, *shapes)
                parts.append(OutputMetric(number, metric, prefix, is_weighted))
        return parts

    # ---- as a metric -----------------------------------------------------------------

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Takes a batch into account: structures of tensors."""
        if not self.are_given:
            return
        self.build(y_true, y_pred)
        outputs = Outputs(y_pred, self.output_names)
        numbers = self._numbers_with_loss(outputs)
        targets = outputs.targets(y_true, numbers)
        weights = outputs.weights(sample_weight, y_true, numbers)
        for number, metric, _, is_weighted in self.parts:
            output = outputs.tensors[number]
            with named_in_errors(metric):
                if is_weighted:
                    weight = aligned(weights[number], output)
                    metric.update_state(targets[number], output, weight)
                else:
                    metric.update_state(targets[number], output)

    def reset_state(self):
        """Forgets all data."""
        for metric in self.metrics:
            metric.reset_state()

    def result(self):
        """Results by name. Doubles get a number, and ``weighted_`` if they are weighted."""
        found, used = {}, {}
        for _, metric, prefix, is_weighted in self.parts:
            name = f"{prefix}{metric.name}"
            if is_weighted and name in used:
                name = f"{prefix}weighted_{metric.name}"
            found[_numbered(name, used)] = metric.result()
        return found


@contextmanager
def named_in_errors(metric):
    """Puts the name of a metric of ours before what it says about data that does not fit."""
    try:
        yield
    except ValueError as error:
        if not type(metric).__module__.startswith("kerasette."):
            raise
        raise ValueError(f"Metric '{metric.name}': {error}") from error


def _numbered(name, used):
    count = used.get(name, 0)
    used[name] = count + 1
    return f"{name}_{count}" if count else name


def _checked(given, argument):
    """The metrics as they are given, configs as metrics; names are looked up."""
    if given is None:
        return []
    if not is_parts(given):
        raise ValueError(
            f"Expected `{argument}` argument to be a list, tuple, or dict. "
            f"Received instead: {argument}={given!r} of type {type(given)}"
        )
    known = map_parts(_known, given)
    flat = tree.flatten(known)
    if flat and all(metric is None for metric in flat):
        raise ValueError(f"Expected metric, received `None`. Received: {argument}={given!r}")
    return known


def _known(identifier):
    if identifier is None or known_metrics.depends_on_shapes(identifier):
        return identifier
    metric = known_metrics.get(identifier)
    if isinstance(metric, Metric):
        check_compares(metric)
    return metric if isinstance(identifier, dict) else identifier


def check_compares(metric):
    """Raises if a metric takes values and their weights: outputs would be taken for weights."""
    names = list(inspect.signature(metric.update_state).parameters)
    if names[1:2] == ["sample_weight"]:
        raise TypeError(
            "A metric of `compile` compares targets with outputs, by "
            "`update_state(y_true, y_pred, sample_weight=None)`. Received: "
            f"{metric!r}, whose `update_state` takes ({', '.join(names)}). Make it an attribute "
            "of the model, and update it in a `train_step` of your own."
        )


def _by_output(outputs, given, argument):
    """What is given for each output that has metrics, by its number."""
    if not given:
        return {}
    if len(outputs) == 1:
        return {0: tree.flatten(given)}
    found = _by_entry(outputs, given) if outputs.is_flat else {}
    numbers = tree.pack_sequence_as(outputs.structure, list(range(len(outputs))))
    if not found and not _fill(found, given, numbers):
        _raise_for_form(outputs, given, argument)
    return {number: found[number] for number in sorted(found) if found[number] is not None}


def _by_entry(outputs, given):
    """One entry for each output, from a list of as many, or from a dict by name."""
    if isinstance(given, dict):
        numbers = {key: number for number, key in enumerate(outputs.keys or ())}
        is_known = set(given) <= set(numbers)
        return {numbers[key]: own for key, own in given.items()} if is_known else {}
    return dict(enumerate(given)) if len(given) == len(outputs) else {}


def _fill(found, given, numbers):
    """Notes what stands in the places of outputs; False if the structures differ."""
    if not tree.is_nested(numbers):
        found[numbers] = given
        return True
    if isinstance(numbers, dict):
        keys = numbers if isinstance(given, dict) and set(given) == set(numbers) else None
    else:
        is_like = isinstance(given, (list, tuple)) and len(given) == len(numbers)
        keys = range(len(numbers)) if is_like else None
    return keys is not None and all(_fill(found, given[key], numbers[key]) for key in keys)


def _raise_for_form(outputs, given, argument):
    form = tree.map_structure(lambda _: "X", outputs.structure)
    names = "" if outputs.names is None else (
        f"either be a dict or a list matching the output names of the model {outputs.names} or "
    )  # fmt: skip
    raise ValueError(
        f"Invalid `{argument}`. `{argument}` should contain metrics objects and {names}match the "
        f"output structure of the model: {form}.\nReceived: {argument}={given}"
    )


def _prefix(outputs, number):
    """What the names of an output's metrics begin with, if there are several outputs."""
    if len(outputs) == 1:
        return ""
    keys = outputs.keys
    return f"{keys[number]}_" if keys else ""
