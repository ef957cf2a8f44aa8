"""What layers add to the loss of a model."""

import threading

from kerasette import ops
from kerasette._core.tensor import Tensor
from kerasette.layers.call import tensors_of


class CallLosses(threading.local):
    """The losses that a layer's last call added, in each thread its own.

    Only what was added matters: a copy of a layer begins without.
    """

    # Whether any layer ever added one: otherwise there is nothing to clear.
    are_used = False

    def __init__(self):
        self.found = ()

    def add(self, losses):
        CallLosses.are_used = True
        self.found = (*self.found, *losses)

    def __deepcopy__(self, memo):
        return CallLosses()

    def __reduce__(self):
        return CallLosses, ()


class AddsLosses:
    """The part of `Layer` that adds to the loss."""

    def add_loss(self, loss):
        """Adds to the loss of the model; for use within `call`.

        Parameters
        ----------
        loss : Tensor of shape (), or list of them

        Raises
        ------
        ValueError
            If it is no tensor.
        """
        losses = loss if isinstance(loss, (list, tuple)) else [loss]
        for value in losses:
            if not isinstance(value, Tensor):
                raise ValueError(
                    "`add_loss()` can only be called from inside `build()` or `call()`, on a "
                    f"tensor input. Received invalid value: {value}"
                )
        self._losses.add(losses)

    def _add_activity_loss(self, outputs):
        for output in tensors_of(outputs):
            loss = self.activity_regularizer(output)
            if output.shape:
                loss = ops.divide(loss, float(max(output.shape[0], 1)))
            self.add_loss(loss)

    @property
    def losses(self):
        """Terms of the loss, scalars, that layers added and regularizers of weights give.

        Of the last call of this layer and of those in it, in this thread; and one for each
        trainable weight that has a regularizer.
        """
        layers = self._flatten_layers()
        found = [loss for layer in layers for loss in layer._losses.found]
        return found + [
            weight.regularizer(weight)
            for weight in self.trainable_weights
            if weight.regularizer is not None
        ]

    def _clear_losses(self):
        if CallLosses.are_used:
            for layer in self._flatten_layers():
                layer._losses.found = ()
