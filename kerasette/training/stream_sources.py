"""Streams of batches as data of `fit` and `evaluate`: what may be passed beside them."""

import warnings

from kerasette.data.streams import PyDatasetStream, stream_of


class StreamValidation:
    """Gives epochs over a stream; as in Keras nothing is taken from it before it is needed."""

    def __init__(self, model, stream, batch_size, steps, y=None, sample_weight=None):
        data = (stream, y, sample_weight)
        check_is_alone(stream_of(stream), y, sample_weight)
        self._make = lambda: model._epochs(
            "validation_data", data, batch_size, steps, looks_ahead=False
        )
        self._epochs = None

    def __call__(self):
        if self._epochs is None:
            self._epochs = self._make()
        return self._epochs


def check_is_alone(stream, y, sample_weight, class_weight=None):
    """Raises if something is passed beside a stream that it should give itself."""
    for name, value, meaning in (
        ("y", y, "targets"), ("sample_weight", sample_weight, "sample weights")
    ):  # fmt: skip
        if value is not None:
            raise ValueError(
                f"When providing `x` as a {stream.kind}, `{name}` should not be passed. Instead, "
                f"the {meaning} should be included as part of the {stream.kind}."
            )
    if class_weight is not None and not isinstance(stream, PyDatasetStream):
        raise ValueError(
            f"Argument `class_weight` is not supported for {stream.kind} inputs. Let the batches "
            f"hold sample weights instead. Received: class_weight={class_weight}"
        )


def warn_of_order(stream):
    """Warns that batches come in the order in which the stream gives them."""
    if isinstance(stream, PyDatasetStream) and stream.n_batches is not None:
        return
    warnings.warn(
        f"`shuffle=True` was passed, but will be ignored since the data `x` was provided as a "
        f"{stream.kind}. {stream.hint}",
        stacklevel=4,
    )


def warn_of_batch_size(stream, batch_size):
    """Warns that a stream decides itself how large its batches are."""
    warnings.warn(
        f"`batch_size={batch_size}` has no effect on the batches of the {stream.kind}: they are as "
        "large as it makes them.",
        stacklevel=4,
    )
