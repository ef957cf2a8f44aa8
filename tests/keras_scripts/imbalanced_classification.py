import keras
import numpy as np
from same_start import set_start

# Transactions: few of them are frauds, and these are a little out of the ordinary
rng = np.random.default_rng(7)
features = rng.normal(size=(1200, 12)).astype("float32")
score = features[:, 0] + 0.8 * features[:, 1] * features[:, 2] + 0.5 * features[:, 3]
targets = (score + 0.3 * rng.normal(size=1200) > 2.2).astype("uint8")[:, np.newaxis]
features[:, 5] *= 100.0
features[:, 6] += 20.0

# Prepare a validation set
num_val_samples = int(len(features) * 0.2)
train_features = features[:-num_val_samples]
train_targets = targets[:-num_val_samples]
val_features = features[-num_val_samples:]
val_targets = targets[-num_val_samples:]

# Analyze class imbalance in the targets
counts = np.bincount(train_targets[:, 0])
weight_for_0 = len(train_targets) / 2.0 / counts[0]
weight_for_1 = len(train_targets) / 2.0 / counts[1]

# Normalize the data using training set statistics
mean = np.mean(train_features, axis=0)
train_features -= mean
val_features -= mean
std = np.std(train_features, axis=0)
train_features /= std
val_features /= std

model = keras.Sequential(
    [
        keras.Input(shape=train_features.shape[1:]),
        keras.layers.Dense(32, activation="relu"),
        keras.layers.Dense(32, activation="relu"),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.Dense(1, activation="sigmoid"),
    ]
)
set_start(model, seed=2)

metrics = [
    keras.metrics.FalseNegatives(name="fn"),
    keras.metrics.FalsePositives(name="fp"),
    keras.metrics.TrueNegatives(name="tn"),
    keras.metrics.TruePositives(name="tp"),
    keras.metrics.Precision(name="precision"),
    keras.metrics.Recall(name="recall"),
    keras.metrics.AUC(name="auc"),
]
model.compile(optimizer=keras.optimizers.Adam(1e-2), loss="binary_crossentropy", metrics=metrics)

np.random.seed(3)
history = model.fit(
    train_features,
    train_targets,
    batch_size=128,
    epochs=4,
    verbose=0,
    validation_data=(val_features, val_targets),
    class_weight={0: weight_for_0, 1: weight_for_1},
)

# Go on by hand, batch by batch
batches = []
for start in range(0, len(train_features), 256):
    batch = slice(start, start + 256)
    batches.append(
        model.train_on_batch(
            train_features[batch],
            train_targets[batch],
            class_weight={0: weight_for_0, 1: weight_for_1},
            return_dict=True,
        )
    )

logs = {
    "counts": counts,
    **history.history,
    "batches": batches,
    "last": model.test_on_batch(val_features, val_targets),
    "frauds": model.predict(val_features[:8], verbose=0),
}
