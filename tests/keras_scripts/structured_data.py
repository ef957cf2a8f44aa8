import keras
import numpy as np
from keras import layers
from same_start import set_start

# Patients: numbers on different scales, and categories as indices
rng = np.random.default_rng(11)
n = 600
patients = {
    "age": rng.integers(29, 78, (n, 1)).astype("float32"),
    "trestbps": rng.normal(131, 17, (n, 1)).astype("float32"),
    "chol": rng.normal(246, 51, (n, 1)).astype("float32"),
    "sex": rng.integers(0, 2, (n, 1)),
    "thal": rng.integers(0, 4, (n, 1)),
}
risk = (
    (patients["age"] - 54) / 9
    + (patients["chol"] - 246) / 51 * np.where(patients["sex"], 1.0, -0.5)
    + np.array([-1.0, 0.5, 1.0, 0.0])[patients["thal"]]
)
target = (risk + 0.3 * rng.normal(size=(n, 1)) > 0.5).astype("float32")


def part(rows):
    return {name: values[rows] for name, values in patients.items()}, target[rows]


x_train, y_train = part(slice(0, 450))
x_val, y_val = part(slice(450, n))


def encode_numerical_feature(feature, name):
    # Learn the statistics of the data, then normalize the input feature
    normalizer = layers.Normalization(name=f"{name}_normalizer")
    normalizer.adapt(x_train[name])
    return normalizer(feature)


def encode_categorical_feature(feature, num_tokens):
    # Turn indices into one-hot vectors
    return layers.CategoryEncoding(num_tokens=num_tokens, output_mode="one_hot")(feature)


numerical = {name: keras.Input(shape=(1,), name=name) for name in ("age", "trestbps", "chol")}
categorical = {name: keras.Input(shape=(1,), name=name, dtype="int64") for name in ("sex", "thal")}
all_inputs = {**numerical, **categorical}

numerical_branch = layers.concatenate(
    [encode_numerical_feature(feature, name) for name, feature in numerical.items()]
)
numerical_branch = layers.Dense(16, activation="relu", name="numerical")(numerical_branch)
categorical_branch = layers.Concatenate()(
    [
        encode_categorical_feature(categorical["sex"], 2),
        encode_categorical_feature(categorical["thal"], 4),
    ]
)
categorical_branch = layers.Dense(8, activation="relu", name="categorical")(categorical_branch)

x = layers.Concatenate()([numerical_branch, categorical_branch])
x = layers.Dense(16, activation="relu")(x)
output = layers.Dense(1, activation="sigmoid", name="risk")(x)
model = keras.Model(all_inputs, output, name="patients")
set_start(model, seed=3)

model.compile(
    keras.optimizers.Adam(0.005), "binary_crossentropy", metrics=["accuracy", keras.metrics.AUC()]
)
np.random.seed(5)
history = model.fit(
    x_train, y_train, epochs=5, batch_size=50, verbose=0, validation_data=(x_val, y_val)
)

sample = {
    "age": np.array([[60.0]]),
    "trestbps": np.array([[145.0]]),
    "chol": np.array([[233.0]]),
    "sex": np.array([[1]]),
    "thal": np.array([[2]]),
}
branches = keras.Model(model.inputs, [numerical_branch, model.get_layer("categorical").output])
numbers, categories = branches.predict([sample[tensor.name] for tensor in model.inputs], verbose=0)

logs = {
    "inputs": [tensor.name for tensor in model.inputs],
    "parameters": model.count_params(),
    **history.history,
    "sample": model.predict(sample, verbose=0),
    "numbers": numbers,
    "categories": categories,
}
