"""What Keras writes for objects, what it makes of that, and which errors it raises.

Each case is code that runs in the same way with kerasette in the place of keras, after `PRELUDE`,
and leaves what is compared in `result`.
"""

import contextlib
import importlib
import inspect
import io
import re
import warnings

import keras
from keras.src import api_export
from keras.src.ops.operation import Operation

from .networks import fresh_session
from .store import plain, write_json

PRELUDE = '''
import copy
import numpy as np
from keras import layers, ops
from keras.saving import deserialize_keras_object as read, serialize_keras_object as write

class Scaled(layers.Layer):
    def __init__(self, factor=2.0, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor
    def call(self, inputs):
        return inputs * self.factor
    def get_config(self):
        return {**super().get_config(), "factor": self.factor}

class Plain(layers.Layer):
    def __init__(self, size, words=("a", "b"), **kwargs):
        super().__init__(**kwargs)
        self.size = size
    def call(self, inputs):
        return inputs

class Around(layers.Layer):
    def __init__(self, layer, **kwargs):
        super().__init__(**kwargs)
        self.layer = layer
    def call(self, inputs):
        return self.layer(inputs)
    def get_config(self):
        return {**super().get_config(), "layer": keras.saving.serialize_keras_object(self.layer)}
    @classmethod
    def from_config(cls, config):
        layer = keras.saving.deserialize_keras_object(config.pop("layer"))
        return cls(layer, **config)

@keras.saving.register_keras_serializable()
class Kept(layers.Layer):
    def call(self, inputs):
        return inputs

@keras.saving.register_keras_serializable("shop", name="Sum")
class Total(layers.Layer):
    def call(self, inputs):
        return inputs

@keras.saving.register_keras_serializable("shop")
def halved(x):
    return x / 2

def doubled(x):
    return x * 2

class Flat(keras.initializers.Initializer):
    def __init__(self, value=1.0):
        self.value = value
    def __call__(self, shape, dtype=None):
        return ops.full(shape, self.value, dtype)
    def get_config(self):
        return {"value": self.value}

class Peak(keras.regularizers.Regularizer):
    def __init__(self, rate):
        self.rate = rate
    def __call__(self, x):
        return self.rate * ops.max(x)
    def get_config(self):
        return {"rate": self.rate}

class Below(keras.constraints.Constraint):
    def __call__(self, w):
        return ops.minimum(w, 1.0)

class Distance(keras.losses.Loss):
    def call(self, y_true, y_pred):
        return ops.mean(ops.absolute(y_true - y_pred), axis=-1)

class Largest(keras.metrics.Metric):
    def update_state(self, y_true, y_pred, sample_weight=None):
        pass
    def result(self):
        return 0.0

class Falling(keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, start):
        self.start = start
    def __call__(self, step):
        return self.start / (1 + step)
    def get_config(self):
        return {"start": self.start}

class Descent(keras.optimizers.SGD):
    pass

class Bare:
    pass

class Odd:
    def get_config(self):
        return [1]

CUSTOM = {
    "Scaled": Scaled, "Plain": Plain, "Around": Around, "doubled": doubled, "Flat": Flat,
    "Peak": Peak, "Below": Below, "Distance": Distance, "Largest": Largest, "Falling": Falling,
    "Descent": Descent,
}

def twin(value, **kwargs):
    """What is written of a value, and of what is read from that, unless it is the same."""
    written = write(value)
    kwargs.setdefault("custom_objects", CUSTOM)
    again = write(read(copy.deepcopy(written), **kwargs))
    return [written, "the same" if again == written else again]
'''

