"""Models that read a text character by character and say which one comes next.

No example itself; `shakespeare_rnn.py` and `shakespeare_lstm.py` import it.
"""

import argparse
import sys
import time

import numpy as np

import kerasette as keras
from kerasette import callbacks, layers, losses, optimizers, text

# What the book multiplies its rate with after each pass.
DECAY = 0.99


def parser(doc, epochs):
    """Command line of an example with this docstring."""
    made = argparse.ArgumentParser(description=doc.split("\n")[0])
    made.add_argument("--epochs", type=int, default=epochs, help="passes through the text")
    made.add_argument("--units", type=int, default=128, help="512 in the book")
    made.add_argument("--seed", type=int, default=0)
    made.add_argument("--quick", action="store_true", help="one pass through a fifth of the text")
    return made


def read(quick):
    """The text: 100,000 characters of Shakespeare, 62 different ones, or its first fifth."""
    try:
        shakespeare = keras.datasets.shakespeare.load_data()
    except FileNotFoundError as error:
        sys.exit(str(error))
    return shakespeare[: len(shakespeare) // 5] if quick else shakespeare


def make_model(n_characters, recurrent, units, batch_size):
    """From numbers of characters, (batch_size, steps), to logits of those after them.

    Parameters
    ----------
    recurrent : function
        From `units` and keyword arguments to a recurrent layer.
    """
    return keras.Sequential(
        [
            keras.Input((None,), batch_size=batch_size, dtype="int32"),
            layers.Embedding(n_characters, units),
            recurrent(units, return_sequences=True, stateful=True),
            # All characters are alike likely at first: "helps training a little", says the book.
            layers.Dense(n_characters, kernel_initializer="zeros"),
        ]
    )


class Writer(callbacks.Callback):
    """Says after each pass how far the model is, and lets it write.

    Parameters
    ----------
    model : Model
        The same as the one that is trained, for a batch of 1; gets its weights.
    vocabulary : Vocabulary
    first : str
        The character that all texts begin with.
    temperature : float
        Of what is written after each pass; 0 takes the likeliest character each time.

    Attributes
    ----------
    perplexities : list of float
        After each batch, that of its pass so far, as the book prints it.
    of_passes : list of float
        That of each pass.
    """

    def __init__(self, model, vocabulary, first, temperature):
        super().__init__()
        self.writing = model
        self.vocabulary, self.first, self.temperature = vocabulary, first, temperature
        self.perplexities, self.of_passes = [], []
        self.start = time.perf_counter()

    def on_train_batch_end(self, batch, logs=None):
        self.perplexities.append(logs["perplexity"])

    def on_epoch_end(self, epoch, logs=None):
        self.of_passes.append(logs["perplexity"])
        seconds = time.perf_counter() - self.start
        print(
            f"Epoch {epoch}: {seconds:.1f} s, rate {logs['learning_rate']:.5f}, perplexity "
            f"{logs['perplexity']:.3f}, least {min(self.perplexities):.3f} - "
            f"{self.write(70, self.temperature)!r}",
            flush=True,
        )

    def write(self, length, temperature, rng=None):
        """So many characters, by the weights as they are."""
        self.writing.set_weights(self.model.get_weights())
        start = self.vocabulary.ids(self.first)
        numbers = text.generate(self.writing, start, length, temperature, rng)
        return "".join(self.vocabulary.tokens_of(numbers))


def train(shakespeare, recurrent, options, batch_size, steps, rate, first, temperature):
    """Trains with Adam; the writer, whose perplexities begin with that of knowing nothing."""
    keras.utils.set_random_seed(options.seed)
    vocabulary = text.Vocabulary.of(shakespeare)
    streams = text.Streams(vocabulary.ids(shakespeare), batch_size, steps)
    print(
        f"{len(shakespeare)} characters, {len(vocabulary)} different ones; {len(streams)} batches "
        f"of {batch_size} windows of {steps}"
    )
    model = make_model(len(vocabulary), recurrent, options.units, batch_size)
    model.compile(
        optimizers.Adam(rate),
        losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=[text.Perplexity(from_logits=True)],
    )
    writer = Writer(
        make_model(len(vocabulary), recurrent, options.units, 1), vocabulary, first, temperature
    )
    schedule = callbacks.LearningRateScheduler(lambda epoch: rate * DECAY**epoch)
    model.fit(
        streams,
        epochs=1 if options.quick else options.epochs,
        verbose=0,
        callbacks=[text.ResetStates(), schedule, writer],
    )
    first_batch = writer.perplexities[0]
    print(f"Perplexity of the first batch: {first_batch:.4f}")
    np.testing.assert_allclose(first_batch, len(vocabulary), rtol=1e-6)
    return writer
