"""Batches of many lengths: as right as eager steps, in memory that the longest one bounds."""

import numpy as np
import pytest

import kerasette
from kerasette import layers
from kerasette.training import programs

N_LENGTHS = 60
LENGTHS = {
    "rising": list(range(20, 20 + N_LENGTHS)),
    "mixed": list(np.random.default_rng(0).permutation(N_LENGTHS) + 20),
}
pytestmark = pytest.mark.filterwarnings("ignore:`shuffle=True` was passed")


class Tokens(kerasette.utils.PyDataset):
    """Batches, each of another length; some rows end early."""

    def __init__(self, lengths, batch_size=4):
        super().__init__()
        self.lengths = [int(length) for length in lengths]
        self.batch_size = batch_size

    def __len__(self):
        return len(self.lengths)

    def __getitem__(self, index):
        rng = np.random.default_rng(index)
        x = rng.integers(1, 50, (self.batch_size, self.lengths[index]))
        x[::2, self.lengths[index] // 2 :] = 0
        return x, rng.normal(size=(self.batch_size, 1)).astype("float32")


def of_tokens(width=8, pooling=layers.GlobalAveragePooling1D, **arguments):
    kerasette.utils.set_random_seed(1)
    model = kerasette.Sequential(
        [
            kerasette.Input((None,), dtype="int32"),
            layers.Embedding(50, width, mask_zero=True),
            layers.Dense(width, activation="tanh"),
            pooling(),
            layers.Dense(1),
        ]
    )
    model.compile("adam", "mse", **arguments)
    return model


class Losses(kerasette.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.seen = []

    def on_train_batch_end(self, batch, logs=None):
        self.seen.append(logs["loss"])


def losses_of(model, data, epochs=3):
    losses = Losses()
    model.fit(data, epochs=epochs, shuffle=False, verbose=0, callbacks=[losses])
    return losses.seen


@pytest.mark.parametrize("order", LENGTHS)
def test_many_lengths_train_as_eager_steps_do(order):
    model, eager = of_tokens(), of_tokens(run_eagerly=True)
    data = Tokens(LENGTHS[order])
    assert losses_of(model, data) == losses_of(eager, data)
    assert model.replayed_steps >= N_LENGTHS
    for found, expected in zip(model.get_weights(), eager.get_weights(), strict=True):
        np.testing.assert_array_equal(found, expected)


def test_many_lengths_of_recurrent_layers():
    def pooling():
        return layers.Bidirectional(layers.LSTM(3))

    model, eager = of_tokens(pooling=pooling), of_tokens(pooling=pooling, run_eagerly=True)
    data = Tokens(LENGTHS["mixed"][::4])
    assert losses_of(model, data) == losses_of(eager, data)
    assert model.replayed_steps == N_LENGTHS // 4


def test_many_lengths_of_a_generator_of_features():
    def make(**arguments):
        kerasette.utils.set_random_seed(1)
        model = kerasette.Sequential(
            [
                kerasette.Input((None, 3)),
                layers.Conv1D(4, 3, activation="relu"),
                layers.TimeDistributed(layers.Dense(2)),
                layers.GlobalMaxPooling1D(),
            ]
        )
        model.compile("sgd", "mse", **arguments)
        return model

    def batches():
        while True:
            for length in LENGTHS["mixed"]:
                x = np.random.default_rng(length).normal(size=(2, length, 3)).astype("float32")
                yield x, x[:, 0, :2]

    found = []
    for arguments in ({}, {"run_eagerly": True}):
        model, losses = make(**arguments), Losses()
        model.fit(batches(), steps_per_epoch=N_LENGTHS, epochs=3, verbose=0, callbacks=[losses])
        found.append(losses.seen)
    assert found[0] == found[1]


def kept_after(lengths):
    """The recordings of a model that has seen batches of such lengths."""
    model = of_tokens(width=64)
    for _ in range(3):
        model.evaluate(Tokens(lengths, batch_size=64), verbose=0)
    return model._pool


def test_what_is_kept_is_bounded_by_the_longest_batch():
    alone = kept_after([20 + N_LENGTHS - 1] * 3).nbytes
    pool = kept_after(LENGTHS["rising"])
    assert sum(len(workspace.programs) for workspace in pool.free) == N_LENGTHS
    n_nodes = sum(len(p.step) for w in pool.free for p in w.programs.values())
    # Without a limit the arena would be many times as large, for lengths that rise.
    assert pool.nbytes <= 2 * alone + programs.ARENA_SLACK + n_nodes * programs.NODE_BYTES
    assert alone > programs.ARENA_SLACK / 2


def test_programs_are_dropped_when_they_are_many_or_large(monkeypatch):
    monkeypatch.setattr(programs, "MAX_PROGRAMS", 10)
    model, eager = of_tokens(), of_tokens(run_eagerly=True)
    data = Tokens(LENGTHS["mixed"][::3])
    assert losses_of(model, data) == losses_of(eager, data)
    assert [len(workspace.programs) for workspace in model._pool.free] == [10]
    monkeypatch.setattr(programs, "MAX_PROGRAM_BYTES", 150_000)
    model.fit(data, verbose=0)
    (workspace,) = model._pool.free
    assert 1 <= len(workspace.programs) < 10
    assert sum(program.nbytes for program in workspace.programs.values()) <= 150_000
    monkeypatch.setattr(programs, "MAX_PROGRAM_BYTES", 0)
    model.fit(data, verbose=0)
    assert len(workspace.programs) == 1


def test_constants_of_a_program_count():
    table = np.ones((100, 100), "float32")
    model = kerasette.Sequential(
        [kerasette.Input((100,)), layers.Lambda(lambda x: kerasette.ops.matmul(x, table))]
    )
    for _ in range(3):
        model.predict(np.ones((8, 100)), batch_size=2, verbose=0)
    (workspace,) = model._pool.free
    assert max(program.nbytes for program in workspace.programs.values()) > table.nbytes


def test_evaluate_and_predict_of_many_lengths():
    model, eager = of_tokens(), of_tokens(run_eagerly=True)
    data = Tokens(LENGTHS["mixed"][::3])
    for _ in range(3):
        assert model.evaluate(data, verbose=0) == eager.evaluate(data, verbose=0)
        found = model.predict(data, verbose=0)
        np.testing.assert_array_equal(found, eager.predict(data, verbose=0))
    assert found.shape == (4 * N_LENGTHS // 3, 1)
    assert model.replayed_steps > 0


@pytest.mark.parametrize("rank", [2, 3])
def test_a_length_of_one(rank):
    """A free last axis of size 1 is an axis, not one that may be left out."""
    inputs = kerasette.Input((None,) * (rank - 1))
    sums = layers.Lambda(lambda x: kerasette.ops.sum(x, axis=-1, keepdims=True))(inputs)
    outputs = layers.Dense(1)(sums) if rank == 2 else layers.SimpleRNN(1)(sums)
    model = kerasette.Model(inputs, outputs)
    model.compile("sgd", "mse")
    shapes = [(4, 3), (4, 1), (4, 2)] if rank == 2 else [(4, 3, 2), (4, 1, 1), (4, 3, 1)]
    batches = [(np.ones(shape, "float32"), np.ones((4, 1), "float32")) for shape in shapes]
    model.fit((batch for batch in batches), steps_per_epoch=3, verbose=0)
    assert model.optimizer.iterations.numpy() == 3
    for x, _ in batches:
        assert model.predict(x, verbose=0).shape == model(x).shape == (4, 1)


def stack_of_free_steps(shape):
    model = kerasette.Sequential(
        [
            kerasette.Input(shape),
            layers.EinsumDense("abc,cd->abd", output_shape=(None, 2), bias_axes="d"),
            layers.SimpleRNN(2, return_sequences=True),
        ]
    )
    model.compile("sgd", "mse", weighted_metrics=["mae"])
    return model


@pytest.mark.parametrize("shape", [(5, 3), (None, 3)])
def test_outputs_of_a_size_that_no_layer_tells(shape):
    model = stack_of_free_steps(shape)
    assert model.output_shape == (None, None, 2)
    rng = np.random.default_rng(0)
    x, y = (rng.normal(size=(4, 5, n)).astype("float32") for n in (3, 2))
    weights = rng.uniform(size=(4, 5)).astype("float32")
    loss, mae = model.evaluate(x, y, sample_weight=weights, verbose=0)
    errors = model.predict(x, verbose=0) - y
    np.testing.assert_allclose(loss, ((errors**2).mean(-1) * weights).mean(), rtol=1e-5)
    np.testing.assert_allclose(
        mae, (abs(errors).mean(-1) * weights).sum() / weights.sum(), rtol=1e-5
    )
    model.fit(x, y, epochs=2, verbose=0)
    assert model.evaluate(x, y, verbose=0)[0] < (errors**2).mean()
    for wrong in (y[:, :4], y[:, :1], y[:, :, :1], y[:, 0]):
        with pytest.raises(ValueError, match="expects targets of shape"):
            model.fit(x, wrong, verbose=0)


def test_class_numbers_of_free_steps():
    model = stack_of_free_steps((5, 3))
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=[])
    x, y = np.ones((4, 5, 3), "float32"), np.ones((4, 5), "int64")
    assert np.isfinite(model.evaluate(x, y, verbose=0))
    with pytest.raises(ValueError, match="label value of 2 at position 3"):
        model.fit(x, np.where(np.arange(20).reshape(4, 5) == 3, 2, y), verbose=0)
