"""Is it learning? Curves of the loss and of what you care about.

What you learn: `fit` returns a history with one number an epoch, for training and validation; a
callback sees every step; `train_on_batch` leaves the loop to you. With all samples in each step
the loss must fall at every one of them: where it jumps, the rate is too high, where it lies flat
too low.

A lecture advises both plots, of the cost by iteration and of the quality by step, without figures.
"""

import numpy as np
from pictures import Pictures
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

import kerasette
from kerasette import callbacks, layers, optimizers


def load_data():
    x, y = load_digits(return_X_y=True)
    x_train, x_test, y_train, y_test = train_test_split(x / 16, y, random_state=0)
    return (x_train, y_train), (x_test, y_test)


def make_model(optimizer):
    kerasette.utils.set_random_seed(0)
    model = kerasette.Sequential(
        [
            kerasette.Input((64,)),
            layers.Dense(32, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


class EveryStep(callbacks.Callback):
    """Keeps the loss after each step: the mean since the epoch began."""

    def on_train_begin(self, logs=None):
        self.losses = []

    def on_train_batch_end(self, batch, logs=None):
        self.losses.append(logs["loss"])


def show_history(train, test):
    watch = EveryStep()
    model = make_model("adam")
    fitted = model.fit(*train, epochs=20, validation_data=test, callbacks=[watch], verbose=0)
    history = fitted.history
    print("what fit has kept:", ", ".join(history))
    for epoch in (0, 4, 9, 19):
        row = ", ".join(f"{name} {values[epoch]:.3f}" for name, values in history.items())
        print(f"  epoch {epoch + 1:2d}: {row}")
    steps = -(-len(train[0]) // 32)
    assert len(watch.losses) == 20 * steps
    # After the last step of an epoch the mean so far is that of the epoch.
    np.testing.assert_allclose(watch.losses[steps - 1 :: steps], history["loss"], rtol=1e-6)
    assert history["val_loss"][-1] < 0.3 * history["val_loss"][0]
    assert history["val_accuracy"][-1] > 0.9
    return history


def show_rates(x, y):
    """One step an iteration, of all samples: loss and accuracy before each."""
    curves = {}
    for rate in (0.001, 0.3, 10.0):
        model = make_model(optimizers.SGD(rate))
        steps = np.array([model.train_on_batch(x, y) for _ in range(60)])
        curves[f"rate {rate:g}"] = steps[:, 0]
        rises = int((np.diff(steps[:, 0]) > 0).sum())
        first, last = steps[[0, -1]]
        print(f"rate {rate:6g}: loss {first[0]:.3f} to {last[0]:.3f}, {rises:2d} rises,", end=" ")
        print(f"accuracy {first[1]:.3f} to {last[1]:.3f}")
    low, good, high = (np.array(losses) for losses in curves.values())
    assert np.all(np.diff(low) < 0)
    assert np.all(np.diff(good) < 0)
    assert low[-1] > 0.9 * low[0], "too low: nearly flat"
    assert good[-1] < 0.7 * good[0]
    assert np.any(np.diff(high) > 0), "too high: it jumps"
    return curves


def main():
    pictures = Pictures.from_arguments(__doc__)
    train, test = load_data()
    history = show_history(train, test)
    curves = show_rates(*train)

    def draw(panels):
        for panel, name in zip(panels, ("loss", "accuracy")):
            panel.plot(history[name], label="training")
            panel.plot(history[f"val_{name}"], label="validation")
            panel.set(xlabel="epoch", ylabel=name)
            panel.legend()

    pictures.save("watching_learning", draw, columns=2)
    pictures.curves("watching_learning_rates", curves, "iteration", "loss", log=True)


if __name__ == "__main__":
    main()
