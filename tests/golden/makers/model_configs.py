"""What Keras writes of models as JSON, and what the models that it reads return.

Each case is code that runs in the same way with kerasette in the place of keras, after `PRELUDE`,
and leaves a model in `model`; its inputs are drawn here.
"""

import json

import keras
import numpy as np
from keras import tree

from .networks import draw_weights, fresh_session
from .saving import SHORT, as_written_elsewhere, shortened
from .store import write_arrays, write_json

PRELUDE = """
import numpy as np
from keras import layers, ops

class Scaled(layers.Layer):
    def __init__(self, factor=2.0, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor
    def call(self, inputs, shift=None, times=1.0):
        outputs = inputs * self.factor * times
        return outputs if shift is None else outputs + shift
    def get_config(self):
        return {**super().get_config(), "factor": self.factor}

class Pooled(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True
    def call(self, inputs, mask=None):
        if mask is None:
            return ops.mean(inputs, axis=1)
        weights = ops.expand_dims(ops.cast(mask, inputs.dtype), -1)
        return ops.sum(inputs * weights, axis=1)
    def compute_mask(self, inputs, mask=None):
        return None
    def compute_output_shape(self, input_shape):
        return (input_shape[0], input_shape[2])

@keras.saving.register_keras_serializable("shop")
class Block(layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.dense = layers.Dense(units, activation="tanh")
    def build(self, input_shape):
        self.dense.build(input_shape)
    def call(self, inputs):
        return self.dense(inputs)
    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)
    def get_config(self):
        return {**super().get_config(), "units": self.units}

@keras.saving.register_keras_serializable("shop")
def doubled(x):
    return x * 2

def distance(y_true, y_pred):
    return ops.mean(ops.absolute(y_true - y_pred), axis=-1)

class Regressor(keras.Model):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.hidden = layers.Dense(units, activation="relu")
        self.head = layers.Dense(1)
    def call(self, inputs):
        return self.head(self.hidden(inputs))
    def get_config(self):
        return {"units": self.units, "name": self.name}

class Graph(keras.Model):
    def __init__(self, units, name=None):
        inputs = keras.Input((3,), name="x")
        super().__init__(inputs, layers.Dense(units, name="d")(inputs), name=name)
        self.units = units
    def get_config(self):
        return {"units": self.units, "name": self.name}

class Renamed(keras.Model):
    pass

CUSTOM = {
    "Scaled": Scaled, "Pooled": Pooled, "Regressor": Regressor, "Graph": Graph,
    "Renamed": Renamed, "distance": distance,
}
x, y = keras.Input((4,), name="x"), keras.Input((3,), name="y")
"""

