"""Recurrent layers in all modes, for Keras and for kerasette alike."""

import itertools
from dataclasses import dataclass

import numpy as np

BATCH, STEPS, INPUTS, UNITS = 3, 5, 2, 3

KINDS = {
    "simple": ["SimpleRNN", {}],
    "lstm": ["LSTM", {}],
    "gru": ["GRU", {}],
    "gru_before": ["GRU", {"reset_after": False}],
}
# Other activations, no bias, and so on.
VARIANTS = {
    "simple_relu": ["SimpleRNN", {"activation": "relu", "use_bias": False}],
    "simple_softsign": ["SimpleRNN", {"activation": "softsign"}],
    "simple_linear": ["SimpleRNN", {"activation": None}],
    "lstm_hard": ["LSTM", {"recurrent_activation": "hard_sigmoid", "use_bias": False}],
    "lstm_no_bias": ["LSTM", {"activation": "relu", "use_bias": False}],
    "lstm_elu": ["LSTM", {"activation": "elu", "unit_forget_bias": False}],
    "gru_relu": ["GRU", {"activation": "relu", "use_bias": False}],
    "gru_hard": ["GRU", {"recurrent_activation": "hard_sigmoid"}],
    "gru_before_no_bias": ["GRU", {"use_bias": False, "reset_after": False}],
    "gru_before_softsign": ["GRU", {"activation": "softsign", "reset_after": False}],
}
MASKS = {
    "none": None,
    "right": [[1, 1, 1, 0, 0], [1, 1, 1, 1, 1], [1, 0, 0, 0, 0]],
    "left": [[0, 0, 1, 1, 1], [1, 1, 1, 1, 1], [0, 0, 0, 0, 1]],
    "holes": [[0, 1, 0, 1, 0], [1, 1, 0, 1, 1], [0, 0, 0, 0, 0]],
}
FLAGS = ["return_sequences", "return_state", "go_backwards", "unroll", "zero_output_for_mask"]
# Each pair of flags in all four combinations.
FLAG_SETS = ["", "10110", "01101", "11011", "10001", "01010", "11100", "00111"]


@dataclass
class Case:
    """A layer that is called on drawn numbers."""

    layer: list
    mask: str = "none"
    has_initial_state: bool = False

    def make(self, library, **more):
        """The layer, with drawn weights."""
        name, arguments = self.layer
        layer = getattr(library.layers, name)(UNITS, **arguments, **more)
        layer.build((None, STEPS, INPUTS))
        layer.set_weights(drawn_weights(layer.weights))
        return layer

    def mask_array(self):
        mask = MASKS[self.mask]
        return None if mask is None else np.array(mask, "bool")

    def states(self):
        """Initial states, one or two of them; none if there are none."""
        count = (2 if self.layer[0] == "LSTM" else 1) * self.has_initial_state
        return [draw((BATCH, UNITS), 20 + i) for i in range(count)]


def table():
    """All cases by name."""
    cases = {name: Case(layer, "holes", True) for name, layer in VARIANTS.items()}
    for name, (kind, arguments) in KINDS.items():
        modes = itertools.product(MASKS, (False, True))
        for place, (mask, has_state) in enumerate(modes):
            for shift in (0, 3):
                digits = FLAG_SETS[(place + shift) % len(FLAG_SETS)]
                flags = {flag: digit == "1" for flag, digit in zip(FLAGS, digits)}
                if mask != "none" and flags.get("go_backwards") and flags.get("unroll"):
                    # Keras on PyTorch does not do that.
                    flags["unroll"] = False
                known = [flag for flag, value in flags.items() if value]
                case = Case([kind, {**arguments, **dict.fromkeys(known, True)}], mask, has_state)
                cases["-".join([name, mask, "state" if has_state else "zeros", *known])] = case
    return cases


def draw(shape, seed):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def drawn_weights(weights):
    """Arrays of the shapes of weights, of the size of trained ones."""
    return [draw(tuple(w.shape), 10 + i) / 2 for i, w in enumerate(weights)]


def flat(arrays):
    """All numbers of a list of arrays, as one vector."""
    return np.concatenate([np.asarray(array, "float32").ravel() for array in arrays])


def pieces(vector, shapes):
    """Arrays of these shapes again."""
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
    assert ends[-1] == vector.size
    return [p.reshape(s) for p, s in zip(np.split(vector, ends[:-1]), shapes)]


# ---- models ------------------------------------------------------------------------------------


