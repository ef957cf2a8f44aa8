"""Trains a small model with an installed kerasette, outside of the repository."""

import sys
from importlib import metadata
from pathlib import Path

import numpy as np

import kerasette

place = Path(kerasette.__file__).resolve()
assert Path(sys.prefix).resolve() in place.parents, f"imported from {place}"

rng = np.random.default_rng(0)
x = rng.normal(size=(512, 8)).astype("float32")
y = (x[:, 0] * x[:, 1] > 0).astype("int64")

kerasette.utils.set_random_seed(0)
model = kerasette.Sequential(
    [
        kerasette.Input((8,)),
        kerasette.layers.Dense(32, activation="relu"),
        kerasette.layers.Dense(2, activation="softmax"),
    ]
)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x, y, epochs=60, batch_size=32, verbose=0).history
assert history["accuracy"][-1] > 0.9, history["accuracy"]
assert model.predict(x, verbose=0).shape == (512, 2)

installed = sorted(d.metadata["Name"] for d in metadata.distributions())
print(f"trained to an accuracy of {history['accuracy'][-1]:.3f}; installed: {', '.join(installed)}")
kerasette.config.show_config()