DENSE = (
    "layers.Dense(2, activation=doubled, kernel_initializer=Flat(3.0), bias_initializer=Flat(), "
    "kernel_regularizer=Peak(0.5), bias_constraint=Below(), activity_regularizer='l1', name='d')"
)
CASES = [
    # ---- values
    "result = write([None, True, 1, 0.5, 'a', (1, [2.0, {'b': (3,)}])])",
    "result = write([np.float32(0.5), np.float64(2), np.int64(3), np.array(4.0), np.bool_(True)])",
    "result = write([np.array([[1, 2]]), np.ones(2, 'float32'), np.array([], 'int8')])",
    "result = write(ops.convert_to_tensor([1.0, 2.0]))",
    "result = write([b'ab', slice(1, None, 2), slice(None), ...])",
    "result = write([doubled, halved, keras.activations.relu, keras.losses.mean_squared_error])",
    "result = write(int)",
    "result = write({'a': slice(np.int64(1)), 'b': [np.ones(1)]})",
    "result = [repr(read(write(v))) for v in (b'ab', slice(1, None, 2), ..., (1, (2,)), {'a': 1})]",
    "result = read(write(np.arange(3.0))).tolist()",
    "result = str(read(write(np.arange(3, dtype='int32'))).dtype)",
    "result = ops.convert_to_numpy(read(write(ops.ones((2,))))).tolist()",
    "result = read(['a', {'b': None, 'class_name': 'c'}, 1.5])",
    "result = read(write(keras.activations.tanh)) is keras.activations.tanh",
    "result = read(write(keras.losses.hinge)) is keras.losses.hinge",
    "result = read(write(halved)) is halved",
    "result = read(write(doubled), custom_objects=CUSTOM) is doubled",
    "result = read('doubled', custom_objects=CUSTOM) is doubled",
    "result = read({**write(halved), 'config': 'halved'}) is halved",
    "result = read({'module': 'keras.ops', 'class_name': 'function', 'config': 'tanh', "
    "'registered_name': 'tanh'}) is ops.tanh",
    # ---- layers
    "result = twin(layers.Layer(name='a'))",
    "result = twin(layers.Dense(3, dtype='float64', name='a', trainable=False))",
    "layer = layers.Dense(3, name='a'); layer.build((None, 2)); result = twin(layer)",
    "layer = layers.Dense(3, name='a'); layer.build((None, 2)); "
    "result = read(write(layer)).kernel.shape",
    "result = twin(Scaled(3.0, name='a'))",
    "result = twin(Scaled(3.0, name='a', activity_regularizer='l2'))",
    "result = twin(Plain(3, name='a'))",
    "result = twin(Kept(name='a'), custom_objects=None)",
    "result = twin(Total(name='a'), custom_objects=None)",
    f"result = twin({DENSE})",
    f"result = {DENSE}.get_config()",
    "result = twin(layers.Activation(halved, name='a'))",
    "result = twin(layers.Dense(1, activation=layers.LeakyReLU(0.5, name='b'), name='a'))",
    "result = twin(layers.Dense(1, activation=Scaled(name='b'), name='a'))",
    "result = twin(Around(layers.Dense(2, name='b'), name='a'))",
    "result = twin(Around(Around(Scaled(0.5, name='c'), name='b'), name='a'))",
    "result = twin(layers.Rescaling(np.array([1.0, 2.0]), offset=(0.5, 1), name='a'))",
    "result = twin(layers.Dropout(0.5, seed=3, name='a'))",
    "with keras.saving.custom_object_scope(CUSTOM):\n    result = twin(Scaled(name='a'), "
    "custom_objects=None)",
    "result = layers.serialize(layers.Flatten(name='a'))",
    "result = layers.deserialize(layers.serialize(Scaled(name='a')), CUSTOM).get_config()",
    "result = layers.deserialize({'class_name': 'Dense', 'config': {'units': 2, 'name': 'a'}, "
    "'module': 'keras.layers'}).get_config()",
    "result = layers.deserialize({'class_name': 'Dense', 'config': {'units': 2, 'name': 'a', "
    "'dtype': 'float32'}, 'module': 'keras.src.layers.core.dense', "
    "'registered_name': 'Dense'}).get_config()",
    # ---- the others
    "result = twin(Distance(name='a', reduction='sum'))",
    "result = twin(keras.losses.Huber(name='a'))",
    "result = twin(keras.losses.get(Distance))",
    "result = twin(Largest(name='a'))",
    "result = twin(keras.metrics.MeanMetricWrapper(doubled, name='a'))",
    "result = twin(keras.metrics.MeanMetricWrapper(keras.losses.hinge, name='a'))",
    "result = twin(Flat(2.0))",
    "result = twin(keras.initializers.Constant(np.array([1.0, 2.0])))",
    "result = twin(keras.initializers.HeNormal(seed=3))",
    "result = twin(keras.initializers.RandomNormal(seed=keras.random.SeedGenerator(3, name='s')))",
    "result = twin(Peak(0.5))",
    "result = twin(Below())",
    "result = twin(keras.random.SeedGenerator(3, name='s'))",
    "result = twin(Falling(0.5))",
    "result = twin(Descent(0.5, name='a'))",
    "result = twin(keras.optimizers.Adam(Falling(0.5), name='a'))",
    "rate = keras.optimizers.schedules.CosineDecay(0.5, 9); "
    "result = twin(keras.optimizers.Adam(rate, name='a'))",
    "result = keras.losses.serialize(keras.losses.mean_squared_error)",
    "result = keras.losses.deserialize(keras.losses.serialize(Distance(name='a')), "
    "CUSTOM).get_config()",
    "result = keras.losses.deserialize('doubled', CUSTOM) is doubled",
    "result = keras.metrics.deserialize(keras.metrics.serialize(Largest(name='a')), "
    "CUSTOM).get_config()",
    "result = keras.optimizers.deserialize(keras.optimizers.serialize(Descent(0.5, name='a')), "
    "CUSTOM).get_config()",
    "result = keras.optimizers.schedules.deserialize("
    "keras.optimizers.schedules.serialize(Falling(0.5)), CUSTOM).get_config()",
    "result = keras.initializers.deserialize(keras.initializers.serialize(Flat(2.0)), "
    "CUSTOM).get_config()",
    "result = keras.regularizers.deserialize(keras.regularizers.serialize(Peak(2.0)), "
    "CUSTOM).get_config()",
    "result = keras.constraints.deserialize(keras.constraints.serialize(Below()), "
    "CUSTOM).get_config()",
    "result = [keras.activations.serialize(a) for a in (ops.relu6, halved, doubled)]",
    "written = keras.activations.serialize(doubled); "
    "result = keras.activations.deserialize(written, CUSTOM) is doubled",
    "result = keras.activations.deserialize('doubled', CUSTOM) is doubled",
    "with keras.saving.custom_object_scope({'flat': Flat}):\n"
    "    result = keras.initializers.get('flat').get_config()",
    # ---- registration
    "result = [keras.saving.get_registered_name(v) for v in (Kept, Total, halved, doubled)]",
    "result = keras.saving.get_registered_object('shop>Sum') is Total",
    "result = keras.saving.get_registered_object('Sum')",
    "result = keras.saving.get_registered_object('a', {'a': 1}, {'a': 2})",
    "result = keras.saving.get_registered_object('a', {'b': 1}, {'a': 2})",
    "with keras.saving.custom_object_scope({'a': 3}):\n"
    "    result = keras.saving.get_registered_object('a', {'a': 1})",
    "with keras.saving.custom_object_scope({'a': 3}):\n"
    "    with keras.saving.custom_object_scope({'b': 4}):\n"
    "        result = keras.saving.get_registered_object('a')",
    "result = 'shop>Sum' in keras.saving.get_custom_objects()",
    # ---- policies
    "result = keras.dtype_policies.serialize(keras.dtype_policies.DTypePolicy('float64'))",
    "result = [repr(keras.dtype_policies.get(v)) for v in ('float64', 'int32', np.float64)]",
    "result = keras.dtype_policies.get({'class_name': 'FloatDTypePolicy', 'module': 'keras', "
    "'config': {'name': 'float64'}}).name",
    "policy = keras.DTypePolicy('float64'); "
    "result = [policy.name, policy.compute_dtype, policy.variable_dtype, policy.get_config(), "
    "policy.quantization_mode, policy == keras.dtype_policies.get('float64'), "
    "policy == keras.DTypePolicy('float32')]",
    "keras.config.set_dtype_policy('float64'); layer = layers.Dense(1); "
    "loss = keras.losses.MeanSquaredError(); metric = keras.metrics.Mean(); "
    "result = [keras.config.dtype_policy().name, layer.dtype_policy.name, layer.compute_dtype, "
    "layer.variable_dtype, layer.dtype, loss.dtype, metric.dtype, keras.DTypePolicy().name, "
    "keras.Input((1,)).dtype]; "
    "keras.config.set_dtype_policy('float32')",
    "keras.mixed_precision.set_global_policy(keras.mixed_precision.Policy('float64')); "
    "result = [keras.mixed_precision.global_policy().name, "
    "keras.mixed_precision.dtype_policy().name]; "
    "keras.mixed_precision.set_dtype_policy('float32')",
    "layer = layers.Dense(1); layer.dtype_policy = 'float64'; layer.build((None, 2)); "
    "result = [layer.kernel.dtype, layer.dtype_policy.name]",
    # ---- errors
    "write(Bare())",
    "write(Odd())",
    "write(layers.Dense)",
    "write(keras.Variable(1.0))",
    "write(np.array(['a']))",
    "write({1, 2})",
    "read(write(Scaled()))",
    "read(write(doubled))",
    "read({**write(Scaled()), 'module': 'nowhere'})",
    "read({'class_name': 'Missing', 'config': {}})",
    "read({'class_name': 'Missing', 'config': {}, 'module': 'keras.layers'})",
    "read({'class_name': 'Missing', 'config': {}, 'module': 'keras.nowhere'})",
    "read({'class_name': 'Dense', 'config': 3, 'module': 'keras.layers'})",
    "read({'class_name': 'Dense', 'config': {}, 'module': 'keras.layers'})",
    "read({'class_name': 'Dense', 'config': {'units': 2, 'unit': 3}, 'module': 'keras.layers'})",
    "read({'class_name': 'Dense', 'config': {'units': -2}, 'module': 'keras.layers'})",
    "read({**write(layers.Dense(1)), 'registered_name': 'shop>Dense'})",
    "read({**write(keras.activations.tanh), 'registered_name': 'shop>tanh'})",
    "read({'class_name': 'function', 'config': None, 'module': 'builtins'})",
    "read({'class_name': 'function', 'config': 'get_file', 'module': 'keras.utils', "
    "'registered_name': 'get_file'})",
    "read({'class_name': 'function', 'config': 'model_from_json', 'module': 'keras.models', "
    "'registered_name': 'model_from_json'})",
    "read({'class_name': 'Bare', 'config': {}, 'registered_name': 'Bare'}, {'Bare': Bare})",
    "read(object())",
    "layers.deserialize(write(keras.losses.Huber()))",
    "Scaled.from_config({'factr': 3})",
    "keras.losses.deserialize(keras.losses.serialize(Distance()))",
    "keras.initializers.get({'module': None, 'class_name': 'Flat', 'config': {}})",
    "keras.initializers.get({'config': {}})",
    "keras.optimizers.deserialize(keras.optimizers.serialize(Descent()))",
    "keras.saving.register_keras_serializable()(Bare)",
    "keras.dtype_policies.get(3)",
    "keras.dtype_policies.DTypePolicy(3)",
    "keras.dtype_policies.DTypePolicy('float31')",
    "keras.config.set_dtype_policy(3)",
    "layers.Dense(1, dtype='float31')",
]
PACKAGES = (
    "activations", "constraints", "initializers", "layers", "losses", "metrics", "models",
    "optimizers", "optimizers.schedules", "random", "regularizers",
)  # fmt: skip