def deep(keras):
    """Layers one after the other behind a mask, with penalties and constraints."""
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((STEPS, INPUTS)),
            layers.Masking(),
            layers.LSTM(3, return_sequences=True, kernel_regularizer="l2", bias_regularizer="l1"),
            layers.GRU(
                4,
                return_sequences=True,
                go_backwards=True,
                recurrent_regularizer="l2",
                activity_regularizer="l2",
            ),
            layers.SimpleRNN(3, recurrent_constraint="non_neg", kernel_constraint="max_norm"),
            layers.Dense(1),
        ]
    )


def encoder_and_decoder(keras):
    """The states of one layer begin another, whose mask then does not count."""
    layers = keras.layers
    inputs = keras.Input((STEPS, INPUTS))
    masked = layers.Masking()(inputs)
    _, *states = layers.LSTM(3, return_state=True)(masked)
    _, state = layers.GRU(3, return_state=True)(masked)
    decoded = layers.LSTM(3, return_sequences=True)(masked, initial_state=states)
    other = layers.SimpleRNN(3)(masked, initial_state=state)
    decoded = layers.GlobalAveragePooling1D()(decoded)
    return keras.Model(inputs, layers.Dense(1)(layers.add([decoded, other])))


def stacked(keras):
    """Cells one after the other, of all kinds, and what `RNN` makes of a list of them."""
    layers = keras.layers
    inputs = keras.Input((STEPS, INPUTS))
    cells = [layers.LSTMCell(3), layers.GRUCell(4, reset_after=False), layers.SimpleRNNCell(2)]
    x = layers.RNN(cells, return_sequences=True, go_backwards=True)(layers.Masking()(inputs))
    y = layers.RNN(layers.StackedRNNCells([layers.GRUCell(3)]))(x)
    return keras.Model(inputs, layers.Dense(1)(y))


def with_own_cells(keras):
    """Cells of users: one of one state, and one of two of different sizes."""

    class Minimal(keras.layers.Layer):
        def __init__(self, units, **kwargs):
            super().__init__(**kwargs)
            self.units = self.state_size = units

        def build(self, input_shape):
            self.kernel = self.add_weight(shape=(input_shape[-1], self.units), name="kernel")
            self.recurrent = self.add_weight(shape=(self.units, self.units), name="recurrent")

        def call(self, inputs, states):
            output = keras.ops.matmul(inputs, self.kernel)
            output = keras.ops.tanh(output + keras.ops.matmul(states[0], self.recurrent))
            return output, [output]

    class Counting(keras.layers.Layer):
        state_size = (4, 1)
        output_size = 5

        def build(self, input_shape):
            self.kernel = self.add_weight(shape=(input_shape[-1], 4), name="kernel")

        def call(self, inputs, states, training=False):
            total, count = states
            total = total + keras.ops.tanh(keras.ops.matmul(inputs, self.kernel))
            count = count + (0.2 if training else 0.1)
            return keras.ops.concatenate([total, count], axis=-1), [total, count]

        def get_initial_state(self, batch_size=None):
            return [keras.ops.ones((batch_size, size)) for size in self.state_size]

    layers = keras.layers
    inputs = keras.Input((STEPS, INPUTS))
    x = layers.RNN(Minimal(3), return_sequences=True)(layers.Masking()(inputs))
    y = layers.RNN(Counting())(x)
    return keras.Model(inputs, layers.Dense(1)(y))


def stateful(keras):
    """Layers that go on where the batch before has ended."""
    layers = keras.layers
    inputs = keras.Input(batch_shape=(BATCH, STEPS, INPUTS))
    x = layers.Masking()(inputs)
    x = layers.LSTM(3, stateful=True, return_sequences=True)(x)
    x = layers.GRU(3, stateful=True, return_sequences=True, unroll=True)(x)
    x = layers.RNN([layers.SimpleRNNCell(3), layers.LSTMCell(2)], stateful=True)(x)
    return keras.Model(inputs, layers.Dense(1)(x))


MODELS = [deep, encoder_and_decoder, stacked, with_own_cells, stateful]


def history(keras, build):
    """What a model of drawn weights predicts, loses in three steps, and becomes."""
    model = build(keras)
    model.set_weights(drawn_weights(model.weights))
    model.compile(keras.optimizers.SGD(0.05, momentum=0.5), "mse")
    batches = [(masked_input(30 + i), draw((BATCH, 1), 40 + i)) for i in range(3)]
    found = [model.predict(batches[0][0], batch_size=BATCH, verbose=0)]
    found.append([float(model.train_on_batch(x, y)) for x, y in batches])
    found.append(model.evaluate(*batches[1], batch_size=BATCH, verbose=0))
    found.extend(model.predict(x, batch_size=BATCH, verbose=0) for x, _ in batches[1:])
    return flat([*found, *model.get_weights()])


