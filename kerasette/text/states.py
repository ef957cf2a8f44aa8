"""The states that recurrent layers carry from batch to batch."""

from kerasette.callbacks import Callback


class ResetStates(Callback):
    """Lets each pass over the data begin with the states that layers begin with.

    Without it a layer with ``stateful=True`` goes on with the state that the last batch has left:
    that of the end of the text at its beginning, that of training in a validation.

    Examples
    --------
    >>> import numpy as np
    >>> from kerasette import layers, text
    >>> class Steps(layers.Layer):
    ...     stateful = True
    ...     def build(self, input_shape):
    ...         self.n = self.add_weight((), "zeros", trainable=False)
    ...     def call(self, inputs):
    ...         self.n.assign(self.n + 1)
    ...         return inputs + 0 * self.n
    ...     def reset_state(self):
    ...         self.n.assign(0)
    >>> import kerasette
    >>> model = kerasette.Sequential([kerasette.Input((1,)), Steps(), layers.Dense(1)])
    >>> model.compile("sgd", "mse")
    >>> x = np.ones((6, 1))
    >>> _ = model.fit(x, x, batch_size=2, epochs=3, verbose=0, callbacks=[text.ResetStates()])
    >>> float(model.layers[0].n)
    3.0

    Notes
    -----
    What it resets are layers with a true attribute ``stateful`` and a method ``reset_state``, in
    layers of layers too: before each epoch, each validation or evaluation, and each prediction. In
    loops of one's own call `reset_states`.
    """

    def on_epoch_begin(self, epoch, logs=None):
        """Resets before an epoch."""
        reset_states(self.model)

    def on_test_begin(self, logs=None):
        """Resets before an evaluation."""
        reset_states(self.model)

    def on_predict_begin(self, logs=None):
        """Resets before a prediction."""
        reset_states(self.model)


def stateful_layers(model):
    """The layers of a model, and in its layers, that carry a state and can reset it."""
    return [
        layer
        for layer in model._flatten_layers(include_self=False)
        if getattr(layer, "stateful", False) and hasattr(layer, "reset_state")
    ]


def reset_states(model):
    """Resets the states of the layers of a model that carry one.

    Parameters
    ----------
    model : Model
        Its layers with a true attribute ``stateful`` and a method ``reset_state``, in layers of
        layers too. Without any nothing happens.

    Examples
    --------
    >>> import kerasette
    >>> from kerasette import layers, text
    >>> inputs = kerasette.Input((None, 2), batch_size=1)
    >>> model = kerasette.Sequential([inputs, layers.SimpleRNN(1, stateful=True)])
    >>> x = kerasette.ops.ones((1, 3, 2))
    >>> first, second = (float(model(x)[0, 0]) for _ in range(2))
    >>> text.reset_states(model)
    >>> first == float(model(x)[0, 0]) != second
    True
    """
    for layer in stateful_layers(model):
        layer.reset_state()
