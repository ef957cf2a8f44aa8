"""Early stopping: the simplest remedy against learning by heart.

What you learn: keep some images aside and watch the loss on them: where it begins to rise, the
network has begun to learn noise. `EarlyStopping` ends the training where it has fallen no further
for some passes, and puts the best weights back. The test data must have no say in it, or they test
nothing.

A book describes it without figures for its network that overfits a thousand images of digits:
784-40-10 with ReLU, which is best on the test images after about 20 of its 350 passes. On MNIST the
stop comes within the first 40.
"""

import numpy as np
from few_images import add_options, load
from pictures import Pictures, parser

import kerasette
from kerasette import callbacks, layers, optimizers


def train(images, epochs, *watches):
    rng = np.random.RandomState(1)
    model = kerasette.Sequential(
        [
            kerasette.Input((images.n_pixels,)),
            layers.Dense(40, activation="relu", use_bias=False),
            layers.Dense(10, use_bias=False),
        ]
    )
    model.set_weights([0.2 * rng.random_sample(w.shape) - 0.1 for w in model.weights])
    # Half the summed squared error at rate 0.005.
    model.compile(optimizer=optimizers.SGD(0.025), loss="mse", metrics=["accuracy"])
    history = model.fit(
        *images.train,
        batch_size=1,
        epochs=epochs,
        shuffle=False,
        verbose=0,
        validation_data=images.validation,
        callbacks=list(watches),
    )
    return model, history.history


def main():
    options = add_options(parser(__doc__)).parse_args()
    pictures, images = Pictures(options.pictures), load(options.digits)

    full, history = train(images, 200)
    best = int(np.argmin(history["val_loss"]))
    print(f"200 passes: lowest loss in validation after pass {best}", end=", ")
    print(f"{history['val_loss'][best]:.5f}, at the end {history['val_loss'][-1]:.5f}")

    watch = callbacks.EarlyStopping(
        monitor="val_loss", min_delta=1e-4, patience=10, restore_best_weights=True
    )
    stopped, short = train(images, 200, watch)
    print(f"with early stopping: {len(short['loss'])} passes, the best was {watch.best_epoch}")
    assert short["val_loss"] == history["val_loss"][: len(short["loss"])]
    assert len(short["loss"]) == watch.best_epoch + 1 + watch.patience < 200

    tested = {}
    for name, model in (("full", full), ("stopped", stopped)):
        loss, tested[name] = model.evaluate(*images.test, verbose=0)
        print(f"  {name:8s} test loss {loss:.5f}, accuracy {tested[name]:.4f}")
    kept = stopped.evaluate(*images.validation, verbose=0)[0]
    np.testing.assert_allclose(kept, short["val_loss"][watch.best_epoch], rtol=1e-5)
    if images.is_mnist:
        assert len(short["loss"]) <= 40
        assert tested["stopped"] > tested["full"] + 0.005

    lines = {"training": history["loss"], "validation": history["val_loss"]}
    pictures.curves("early_stopping", lines, "pass", "loss")


if __name__ == "__main__":
    main()
