"""From the arguments of fit, evaluate and predict to batches; everything is checked first."""

from contextlib import contextmanager
from types import SimpleNamespace

from kerasette._core.dtypes import floatx
from kerasette.data.arrays import Batches, as_samples, check_same_length, target_dtype
from kerasette.data.epochs import Epochs
from kerasette.data.splits import class_weight_to_sample_weights, train_validation_split
from kerasette.models.arguments import checked_batch_size, checked_count, checked_steps

NAMES = ("x", "y", "sample_weight")


class DataChecks:
    """The part of `Trainer` that makes batches of what users pass."""

    def _checked_data(self, what, arrays, batch_size, steps=None):
        """x, y and weights (or None) as `Batches`; raises before anything has changed."""
        with self._as_before_on_error():
            return self._batches(what, arrays, batch_size, steps)

    def _batches(self, what, arrays, batch_size, steps):
        self._check_has_targets(what, arrays)
        arrays = {
            name: as_samples(array, name)
            for name, array in zip(NAMES, arrays, strict=True)
            if array is not None or name == "x"
        }
        check_same_length(arrays)
        n_samples = len(arrays["x"])
        if n_samples == 0:
            raise ValueError(f"{what} got no samples: x has shape {arrays['x'].shape}.")
        size = min(checked_batch_size(batch_size, n_samples, steps), n_samples)
        arrays["x"] = x = self._fit_input(arrays["x"])
        output_shape = self.compute_output_shape((size, *x.shape[1:]))
        output = SimpleNamespace(shape=output_shape)
        self._check_targets(arrays.get("y"), arrays.get("sample_weight"), output, arrays)
        dtypes = {"x": self._input_dtype(), "sample_weight": floatx()}
        if "y" in arrays:
            dtypes["y"] = target_dtype(arrays["y"])
        return Batches(size, dtypes, **arrays)

    def _check_has_targets(self, what, arrays):
        if arrays[1] is None and (
            self._compiled_loss is not None or self._compiled_metrics.are_given
        ):
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
            raise

    def _fit_input(self, x):
        """x with the rank of the model's input; builds the model if it is not."""
        if not self.built:
            self.build((None, *x.shape[1:]))
        expected = self.input_shape
        if x.ndim == len(expected) - 1 and expected[-1] == 1:
            x = x[..., None]
        sizes = zip(x.shape[1:], expected[1:])
        if x.ndim != len(expected) or any(b is not None and a != b for a, b in sizes):
            is_one_sample = x.shape == expected[1:]
            raise ValueError(
                f'Input of model "{self.name}" is incompatible with the data: expected '
                f"shape={expected}, found shape={x.shape}."
                + " A single sample needs an axis for the batch: x[None]."
                * is_one_sample
            )
        return x

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

    def _split(self, data, sample_weight, share):
        """Training and validation data. Class weights are for training only."""
        named = zip(NAMES, data, strict=True)
        arrays = {n: None if a is None else as_samples(a, n) for n, a in named}
        check_same_length({n: a for n, a in arrays.items() if a is not None})
        train, validation = train_validation_split(list(arrays.values()), share)
        if sample_weight is None:
            validation[2] = None
        return train, validation

    def _checked_validation(self, data, batch_size, steps):
        """A function that gives the batches of a validation, from the first on; or None."""
        steps = checked_steps(steps, "validation_steps")
        if batch_size is not None:
            checked_count(batch_size, "validation_batch_size")
        if data is None:
            return None
        if not isinstance(data, (tuple, list)) or not 1 <= len(data) <= 3:
            raise ValueError(
                "`validation_data` must be a tuple (x_val, y_val) or (x_val, y_val, "
                f"sample_weight). Received: {type(data)}"
            )
        arrays = (*data, None, None)[:3]
        batches = self._checked_data("validation_data", arrays, batch_size, steps)
        return lambda: Epochs(batches, steps)

    def _whole_batch(self, what, data):
        x = as_samples(data[0], "x")
        return self._checked_data(what, (x, *data[1:]), max(len(x), 1))
