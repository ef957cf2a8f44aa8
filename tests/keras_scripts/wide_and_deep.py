import keras
import numpy as np
from keras import layers
from same_start import set_start

# Forest cover: numeric features, and two categories with a vocabulary each
NUMERIC = ["elevation", "slope", "hillshade"]
VOCABULARY = {"wilderness_area": 4, "soil_type": 12}

rng = np.random.default_rng(21)
n = 800
data = {name: rng.normal(size=n).astype("float32") for name in NUMERIC}
for name, size in VOCABULARY.items():
    data[name] = rng.integers(0, size, n).astype("int32")
height = data["elevation"] + np.sin(data["soil_type"]) + 0.5 * data["slope"] * data["hillshade"]
cover = np.digitize(height + 0.3 * (data["wilderness_area"] == 2), [-0.7, 0.7])


def create_model_inputs():
    inputs = {}
    for name in NUMERIC:
        inputs[name] = layers.Input(name=name, shape=(), dtype="float32")
    for name in VOCABULARY:
        inputs[name] = layers.Input(name=name, shape=(), dtype="int32")
    return inputs


def encode_inputs(inputs, use_embedding=False):
    encoded = []
    for name, feature in inputs.items():
        if name not in VOCABULARY:
            encoded.append(keras.ops.expand_dims(feature, -1))
        elif use_embedding:
            dimensions = int(np.sqrt(VOCABULARY[name])) + 1
            encoded.append(layers.Embedding(VOCABULARY[name], dimensions)(feature))
        else:
            encoded.append(keras.ops.one_hot(feature, VOCABULARY[name]))
    return layers.concatenate(encoded)


def create_wide_and_deep_model(hidden_units=(32, 16)):
    inputs = create_model_inputs()
    wide = encode_inputs(inputs)
    wide = layers.BatchNormalization()(wide)

    deep = encode_inputs(inputs, use_embedding=True)
    for units in hidden_units:
        deep = layers.Dense(units)(deep)
        deep = layers.LayerNormalization()(deep)
        deep = layers.ReLU()(deep)

    merged = layers.concatenate([wide, deep])
    outputs = layers.Dense(units=3, activation="softmax")(merged)
    return keras.Model(inputs=inputs, outputs=outputs, name="wide_and_deep")


def create_deep_and_cross_model(layers_of_cross=2):
    inputs = create_model_inputs()
    x0 = encode_inputs(inputs, use_embedding=True)

    cross = x0
    for _ in range(layers_of_cross):
        x = layers.Dense(cross.shape[-1])(cross)
        cross = x0 * x + cross
    cross = layers.BatchNormalization()(cross)

    deep = layers.Dense(16, activation="relu")(x0)
    merged = layers.concatenate([cross, deep])
    outputs = layers.Dense(units=3, activation="softmax")(merged)
    return keras.Model(inputs=inputs, outputs=outputs, name="deep_and_cross")


def run_experiment(model, seed):
    set_start(model, seed)
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.005),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=[keras.metrics.SparseCategoricalAccuracy()],
    )
    keras.utils.set_random_seed(seed)
    history = model.fit(data, cover, batch_size=64, epochs=3, validation_split=0.25, verbose=0)
    few = {name: values[:3] for name, values in data.items()}
    return {
        "layers": [layer.name for layer in model.layers],
        "shapes": [list(weight.shape) for weight in model.weights],
        **history.history,
        "probabilities": model.predict(few, verbose=0),
    }


logs = {
    "wide_and_deep": run_experiment(create_wide_and_deep_model(), seed=4),
    "deep_and_cross": run_experiment(create_deep_and_cross_model(), seed=5),
}
