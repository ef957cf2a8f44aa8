"""From the arguments of fit and evaluate to epochs, over arrays or over streams of batches."""

import numpy as np

from kerasette.data.epochs import Epochs
from kerasette.data.splits import train_validation_split
from kerasette.data.structures import NAMES, arrays_by_name, check_same_length
from kerasette.training.arguments import checked_count, checked_steps


def stream_of(x):
    """The stream of batches that x is, or None. What arrays do not need is loaded for others."""
    if x is None or type(x) is np.ndarray:
        return None
    from kerasette.data import streams

    return streams.stream_of(x)


class DataSources:
    """The part of `Trainer` that tells kinds of data apart."""

    def _epochs(
        self, what, data, batch_size=None, steps=None, shuffle=False, class_weight=None,
        looks_ahead=True,
    ):  # fmt: skip
        """Epochs over x, y and weights, or over the stream that x is.

        Raises before anything has changed. The first batch of a stream is looked at where the
        model waits for the shapes of data, and `looks_ahead` is set.
        """
        x, y, sample_weight = data
        stream = stream_of(x)
        if stream is None:
            weights = self._weighted(y, sample_weight, class_weight)
            return Epochs(
                self._checked_data(what, (x, y, weights), batch_size, steps), steps, shuffle
            )
        from kerasette.data.stream_epochs import StreamEpochs
        from kerasette.training import stream_sources

        stream_sources.check_is_alone(stream, y, sample_weight, class_weight)
        if shuffle:
            stream_sources.warn_of_order(stream)
        if batch_size is not None:
            stream_sources.warn_of_batch_size(stream, checked_count(batch_size, "batch_size"))
        epochs = StreamEpochs(stream, steps, shuffle, class_weight)
        if looks_ahead and self._awaits_shapes:
            with self._as_before_on_error():
                try:
                    self._batch_maker(what, epochs)(epochs.first())
                finally:
                    epochs.close()
        return epochs

    def _batch_maker(self, what, epochs):
        """A function that makes `Batches` of what a stream gives."""
        from kerasette.training.stream_batches import BatchMaker

        return BatchMaker(self, what, epochs.stream, epochs.class_weight)

    def _stream_batch(self, what, arrays, size):
        """`Batches` of a batch, checked as whole arrays are."""
        if what == "predict":
            return self._prediction_batches(arrays["x"], size)
        with self._as_before_on_error():
            method = {"train": "fit", "test": "evaluate"}.get(what, what)
            self._check_has_targets(method, arrays)
            return self._checked_batches(arrays, size)

    # ---- validation ------------------------------------------------------------------------

    def _split(self, data, share):
        """Training and validation data."""
        if stream_of(data[0]) is not None:
            raise ValueError(
                "Argument `validation_split` is only supported for tensors or NumPy arrays. Found "
                f"incompatible type in the input: {type(data[0])}"
            )
        arrays = arrays_by_name(data)
        check_same_length(arrays)
        train, validation = train_validation_split(arrays, share)
        return tuple(train.get(name) for name in NAMES), tuple(map(validation.get, NAMES))

    def _checked_validation(self, data, batch_size, steps, default_batch_size=None):
        """A function that gives the epochs of a validation, or None."""
        steps = checked_steps(steps, "validation_steps")
        if batch_size is not None:
            checked_count(batch_size, "validation_batch_size")
        if data is None:
            return None
        if stream_of(data) is not None:
            from kerasette.training.stream_sources import StreamValidation

            return StreamValidation(self, data, batch_size, steps)
        if not isinstance(data, (tuple, list)) or not 1 <= len(data) <= 3:
            raise ValueError(
                "`validation_data` must be a tuple (x_val, y_val) or (x_val, y_val, "
                f"sample_weight), or batches of such tuples. Received: {type(data)}"
            )
        if stream_of(data[0]) is not None:
            from kerasette.training.stream_sources import StreamValidation

            return StreamValidation(self, data[0], batch_size, steps, *data[1:])
        data = (*data, None, None)[:3]
        size = default_batch_size if batch_size is None else batch_size
        batches = self._checked_data("validation_data", data, size, steps)
        return lambda: Epochs(batches, steps)
