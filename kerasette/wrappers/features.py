"""What an inner layer of a model returns."""

import math
from contextlib import contextmanager

from kerasette import tree
from kerasette._core.tensor import Tensor
from kerasette.checks import is_whole
from kerasette.layers.call import context
from kerasette.models import Model
from kerasette.wrappers.readings import Reading


class Features:
    """The outputs of one layer of a model, and how to get back from them.

    Parameters
    ----------
    model : Model
        Built. It is shared: its weights are those of the moment of a call.
    layer : str, int or None
        Name or index in ``model.layers``; of several calls its last one counts. None is the layer
        before the last one with weights; or, if `narrowest`, of the layers from the first one with
        weights to that one, the one that returns the fewest numbers, the last if there are several.
    X : array or dict of arrays
        Samples for the model; the first one is put through it.
    narrowest : bool

    Attributes
    ----------
    layer : Layer
    shape : tuple of int
        Of the features of a sample.

    Raises
    ------
    ValueError
        If there is no such layer, it returns no single array, or there is none between the inputs
        and the outputs.
    """

    def __init__(self, model, layer, X, narrowest):
        self.model = model
        outputs = _outputs_by_layer(model, tree.map_structure(lambda array: array[:1], X))
        self.layer = (
            _inner_layer(model, outputs, narrowest) if layer is None else _named(model, layer)
        )
        *earlier, found = outputs.get(self.layer, (None,))
        if not isinstance(found, Tensor) or found.shape[:1] != (1,):
            what = "nothing in a call" if found is None else "no single array with a row a sample"
            raise ValueError(
                f"layer={layer!r} of the model {model.name!r} returns {what}: it gives no features."
            )
        self.shape = tuple(found.shape[1:])
        self._is_called_once = not earlier
        self._encoder = self._decoder = None

    def __getstate__(self):
        # They have the layers of the model, which is there.
        return {**self.__dict__, "_encoder": None, "_decoder": None}

    def of(self, X):
        """Features of samples.

        Returns
        -------
        ndarray of shape (samples, ...)
        """
        if self._encoder is None:
            self._encoder = self._part_of_graph() or Inner(self)
        return self._encoder.predict(X, verbose=0)

    def _part_of_graph(self):
        """The model up to the layer, if it is a graph with the layer once in it; else None."""
        if not self._is_called_once:
            return None
        try:
            return Model(self.model.inputs, self.layer.output, name="features")
        except (AttributeError, ValueError):
            return None

    def outputs(self, features):
        """What the model makes of features.

        Raises
        ------
        ValueError
            If the outputs depend on more than the features.
        """
        if self._decoder is None:
            self._decoder = self._rest_of_graph()
        return tree.flatten(self._decoder.predict(features, verbose=0))[0]

    def _rest_of_graph(self):
        reason = "it is called several times."
        if self._is_called_once:
            try:
                return Model(self.layer.output, self.model.outputs, name="from_features")
            except (AttributeError, ValueError) as error:
                reason = str(error)
        raise ValueError(
            f"The outputs of the model {self.model.name!r} are not known to follow from those of "
            f"its layer {self.layer.name!r} alone: {reason}"
        )


class Inner(Reading):
    """What a layer returns while a model is called, whatever its `call` does.

    Parameters
    ----------
    features : Features
    """

    def __init__(self, features):
        super().__init__(features.model, "features")
        self.layer = features.layer

    def call(self, inputs):
        """The features of a batch."""
        found = []
        with _watching(lambda layer, outputs: found.append(outputs) if layer is self.layer else 0):
            self.model(inputs, training=False)
        return found[-1]


@contextmanager
def _watching(note):
    """Has `note` called with each layer that is called in this thread, and what it returns."""
    before = context.watcher
    context.watcher = note
    try:
        yield
    finally:
        context.watcher = before


def _outputs_by_layer(model, sample):
    """What the layers of a model return for a sample in each of their calls, in their order."""
    outputs, own = {}, set(model.layers)

    def note(layer, found):
        if layer in own:
            # A layer has its place by its last call.
            outputs[layer] = [*outputs.pop(layer, ()), found]

    with _watching(note):
        model(sample, training=False)
    return outputs


def _named(model, layer):
    if not isinstance(layer, str) and not is_whole(layer):
        raise ValueError(
            "The 'layer' parameter must be None, the name of a layer or its index. "
            f"Got {layer!r} instead."
        )
    try:
        return model.get_layer(**{"name" if isinstance(layer, str) else "index": layer})
    except ValueError as error:
        known = [layer.name for layer in model.layers]
        raise ValueError(
            f"There is no layer={layer!r} in the model {model.name!r}: it has the layers {known}."
        ) from error


def _inner_layer(model, outputs, narrowest):
    called = list(outputs)
    weighted = [
        n for n, layer in enumerate(called) if layer.weights and not hasattr(layer, "adapt")
    ]
    if len(weighted) < 2:
        raise ValueError(
            f"The model {model.name!r} has no hidden layer, which features could come from: give "
            "it one, or say which `layer`."
        )
    if not narrowest:
        return called[weighted[-1] - 1]
    sizes = {layer: _size(outputs[layer][-1]) for layer in called[weighted[0] : weighted[-1]]}
    return min(reversed(sizes), key=sizes.get)


def _size(found):
    return math.prod(found.shape) if isinstance(found, Tensor) else math.inf
