import keras
import numpy as np
from digits import load_data
from keras import layers, ops
from same_start import set_start

epochs = 4
batch_size = 32
margin = 1  # Margin for contrastive loss

(x_train, y_train), (x_test, y_test) = load_data(train=400, test=160, seed=3)
x_train = x_train.astype("float32") / 255
x_test = x_test.astype("float32") / 255


def make_pairs(x, y, seed):
    """Pair each image with one of its class, and with one of another."""
    rng = np.random.default_rng(seed)
    digit_indices = [np.where(y == i)[0] for i in range(10)]
    pairs, labels = [], []
    for image, label in zip(x, y, strict=True):
        pairs.append([image, x[rng.choice(digit_indices[label])]])
        labels.append(0)
        other = (label + rng.integers(1, 10)) % 10
        pairs.append([image, x[rng.choice(digit_indices[other])]])
        labels.append(1)
    return np.array(pairs), np.array(labels, "float32")


pairs_train, labels_train = make_pairs(x_train, y_train, seed=1)
pairs_test, labels_test = make_pairs(x_test, y_test, seed=2)


@keras.saving.register_keras_serializable(package="siamese")
def euclidean_distance(vects):
    """Find the Euclidean distance between two vectors."""
    x, y = vects
    sum_square = ops.sum(ops.square(x - y), axis=1, keepdims=True)
    return ops.sqrt(ops.maximum(sum_square, keras.backend.epsilon()))


def loss(margin=1):
    """Provide 'contrastive_loss' an enclosing scope with variable 'margin'."""

    def contrastive_loss(y_true, y_pred):
        square_pred = ops.square(y_pred)
        margin_square = ops.square(ops.maximum(margin - y_pred, 0))
        return ops.mean((1 - y_true) * square_pred + y_true * margin_square)

    return contrastive_loss


inputs = layers.Input((8, 8))
x = layers.Flatten()(inputs)
x = layers.BatchNormalization()(x)
x = layers.Dense(32, activation="tanh")(x)
x = layers.Dense(10, activation="tanh")(x)
embedding_network = keras.Model(inputs, x, name="tower")

input_1 = layers.Input((8, 8), name="left")
input_2 = layers.Input((8, 8), name="right")

# Both towers are the same network: they share their weights
tower_1 = embedding_network(input_1)
tower_2 = embedding_network(input_2)

merge_layer = layers.Lambda(euclidean_distance, output_shape=(1,))([tower_1, tower_2])
normal_layer = layers.BatchNormalization()(merge_layer)
output_layer = layers.Dense(1, activation="sigmoid")(normal_layer)
siamese = keras.Model(inputs=[input_1, input_2], outputs=output_layer)
set_start(siamese, seed=7)

siamese.compile(loss=loss(margin=margin), optimizer="rmsprop", metrics=["accuracy"])
summary = []
siamese.summary(print_fn=summary.append, expand_nested=True)

np.random.seed(4)
history = siamese.fit(
    [pairs_train[:, 0], pairs_train[:, 1]],
    labels_train,
    validation_data=([pairs_test[:, 0], pairs_test[:, 1]], labels_test),
    batch_size=batch_size,
    epochs=epochs,
    verbose=0,
)

logs = {
    "summary": summary,
    "inbound": len(embedding_network.weights),
    **history.history,
    "test": siamese.evaluate([pairs_test[:, 0], pairs_test[:, 1]], labels_test, verbose=0),
    "predictions": siamese.predict([pairs_test[:6, 0], pairs_test[:6, 1]], verbose=0),
    "embedding": embedding_network.predict(x_test[:2], verbose=0),
}