# What stands in most layers, and the names that take its place in the file.
SHORT = {
    "<float32>": keras.dtype_policies.serialize(keras.DTypePolicy("float32")),
    "<glorot_uniform>": keras.initializers.serialize(keras.initializers.GlorotUniform()),
    "<zeros>": keras.initializers.serialize(keras.initializers.Zeros()),
}


def make():
    """Write `saving.json`."""
    cases = [{"code": code, **outcome(code)} for code in CASES]
    write_json(
        "saving",
        {
            "prelude": PRELUDE,
            "short": SHORT,
            "cases": cases,
            "modules": modules(),
            "operations": operations(),
        },
    )


def outcome(code):
    """Run one case in a session of its own, and tell its result, or which error it raised."""
    fresh_session()
    keras.saving.get_custom_objects().clear()
    namespace = {"keras": keras, "__name__": "__main__"}
    try:
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(PRELUDE, namespace)
            exec(code, namespace)
        return {"result": shortened(as_written_elsewhere(plain(namespace["result"])))}
    except Exception as error:
        message = re.sub(r" at 0x\w+", "", str(error).partition("\n")[0])
        return {"error": type(error).__name__, "message": message}


def as_written_elsewhere(value):
    """Give optimizers the module that they have in files of all backends but PyTorch."""
    if isinstance(value, list):
        return [as_written_elsewhere(item) for item in value]
    if not isinstance(value, dict):
        return value
    if str(value.get("module")).startswith("keras.src.backend.torch.optimizers."):
        value = {**value, "module": "keras.optimizers", "registered_name": None}
    return {key: as_written_elsewhere(item) for key, item in value.items()}


