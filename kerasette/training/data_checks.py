"""From arrays to batches; everything is checked first."""

from contextlib import contextmanager

import numpy as np

from kerasette import tree
from kerasette._core.structure import structure_version
from kerasette.data.arrays import Batches, target_dtype
from kerasette.data.splits import class_weight_to_sample_weights
from kerasette.data.structures import (
    Layout,
    arrays_by_name,
    as_samples,
    check_same_length,
    count_samples,
)
from kerasette.default_dtype import floatx
from kerasette.training.arguments import checked_batch_size
from kerasette.training.targets import check_class_numbers

ONLY_X = Layout({"x": None})


class DataChecks:
    """The part of `Trainer` that makes batches of the arrays that users pass."""

    def _weighted(self, y, sample_weight, class_weight):
        """The sample weights; those of the classes if there are such."""
        if class_weight is None:
            return sample_weight
        if sample_weight is not None:
            raise ValueError(
                "Arguments `sample_weight` and `class_weight` cannot be specified at the same "
                "time: put the weights of the classes into `sample_weight`."
            )
        return class_weight_to_sample_weights(as_samples(y, "y"), class_weight)

    def _checked_data(self, what, data, batch_size, steps=None):
        """x, y and weights (or None) as `Batches`; raises before anything has changed."""
        with self._as_before_on_error():
            arrays = arrays_by_name(data)
            self._check_has_targets(what, arrays)
            check_same_length(arrays)
            n_samples = count_samples(arrays["x"])
            if n_samples == 0:
                shapes = tree.map_structure(lambda x: x.shape, arrays["x"], none_is_leaf=False)
                raise ValueError(f"{what} got no samples: x has shape {shapes}.")
            size = min(checked_batch_size(batch_size, n_samples, steps), n_samples)
            batches = self._checked_batches(arrays, size)
            if steps is None:
                self._check_carried_rows(n_samples, size)
            return batches

    def _checked_batches(self, arrays, size):
        """`Batches` of arrays that the model, its loss and its metrics take."""
        kinds = tuple([(name, kind_of(structure)) for name, structure in arrays.items()])
        known = self._pool.known.get((structure_version(), kinds))
        if known is None:
            known = self._checked_kind(arrays)
            # The version may be another one by now: the model may have been built.
            self._pool.known[structure_version(), kinds] = known
        layout, dtypes, labels = known
        flat = layout.flatten(arrays)
        for place, loss, output_shape in labels:
            if isinstance(flat[place], np.ndarray):
                check_class_numbers(loss, flat[place], output_shape)
        return Batches(size, layout, flat, dtypes)

    def _checked_kind(self, arrays):
        """What is the same for all arrays of such shapes and dtypes, if they fit.

        Returns
        -------
        (Layout, list of str, list)
            How they are flattened, what they become, and which of them `class_targets` names.
        """
        specs, outputs = self._specs_and_outputs(arrays["x"])
        self._check_targets(arrays.get("y"), arrays.get("sample_weight"), outputs)
        layout = Layout(arrays)
        dtypes = layout.flatten(dtypes_of(arrays, specs))
        places = layout.pack(range(len(dtypes)))
        return layout, dtypes, self._class_targets(places.get("y"), outputs)

    def _whole_batch(self, what, data):
        """x, y and weights as one batch."""
        x = as_samples(data[0], "x")
        return self._checked_data(what, (x, *data[1:]), max(count_samples(x), 1))

    def _prediction_batches(self, x, batch_size):
        """The inputs of `predict` as `Batches`; the model is built if it was not."""
        if type(x) is not np.ndarray:
            return self._input_batches(x, batch_size)
        # One row at a time is what services ask for: what is known is not found out again.
        dtype = self._pool.known.get((structure_version(), x.shape[1:], x.dtype))
        if dtype is None:
            batches = self._input_batches(x, batch_size)
            self._pool.known[structure_version(), x.shape[1:], x.dtype] = batches.dtypes[0]
            return batches
        return Batches(batch_size, ONLY_X, [x], [dtype])

    def _input_batches(self, x, batch_size):
        self._check_not_one_sample(x)
        specs = self._input_specs(x)
        if not self.built:
            self._output_specs(specs)
        arrays = {"x": x}
        layout = Layout(arrays)
        dtypes = layout.flatten(dtypes_of(arrays, specs))
        return Batches(batch_size, layout, layout.flatten(arrays), dtypes)

    def _check_not_one_sample(self, x):
        """Raises if x looks like one sample, without an axis for the batch."""
        expected = getattr(self, "input_shape", None) if self.built else None
        if tree.is_nested(x) or not isinstance(expected, tuple) or not tree.is_shape(expected):
            return
        if x.shape == expected[1:] and x.shape[-1] != 1:
            raise ValueError(
                f'Input of model "{self.name}" is incompatible with the data: expected '
                f"shape={expected}, found shape={x.shape}. A single sample needs an axis for the "
                "batch: x[None]."
            )

    def _check_carried_rows(self, n_samples, size):
        """Raises if not all batches have the rows that stateful layers carry states for.

        What one batch has is for the layer to say, before that batch has changed anything.
        """
        rows = carried_rows(self) if n_samples > size else None
        if rows is not None and (size != rows or n_samples % rows):
            raise ValueError(
                "If an RNN is stateful, the batch size of the input sequences must be the same as "
                f"the batch size of the initial state.\n- Expected batch size: {rows}\n- Received: "
                f"{n_samples} samples in batches of {size}"
            )

    def _specs_and_outputs(self, x):
        """What inputs become, and what the model returns for them; found once for each kind."""
        kind = kind_of(x)
        known = self._pool.known.get((structure_version(), kind))
        if known is None:
            self._check_not_one_sample(x)
            specs = self._input_specs(x)
            known = specs, self._outputs_if_known(specs)
            # The version may be another one by now: the model may have been built.
            self._pool.known[structure_version(), kind] = known
        return known

    def _outputs_if_known(self, specs):
        try:
            return self._output_specs(specs)
        except NotImplementedError:
            if self._has_own_steps():
                # They need no `call`.
                return None
            raise

    def _check_has_targets(self, what, arrays):
        if "y" not in arrays and self._compiled_parts() and not self._has_own_steps():
            raise ValueError(
                f"{what} needs targets: `y` is None, and the model was compiled with a loss or "
                "metrics, which compare outputs with targets."
            )

    @contextmanager
    def _as_before_on_error(self):
        """Has loss and metrics forget the shapes of data that was refused."""
        parts = [self._compiled_loss, self._compiled_metrics]
        unbuilt = [part for part in parts if part is not None and not part.is_built]
        try:
            yield
        except Exception:
            for part in unbuilt:
                part.forget()
            if unbuilt:
                self._pool.known.clear()
            raise


def carried_rows(model):
    """How many rows each batch must have for layers that carry states; None: any number."""
    for layer in model._flatten_layers(include_self=False):
        if layer._carried_rows is not None:
            return layer._carried_rows
    return None


def dtypes_of(arrays, specs):
    """What arrays are converted to, by name; those of x as `specs` say."""
    dtypes = {"x": tree.map_structure(lambda spec: spec.dtype, specs, none_is_leaf=False)}
    if "y" in arrays:
        dtypes["y"] = tree.map_structure(target_dtype, arrays["y"], none_is_leaf=False)
    if "sample_weight" in arrays:
        dtypes["sample_weight"] = tree.map_structure(
            lambda _: floatx(), arrays["sample_weight"], none_is_leaf=False
        )
    return dtypes


def kind_of(x):
    """What tells kinds of inputs apart: forms, shapes without the batch, and dtypes."""
    if type(x) is np.ndarray:
        return x.shape[1:], x.dtype
    kinds = tree.map_structure(lambda array: (array.shape[1:], array.dtype), x, none_is_leaf=False)
    return repr(kinds)
