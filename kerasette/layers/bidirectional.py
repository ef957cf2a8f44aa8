"""Sequences read from both ends."""

from contextlib import nullcontext
from typing import Any

from kerasette import ops, tree
from kerasette.layers.layer import Layer
from kerasette.layers.recurrent_checks import check_states
from kerasette.layers.serialization import deserialize, serialize
from kerasette.saving import custom_object_scope

MERGES = {
    "concat": lambda forward, backward: ops.concatenate([forward, backward], axis=-1),
    "sum": ops.add,
    "mul": ops.multiply,
    "ave": lambda forward, backward: ops.divide(ops.add(forward, backward), 2),
}


class Bidirectional(Layer):
    """Two recurrent layers: one reads sequences from their start, the other from their end.

    Parameters
    ----------
    layer : RNN, LSTM, GRU, SimpleRNN or a layer like them
        It has ``go_backwards``, ``return_sequences``, ``return_state``, ``stateful`` and a config.
        Layers with new weights are made of its config: one as it is and one that goes backwards.
    merge_mode : {"concat", "sum", "mul", "ave", None}
        How the two outputs become one: one after the other along the last axis, or their sum,
        product or mean. None: a tuple of both.
    weights : list of arrays, optional
        What the weights begin with: in the first half those of the forward layer.
    backward_layer : Layer, optional
        What goes backwards instead; it is used itself.
    **kwargs
        ``name``, ``dtype``, ``trainable`` and ``activity_regularizer`` of `Layer`.

    Attributes
    ----------
    forward_layer, backward_layer : Layer
    states : tuple of Variables, or None
        Those of stateful layers, once they are built.

    Raises
    ------
    ValueError
        If `layer` or `backward_layer` is no layer, both go the same way, or differ in what they
        return or whether they are stateful; for other modes; if `weights` do not fit.
    TypeError
        If the layer cannot go backwards.

    Notes
    -----
    Called as its layers are, and it returns what they do: the output, and with ``return_state``
    the states after it, those of the forward layer first. The first half of ``initial_state`` is
    for the forward layer. With ``return_sequences`` the outputs of the backward layer are put in
    the order of the inputs, and outputs of masked steps are zeros.

    References
    ----------
    Schuster and Paliwal, "Bidirectional recurrent neural networks", IEEE Transactions on Signal
    Processing 45 (1997).

    Examples
    --------
    >>> import kerasette
    >>> from kerasette import layers
    >>> layer = layers.Bidirectional(layers.LSTM(4, name="lstm"), name="both")
    >>> layer(kerasette.ops.ones((2, 5, 3))).shape
    (2, 8)
    >>> layer.weights[0].path
    'both/forward_lstm/lstm_cell/kernel'
    """

    def __init__(
        self, layer, merge_mode: Any = "concat", weights=None, backward_layer=None, **kwargs
    ):
        _check_layers(layer, backward_layer)
        if merge_mode not in (*MERGES, None):
            raise ValueError(
                f"Invalid merge mode. Received: {merge_mode}. Merge mode should be one of "
                f"{[*MERGES, None]}"
            )
        super().__init__(**kwargs)
        self.forward_layer = _copy(layer, "forward_")
        if backward_layer is None:
            backward_layer = _copy(layer, "backward_", go_backwards=True)
        _check_pair(self.forward_layer, backward_layer)
        self.backward_layer = backward_layer
        self.merge_mode = merge_mode
        self.stateful = layer.stateful
        self.return_sequences = layer.return_sequences
        self.return_state = layer.return_state
        self.supports_masking = True
        self.input_spec = layer.input_spec
        self._initial_weights = weights
        for one in (self.forward_layer, backward_layer):
            if getattr(one, "zero_output_for_mask", None) is not None:
                one.zero_output_for_mask = one.return_sequences

    def build(self, sequences_shape, initial_state_shape=None):
        """Builds both layers."""
        layers = (self.forward_layer, self.backward_layer)
        for layer in layers:
            if not layer.built:
                layer.build(sequences_shape)
        forward, backward = self._shapes(sequences_shape)[0]
        if self.merge_mode in ("sum", "mul", "ave") and forward != backward:
            raise ValueError(
                f"The outputs of both layers must have one shape for merge_mode="
                f"'{self.merge_mode}'. Received: {forward} and {backward}"
            )
        if self._initial_weights:
            self.set_weights(self._initial_weights)

    def call(self, sequences, initial_state=None, mask=None, training=None):
        """The merged outputs, and with ``return_state`` the states after them.

        Parameters
        ----------
        sequences : Tensor of shape (batch, steps, ...)
        initial_state : list of Tensors of shape (batch, units), optional
        mask : bool Tensor of shape (batch, steps), optional
        training : bool, optional
        """
        layers = (self.forward_layer, self.backward_layer)
        halves = (None, None)
        if initial_state is not None:
            halves = _halves(initial_state, layers, sequences)
        found = [
            layer(sequences, initial_state=half, **self._arguments(layer, mask, training))
            for layer, half in zip(layers, halves)
        ]
        states = ()
        if self.return_state:
            states = (*found[0][1:], *found[1][1:])
            found = [one[0] for one in found]
        forward, backward = (ops.cast(one, self.compute_dtype) for one in found)
        if self.return_sequences:
            backward = ops.flip(backward, axis=1)
        if self.merge_mode is None:
            return forward, backward, *states
        merged = MERGES[self.merge_mode](forward, backward)
        return (merged, *states) if self.return_state else merged

    def _arguments(self, layer, mask, training):
        given = {"mask": mask, "training": training}
        return {name: value for name, value in given.items() if name in layer._call.names}

    def compute_mask(self, _, mask):
        """The inputs' mask, for each output of all steps; the states have none."""
        if not self.return_sequences:
            return None
        if isinstance(mask, (list, tuple)):
            mask = mask[0]
        return (mask, mask) if self.merge_mode is None else mask

    def compute_output_shape(self, sequences_shape, initial_state_shape=None):
        """Shape of the output, or a tuple of the shapes of all that is returned."""
        (forward, backward), states = self._shapes(sequences_shape)
        if self.merge_mode is None:
            return forward, backward, *states
        if self.merge_mode == "concat":
            forward = (*forward[:-1], forward[-1] + backward[-1])
        return (forward, *states) if self.return_state else forward

    def _shapes(self, sequences_shape):
        """Shapes of the outputs of both layers, and of all their states if these are returned."""
        layers = (self.forward_layer, self.backward_layer)
        shapes = [layer.compute_output_shape(sequences_shape) for layer in layers]
        if not self.return_state:
            return shapes, []
        (forward, *states), (backward, *more) = shapes
        return [forward, backward], [*states, *more]

    # ---- states ------------------------------------------------------------------

    @property
    def states(self):
        """The states of stateful layers, those of the forward layer first."""
        if self.forward_layer.states and self.backward_layer.states:
            return (*self.forward_layer.states, *self.backward_layer.states)
        return None

    def reset_state(self):
        """Makes the states of stateful layers zeros.

        Raises
        ------
        AttributeError
            If they are not stateful.
        """
        if not self.stateful:
            raise AttributeError("Layer must be stateful.")
        self.forward_layer.reset_state()
        self.backward_layer.reset_state()

    def reset_states(self):
        """The same as `reset_state`."""
        self.reset_state()

    # ---- config ------------------------------------------------------------------

    def get_config(self):
        """The arguments that make such a layer."""
        return {
            **super().get_config(),
            "merge_mode": self.merge_mode,
            "layer": serialize(self.forward_layer),
            "backward_layer": serialize(self.backward_layer),
        }

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """The layer that `get_config` has described, with new weights."""
        config = dict(config)
        # The layers are copied, which looks for their classes again.
        with custom_object_scope(custom_objects) if custom_objects else nullcontext():
            for name in ("layer", "backward_layer"):
                if config.get(name) is not None:
                    config[name] = deserialize(config[name])
            return super().from_config(config)


