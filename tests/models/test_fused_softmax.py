"""The softmax that replays leave to a cross-entropy: the bits of eager runs, and when it stays."""

import numpy as np
import pytest

import kerasette
from kerasette import layers, losses, ops

BATCH = 8


def classifier(classes, shape=(6,)):
    """A network with a softmax, and rows with their classes."""
    rng = np.random.default_rng(3)
    model = kerasette.Sequential([kerasette.Input(shape), layers.Dense(7, "relu")])
    model.add(layers.Dense(classes, "softmax"))
    model.set_weights([rng.normal(size=w.shape) for w in model.weights])
    x = rng.normal(size=(3 * BATCH + 4, *shape)).astype("float32")
    return model, x, rng.integers(classes, size=(len(x), *shape[:-1]))


def trained(classes, loss, is_eager, shape=(6,), model_class=None):
    """The model after two epochs, what fit and evaluate told of it, and its weights."""
    kerasette.utils.set_random_seed(0)
    model, x, y = classifier(classes, shape)
    if model_class is not None:
        model = model_class(model.inputs, model.outputs)
    if isinstance(loss, str) and loss.startswith("categorical"):
        y = np.eye(classes, dtype="float32")[y]
    model.compile("adam", loss, metrics=["accuracy"], run_eagerly=is_eager)
    history = model.fit(x, y, BATCH, epochs=3, verbose=0).history
    told = [*history["loss"], *history["accuracy"], *model.evaluate(x, y, BATCH, verbose=0)]
    return model, np.array(told), model.get_weights()


def ops_of(model, kind="train"):
    """What replays of whole batches run."""
    return next(
        program.step.replayed_ops
        for workspace in model._pool.free
        for key, program in workspace.programs.items()
        if key[0] == kind
    )


def same_as_eager(*arguments, **options):
    """The replayed model, whose results must be those of eager steps."""
    model, told, weights = trained(*arguments, is_eager=False, **options)
    _, eager_told, eager_weights = trained(*arguments, is_eager=True, **options)
    assert model.replayed_steps > 0
    np.testing.assert_array_equal(told, eager_told)
    for found, expected in zip(weights, eager_weights, strict=True):
        np.testing.assert_array_equal(found, expected)
    return model


@pytest.mark.parametrize("loss", ["sparse_categorical_crossentropy", "categorical_crossentropy"])
@pytest.mark.parametrize("classes", [2, 10, 33])
def test_same_bits_as_in_eager_steps(classes, loss):
    model = same_as_eager(classes, loss)
    assert "softmax" not in ops_of(model)
    assert "softmax" not in ops_of(model, "test")


def test_a_softmax_at_every_step_of_a_sequence():
    model = same_as_eager(5, "sparse_categorical_crossentropy", shape=(4, 6))
    assert "softmax" not in ops_of(model)


READINGS = {
    "all": lambda p: p,
    "columns": lambda p: p[:, 1:],
    "rows": lambda p: p[1:],
    "row": lambda p: p[3],
    "reshaped": lambda p: ops.reshape(p, (-1,)),
    "part": lambda p: ops.split(ops.reshape(p, (-1,)), [5])[1],
    "turned": lambda p: ops.transpose(p)[1:],
    "cast": lambda p: ops.cast(p[2:] * 100, "int32"),
}


@pytest.mark.parametrize("reading", READINGS)
def test_what_reads_it_before_keeps_it(reading):
    """Whatever part of it is read, by whatever address."""

    def loss(y_true, y_pred):
        most = ops.cast(ops.max(READINGS[reading](y_pred)), "float32")
        return losses.sparse_categorical_crossentropy(y_true, y_pred) + most

    assert "softmax" in ops_of(same_as_eager(5, loss))


def after(y_true, y_pred):
    """Reads the probabilities, and their gradient goes back through both."""
    entropy = losses.sparse_categorical_crossentropy(y_true, y_pred)
    return entropy + 0.1 * ops.sum(ops.square(y_pred), axis=-1)


def test_what_reads_it_after_finds_it():
    model = same_as_eager(5, after)
    assert "softmax" not in ops_of(model)
    assert "-softmax" in ops_of(model)


def test_other_losses_keep_it():
    assert "softmax" in ops_of(same_as_eager(5, "categorical_hinge"))


class Showing(kerasette.Model):
    """Gives its probabilities away, which are read after the step."""

    def train_step(self, data):
        x, y = data
        with kerasette.GradientTape() as tape:
            probabilities = self(x, training=True)
            loss = self.compute_loss(x, y, probabilities)
        weights = self.trainable_variables
        self.optimizer.apply(tape.gradient(loss, weights), weights)
        return {"loss": loss, "accuracy": ops.max(probabilities), "rows": probabilities[0, 0]}


def test_steps_of_ones_own():
    same_as_eager(5, "sparse_categorical_crossentropy", model_class=Showing)


def test_probabilities_of_single_batches_are_those_of_the_weights_before():
    """What a step gives is read after it, by the address of the tensor left out."""
    model, x, y = classifier(5)
    model = Showing(model.inputs, model.outputs)
    model.compile("sgd", "sparse_categorical_crossentropy")
    for _ in range(4):
        expected = model.predict_on_batch(x[:BATCH])
        found = model.train_on_batch(x[:BATCH], y[:BATCH], return_dict=True)
        assert found["accuracy"] == expected.max()
        assert found["rows"] == expected[0, 0]
    assert "softmax" not in ops_of(model)


class Growing(kerasette.Model):
    """Its logits are a variable, which grows between the softmax and the loss."""

    def build(self, input_shape=None):
        self.logits = self.add_weight(shape=(4, 3), initializer="ones", trainable=False)
        self.built = True

    def train_step(self, data):
        probabilities = ops.softmax(self.logits)
        self.logits.assign(self.logits * ops.array([[1.5, 1.0, 0.5]]))
        labels = ops.array([0, 1, 2, 0])
        loss = ops.sparse_categorical_crossentropy(labels, self.logits, from_logits=True)
        return {"loss": ops.sum(loss), "most": ops.max(probabilities)}


def test_logits_that_change_in_between():
    told = []
    for is_eager in (False, True):
        model = Growing()
        model.build()
        model.compile(run_eagerly=is_eager)
        told.append(model.fit(np.ones((8, 1)), epochs=5, batch_size=4, verbose=0).history)
        assert is_eager or model.replayed_steps > 0
    assert told[0] == told[1]