def shortened(value):
    """Put names in the place of what stands in most layers."""
    for name, described in SHORT.items():
        if value == described:
            return name
    if isinstance(value, dict) and value.get("class_name") == "__keras_tensor__":
        return ["<tensor>", *value["config"].values()]
    if isinstance(value, list):
        return [shortened(item) for item in value]
    if isinstance(value, dict):
        return {key: shortened(item) for key, item in value.items()}
    return value


def modules():
    """Tell under which module configs name each public class, for those with another one."""
    found = {}
    for package in PACKAGES:
        home = keras
        for part in package.split("."):
            home = getattr(home, part)
        for name, value in vars(home).items():
            public = api_export.get_name_from_symbol(value) if inspect.isclass(value) else None
            if public:
                found[f"{package}.{name}"] = public
    return {name: public for name, public in found.items() if public != f"keras.{name}"}


def operations():
    """Tell module and arguments of the constructor of each class of nodes, by its name."""
    found = {}
    for module in ("core", "linalg", "math", "nn", "numpy"):
        for name, value in vars(importlib.import_module(f"keras.src.ops.{module}")).items():
            if inspect.isclass(value) and issubclass(value, Operation) and value is not Operation:
                names = list(inspect.signature(value.__init__).parameters)[1:]
                found[name] = [module, *(one for one in names if one != "name")]
    return dict(sorted(found.items()))