CASES = {
    "sequential": "model = keras.Sequential([keras.Input((4,)), layers.Dense(3, 'relu'), "
    "layers.Dropout(0.5), layers.Dense(2)])",
    "sequential_deferred": "model = keras.Sequential([layers.Dense(3), layers.Dense(2)], name='s')",
    "sequential_built": "model = keras.Sequential([layers.Dense(3), layers.Dense(2)]); "
    "model.build((None, 4))",
    "sequential_empty": "model = keras.Sequential(name='s')",
    "sequential_compiled": "model = keras.Sequential([keras.Input((4,)), layers.Dense(1)]); "
    "model.compile('adam', 'mse', metrics=['mae', keras.metrics.MeanSquaredError(name='m')])",
    "functional": "model = keras.Model(x, layers.Dense(2, name='b')(layers.Dense(3, 'tanh')(x)))",
    "two_inputs": "a = layers.Concatenate()([layers.Dense(2)(x), y]); "
    "model = keras.Model([x, y], [layers.Dense(1, name='p')(a), layers.Dense(2, name='q')(a)], "
    "name='both')",
    "dicts": "a = layers.Add()([layers.Dense(2)(x), layers.Dense(2)(y)]); "
    "model = keras.Model({'y': y, 'x': x}, {'sum': a, 'last': layers.Activation('tanh')(a)})",
    "nested_structures": "model = keras.Model([{'x': x}, (y,)], "
    "{'a': [layers.Dense(1)(x), layers.Dense(2)(y)], 'b': (layers.Flatten()(x),)})",
    "one_in_a_list": "model = keras.Model([x], [layers.Dense(2)(x)])",
    "shared": "z = keras.Input((4,), name='z'); tower = layers.Dense(3, 'relu'); "
    "a, b = tower(x), tower(z); "
    "model = keras.Model([x, z], layers.Dense(1)(ops.absolute(a - b)))",
    "shared_in_part": "tower = layers.Dense(4); unused = tower(keras.Input((4,))); a = tower(x); "
    "b = tower(a); model = keras.Model(x, [b, tower(b)])",
    "nested": "inner = keras.Model(y, layers.Dense(3, name='d')(y), name='inner'); "
    "stack = keras.Sequential([keras.Input((3,)), layers.Dense(3)], name='stack'); "
    "a = inner(layers.Dense(3)(x)); model = keras.Model(x, [inner(stack(a)), stack(a), a])",
    "twice_nested": "inner = keras.Model(y, layers.Dense(3)(y), name='inner'); "
    "z = keras.Input((3,), name='z'); middle = keras.Model(z, inner(inner(z)), name='middle'); "
    "model = keras.Model(x, middle(layers.Dense(3)(x)))",
    "arithmetic": "a = (1 - x) * 2.0 + x / 4; b = -(a ** 2) @ ops.transpose(a); "
    "model = keras.Model(x, [a, b, x > 0, 3 // (ops.absolute(x) + 1)])",
    "items": "model = keras.Model(x, [x[:, 1:3], x[..., 0], x[:, None, -2:], x[:, ::2]])",
    "ops": "a = ops.concatenate([ops.relu(x), ops.softmax(x, axis=1)], axis=-1); "
    "b = ops.reshape(ops.clip(a, 0.1, 0.5), (-1, 2, 4)); "
    "c = ops.where(x > 0, x, 0.5 * x); "
    "d = ops.split(x, 2, axis=1); "
    "model = keras.Model(x, [ops.mean(b, axis=(1, 2), keepdims=True), ops.max(c, axis=1), "
    "ops.stack(d, axis=-1), ops.einsum('bi,bj->bij', d[1], x), ops.cast(x, 'int32'), "
    "ops.leaky_relu(x, 0.3), ops.expand_dims(ops.sum(x, axis=0), 0)])",
    "mask": "t = keras.Input((5,), dtype='int32', name='t'); "
    "a = layers.Embedding(7, 3, mask_zero=True)(t); "
    "model = keras.Model(t, Pooled()(layers.Dense(2)(a)))",
    "masking": "t = keras.Input((2, 3), name='t'); "
    "model = keras.Model(t, Pooled()(layers.Masking(0.0)(t)))",
    "keywords": "a = Scaled(3.0)(x, shift=layers.Dense(4)(y), times=0.5); "
    "model = keras.Model([x, y], Scaled()(a, shift=np.array([[1.0, 2.0, 3.0, 4.0]], 'float32')))",
    "parts": "a = layers.Rescaling(np.array([1.0, 2.0, 3.0, 4.0]), offset=0.5)(x); "
    "a = Block(3)(layers.Lambda(doubled)(a)); "
    "a = layers.Dense(2, kernel_initializer=keras.initializers.RandomNormal(seed=3), "
    "kernel_regularizer=keras.regularizers.L2(0.1), bias_constraint='non_neg', "
    "activation=doubled, trainable=False)(a); "
    "model = keras.Model(x, layers.LayerNormalization()(a))",
    "float64": "z = keras.Input((4,), dtype='float64', name='z'); "
    "model = keras.Model(z, layers.Dense(2, dtype='float64')(z))",
    "cut_out": "a = layers.Dense(3, name='a')(x); b = layers.Dense(2, name='b')(a); "
    "whole = keras.Model(x, layers.Dense(1, name='c')(b)); model = keras.Model(a, b)",
    "fixed_batch": "z = keras.Input(batch_shape=(2, 4), name='z'); "
    "model = keras.Model(z, layers.Dense(1)(z), trainable=False)",
    "compiled": "a = layers.Dense(1, name='p')(x); b = layers.Dense(3, 'softmax', name='q')(x); "
    "model = keras.Model(x, [a, b]); "
    "rate = keras.optimizers.schedules.ExponentialDecay(0.5, 10, 0.9); "
    "model.compile(keras.optimizers.SGD(rate, momentum=0.9), "
    "loss={'p': distance, 'q': keras.losses.CategoricalCrossentropy(label_smoothing=0.25)}, "
    "loss_weights={'p': 2.0, 'q': 1.0}, metrics={'p': ['mse'], 'q': ['accuracy', 'auc']}, "
    "steps_per_execution=2)",
    "subclassed": "model = Regressor(3, name='r'); _ = model(np.ones((2, 4), 'float32'))",
    "subclassed_unbuilt": "model = Regressor(3, name='r')",
    "subclassed_compiled": "model = Regressor(3, name='r'); _ = model(np.ones((2, 4), 'float32')); "
    "model.compile(keras.optimizers.RMSprop(0.25), keras.losses.Huber(name='h'))",
    "graph_of_a_subclass": "model = Graph(2, name='g')",
    "subclass_without_constructor": "model = Renamed(x, layers.Dense(2)(x), name='g')",
}


