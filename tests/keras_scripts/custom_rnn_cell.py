import keras
import numpy as np
from keras import layers, ops
from same_start import set_start


# First, let's define a RNN Cell, as a layer subclass.
@keras.saving.register_keras_serializable(package="cells")
class MinimalRNNCell(keras.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.state_size = units

    def build(self, input_shape):
        self.kernel = self.add_weight(
            shape=(input_shape[-1], self.units), initializer="uniform", name="kernel"
        )
        self.recurrent_kernel = self.add_weight(
            shape=(self.units, self.units), initializer="uniform", name="recurrent_kernel"
        )

    def call(self, inputs, states):
        prev_output = states[0]
        h = ops.matmul(inputs, self.kernel)
        output = h + ops.matmul(prev_output, self.recurrent_kernel)
        return output, [output]

    def get_config(self):
        return {**super().get_config(), "units": self.units}


class Decoder(keras.Layer):
    """Writes so many steps, each from the output of the one before."""

    def __init__(self, cell, steps, **kwargs):
        super().__init__(**kwargs)
        self.cell = cell
        self.steps = steps

    def build(self, input_shape):
        self.cell.build(input_shape)

    def call(self, first, training=False):
        states = [first]
        output, outputs = first, []
        for _ in range(self.steps):
            output, states = self.cell(output, states, training=training)
            outputs.append(output)
        return ops.stack(outputs, axis=1)


rng = np.random.default_rng(9)
x_train = rng.normal(size=(48, 6, 3)).astype("float32")
y_train = x_train.cumsum(axis=1)[:, -3:, :2].copy()

# Then, a stack of cells in a RNN layer; another goes on from its last state
inputs = keras.Input((6, 3))
cells = [MinimalRNNCell(8), layers.GRUCell(5), MinimalRNNCell(4)]
x = layers.RNN(cells)(inputs)
outputs = layers.Dense(2)(Decoder(layers.SimpleRNNCell(4), steps=3)(x))
model = keras.Model(inputs, outputs)
set_start(model, seed=10)
model.compile(keras.optimizers.SGD(0.02), "mse")
history = model.fit(x_train, y_train, batch_size=16, epochs=4, shuffle=False, verbose=0)

layer = layers.RNN(MinimalRNNCell(4), return_sequences=True, return_state=True)
layer.build((None, 6, 3))
set_start(layer, seed=11)
copy = layers.RNN.from_config(layer.get_config())
copy.build((None, 6, 3))
copy.set_weights(layer.get_weights())
sequences, state = copy(x_train[:2], initial_state=np.ones((2, 4), "float32"))

logs = {
    **history.history,
    "shapes": [list(weight.shape) for weight in model.weights],
    "predictions": model.predict(x_train[:2], verbose=0),
    "sequences": ops.convert_to_numpy(sequences)[:, ::2],
    "state": ops.convert_to_numpy(state),
}