def _copy(layer, prefix, **changes):
    """A layer of the same config, with new weights."""
    config = serialize(layer)
    name = prefix + layer.name.removeprefix(prefix)
    copy = deserialize({**config, "config": {**config["config"], "name": name, **changes}})
    if hasattr(layer, "use_cudnn"):
        # No part of configs.
        copy.use_cudnn = layer.use_cudnn
    return copy


def _halves(states, layers, sequences):
    """The states of both layers, checked before one of them changes its own.

    Raises
    ------
    ValueError
        If there are not as many as both have, or one has a wrong shape.
    """
    if not isinstance(states, (list, tuple)):
        raise ValueError(
            "`initial_state` must be a list: the states of the forward layer, and those of the "
            f"backward layer. Received: {states}"
        )
    states = [tree.map_structure(ops.convert_to_tensor, state) for state in states]
    sizes = [getattr(layer, "state_size", None) for layer in layers]
    if None in sizes:
        n_forward = len(states) // 2
    else:
        n_forward = len(sizes[0])
        check_states(states, [*sizes[0], *sizes[1]], sequences)
    return states[:n_forward], states[n_forward:]


def _check_layers(layer, backward_layer):
    if not isinstance(layer, Layer):
        raise ValueError(
            "Please initialize `Bidirectional` layer with a `kerasette.layers.Layer` instance. "
            f"Received: {layer}"
        )
    if backward_layer is not None and not isinstance(backward_layer, Layer):
        raise ValueError(
            "`backward_layer` need to be a `kerasette.layers.Layer` instance. "
            f"Received: {backward_layer}"
        )


def _check_pair(forward, backward):
    """Raises unless the layers go different ways and return the same."""
    if forward.go_backwards == backward.go_backwards:
        raise ValueError(
            "Forward layer and backward layer should have different `go_backwards` value. "
            f"Received: forward_layer.go_backwards={forward.go_backwards}, "
            f"backward_layer.go_backwards={backward.go_backwards}"
        )
    for name in ("stateful", "return_sequences", "return_state"):
        values = getattr(forward, name), getattr(backward, name)
        if values[0] != values[1]:
            raise ValueError(
                "Forward layer and backward layer are expected to have the same value for "
                f'attribute "{name}", got "{values[0]}" for forward layer and "{values[1]}" for '
                "backward layer"
            )