def make():
    """Write `model_configs.json` and `model_configs.npz`."""
    cases, arrays = [], {}
    for name, code in CASES.items():
        model, namespace = built(code)
        text = model.to_json()
        described = shortened(as_written_elsewhere(json.loads(text)))
        cases.append({"name": name, "code": code, "json": json.dumps(described)})
        if not model.built:
            continue
        rng = np.random.default_rng(len(name))
        model.set_weights(draw_weights(model, rng))
        inputs = tree.map_structure(lambda spec, rng=rng: drawn(spec, rng), inputs_of(model))
        outputs = answers(model, inputs)
        twin = keras.models.model_from_json(text, custom_objects=namespace["CUSTOM"])
        twin.set_weights(model.get_weights())
        for one, other in zip(outputs, answers(twin, inputs), strict=True):
            np.testing.assert_array_equal(one, other)
        weights = [weight.reshape(-1) for weight in model.get_weights()]
        arrays[f"{name}/weights"] = np.concatenate(weights) if weights else np.zeros(0)
        for kind, values in (("input", tree.flatten(inputs)), ("output", outputs)):
            arrays |= {f"{name}/{kind}_{i}": value for i, value in enumerate(values)}
    write_json("model_configs", {"prelude": PRELUDE, "short": SHORT, "cases": cases})
    write_arrays("model_configs", arrays)


def built(code):
    """Run the code of a case in a session of its own."""
    fresh_session()
    keras.saving.get_custom_objects().clear()
    namespace = {"keras": keras, "__name__": "__main__"}
    exec(PRELUDE, namespace)
    exec(code, namespace)
    return namespace["model"], namespace


def inputs_of(model):
    """Describe the inputs of a model, those of a subclassed one by what it was built for."""
    if isinstance(model, keras.Sequential):
        return model.inputs[0]
    return keras.KerasTensor((None, 4)) if type(model).__name__ == "Regressor" else model.input


def drawn(spec, rng):
    """Draw an input: numbers with few digits, or small integers."""
    shape = [2 if size is None else size for size in spec.shape]
    if spec.dtype == "int32":
        return rng.integers(0, 4, shape).astype("int32")
    return (rng.integers(-8, 9, shape) / 4).astype(spec.dtype)


def answers(model, inputs):
    """List the outputs of a model as arrays."""
    return [keras.ops.convert_to_numpy(value) for value in tree.flatten(model(inputs))]