def masked_input(seed):
    """Sequences with zeros where there is no step, as `Masking` takes them."""
    kept = np.array([*MASKS["holes"][:2], MASKS["left"][2]], "float32")
    return draw((BATCH, STEPS, INPUTS), seed) * kept[..., None]


# ---- configs -------------------------------------------------------------------------------------

FULL = {
    "units": 3,
    "activation": "relu",
    "use_bias": False,
    "kernel_initializer": "he_normal",
    "recurrent_initializer": "identity",
    "bias_initializer": "ones",
    "kernel_regularizer": "l1",
    "recurrent_regularizer": "l2",
    "bias_regularizer": "l1",
    "kernel_constraint": "non_neg",
    "recurrent_constraint": "unit_norm",
    "bias_constraint": "max_norm",
    "dropout": 0.25,
    "recurrent_dropout": 1.5,
    "seed": 3,
    "dtype": "float64",
    "name": "mine",
}
LAYER = {
    "return_sequences": True,
    "return_state": True,
    "go_backwards": True,
    "stateful": True,
    "unroll": True,
    "zero_output_for_mask": True,
    "trainable": False,
}
GATED = {"recurrent_activation": "hard_sigmoid"}
CONFIGS = [
    *([name, {"units": 2}] for name in ("SimpleRNN", "LSTM", "GRU")),
    *([f"{name}Cell", {"units": 2}] for name in ("SimpleRNN", "LSTM", "GRU")),
    ["SimpleRNNCell", FULL],
    ["LSTMCell", {**FULL, **GATED, "unit_forget_bias": False}],
    ["GRUCell", {**FULL, **GATED, "reset_after": False}],
    ["SimpleRNN", {**FULL, **LAYER}],
    ["LSTM", {**FULL, **GATED, **LAYER, "unit_forget_bias": False, "activity_regularizer": "l2"}],
    ["GRU", {**FULL, **GATED, **LAYER, "reset_after": False, "activity_regularizer": "l2"}],
]


def layers_of_cells(keras):
    """Layers made of cells, whose configs hold other configs."""
    layers = keras.layers
    cells = [layers.LSTMCell(2, name="a"), layers.GRUCell(3, name="b")]
    return [
        layers.StackedRNNCells(cells, name="cells"),
        layers.RNN(layers.SimpleRNNCell(2, name="c"), stateful=True, name="one"),
        layers.RNN(cells, return_state=True, name="several"),
    ]


# ---- errors --------------------------------------------------------------------------------------

# Code that raises a ValueError, over names of `keras.layers`, Input and x; and words that its
# message has in either library.
ERRORS = {
    "SimpleRNN(0)": "argument `units`, expected a positive integer, got 0",
    "LSTMCell(-1)": "argument `units`, expected a positive integer, got -1",
    "GRU(3, seed='a')": "Argument `seed` must be an integer. Received: seed=a",
    "GRU(3, activation='nothing')": "Could not interpret activation function identifier: ",
    "LSTM(3, use_cudnn='yes')": "received for argument `use_cudnn`. Expected one of {'auto', True,",
    "SimpleRNN(3, use_cudnn=True)": "Unrecognized keyword arguments passed to SimpleRNN: ",
    "GRU(3, time_major=True)": "Unrecognized keyword arguments passed to GRU: ",
    "SimpleRNN(3, implementation=1)": "Unrecognized keyword arguments passed to SimpleRNN: ",
    "RNN(3)": "should have a `call` method. Received: cell=3",
    "RNN(Dense(3))": "The RNN cell should have a `state_size` attribute",
    "StackedRNNCells([3])": "All cells must have a `call` method. Received",
    "StackedRNNCells([Dense(3)])": "All cells must have a `state_size` attribute. Received",
    "LSTM(3)(x[0])": "is incompatible with the layer: expected ndim=3, found ndim=2",
    "GRU(3)(x[None])": "is incompatible with the layer: expected ndim=3, found ndim=4",
    "LSTM(3, stateful=True)(Input((5, 3)))": "batch size must be static. Found dynamic",
    "twice(LSTM(3, stateful=True), x, x[:1])": "- Expected batch size: 3\n- Received batch size: 1",
}


def answer(keras, code):
    """Class and words of the error that code raises."""
    names = {
        **{name: getattr(keras.layers, name) for name in ("Dense", "SimpleRNN", "LSTM", "GRU")},
        **{name: getattr(keras.layers, name) for name in ("LSTMCell", "RNN", "StackedRNNCells")},
        "Input": keras.Input,
        "x": draw((BATCH, STEPS, INPUTS), 0),
        "twice": lambda layer, first, second: (layer(first), layer(second)),
    }
    try:
        eval(code, names)
    except Exception as error:
        return [type(error).__name__, str(error)]
    return None
