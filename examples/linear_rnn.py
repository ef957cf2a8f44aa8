"""A recurrent network without activations predicts each next word, with weights of its own.

What you learn: a recurrent network is a sum with a matrix between its terms, here the identity to
begin with, and learnt; so are the word vectors and the state before the first word. The loop over
the words is plain Python, recorded once for each length of a sentence and then replayed, so that
sentences need no padding. Perplexity: how many words the network hesitates between.

Figures of a book, from task 1 of bAbI ("Mary moved to the bathroom.", and questions): perplexity
falls from 82, the number of words, to 4.02 in 30,000 steps of one sentence. The gradients in its
listing belong to other steps than those they are used for; with the right ones, and a rate of 0.1
in place of 0.001, it is below 4 after 3,000 steps and ends at about 3.4. Where somebody goes cannot
be known.

The data are not part of kerasette: tasks_1-20_v1-1.tar.gz of the bAbI project has them as
en/qa1_single-supporting-fact_train.txt and _test.txt.
"""

import argparse
import sys
import time

import numpy as np

import kerasette
from kerasette import GradientTape, layers, ops, text
from kerasette.datasets import babi
from kerasette.initializers import RandomUniform
from kerasette.losses import SparseCategoricalCrossentropy

SIZE = 10


def read_sentences(n_sentences=1000):
    """The first lines as lists of words, without their numbers."""
    try:
        lines, _ = babi.load_data()
    except FileNotFoundError as error:
        sys.exit(str(error))
    return [line.lower().split(" ")[1:] for line in lines[:n_sentences]]


class LinearRNN(kerasette.Model):
    """Logits of each word of a sentence, from those before it."""

    def __init__(self, n_words):
        super().__init__()
        small = RandomUniform(-0.05, 0.05)
        self.start = self.add_weight((SIZE,), "zeros", name="start")
        self.recurrent = self.add_weight((SIZE, SIZE), "identity", name="recurrent")
        self.embedding = layers.Embedding(n_words, SIZE, embeddings_initializer=small)
        self.decoder = layers.Dense(n_words, use_bias=False, kernel_initializer=small)

    def call(self, words):
        vectors = self.embedding(words)
        state = ops.broadcast_to(self.start, (words.shape[0], SIZE))
        states = [state]
        for step in range(words.shape[1] - 1):
            state = state @ self.recurrent + vectors[:, step]
            states.append(state)
        return self.decoder(ops.stack(states, axis=1))


class OneByOne:
    """Each sentence as a batch, which is its own target."""

    def __init__(self, ids):
        self.batches = [(one[None], one[None]) for one in ids]

    def __len__(self):
        return len(self.batches)

    def __iter__(self):
        return iter(self.batches)


def gradients_of_a_sum():
    """Red sox defeat: with the identity, each word's vector gets the same gradient."""
    vectors = ops.zeros((3, 3))
    decoder = np.random.RandomState(1).rand(3, 9)
    with GradientTape() as tape:
        tape.watch(vectors)
        state = vectors[0] @ np.eye(3) + vectors[1]
        state = state @ np.eye(3) + vectors[2]
        shares = ops.softmax(state @ decoder)
        loss = -ops.log(shares[0])
    print(shares.numpy())
    np.testing.assert_allclose(shares, 1 / 9, rtol=1e-6)
    gradient = tape.gradient(loss, vectors).numpy()
    np.testing.assert_allclose(gradient, [decoder @ (np.full(9, 1 / 9) - np.eye(9)[0])] * 3, 1e-5)


def show_predictions(model, vocabulary, sentence):
    """What is expected after each word; the list of those words."""
    shares = model(vocabulary.ids(sentence)[None])[0].numpy()
    found = vocabulary.tokens_of(shares[1:].argmax(axis=1))
    for word, following, guess in zip(sentence, sentence[1:], found):
        print(f"  after {word!r:10s} comes {following!r:10s} predicted {guess!r}")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--passes", type=int, default=30, help="through 1,000 sentences, 4 or more")
    passes = parser.parse_args().passes
    gradients_of_a_sum()
    sentences = read_sentences()
    vocabulary = text.Vocabulary.of(sentences)
    # As in the book, without the first word: it is the one that cannot be known.
    ids = [vocabulary.ids(words[1:]) for words in sentences]
    kerasette.utils.set_random_seed(1)
    model = LinearRNN(len(vocabulary))
    loss = SparseCategoricalCrossentropy(from_logits=True)
    model.compile(kerasette.optimizers.SGD(0.1), loss, metrics=[text.Perplexity(from_logits=True)])
    data = OneByOne(ids)
    _, before = model.evaluate(data, verbose=0)
    print(f"{len(vocabulary)} different words, perplexity {before:.2f}")
    assert abs(before - len(vocabulary)) < 1

    start = time.perf_counter()
    history = model.fit(data, epochs=passes, shuffle=False, verbose=0).history["perplexity"]
    print(f"{passes * len(ids)} steps, {time.perf_counter() - start:.1f} s")
    for number, perplexity in enumerate(history, 1):
        if number in (1, 3, 10, passes):
            print(f"  perplexity of pass {number:2d}: {perplexity:.3f}")
    predicted = show_predictions(model, vocabulary, "sandra moved to the garden.".split())
    assert history[3] < 4
    assert history[-1] < 3.6 or passes < 10
    assert predicted[1:3] == ["to", "the"]
    # All sentences of a length share a recording.
    print(f"{model.replayed_steps} steps replayed, {model.eager_steps} run by Python")
    assert model.eager_steps < 30


if __name__ == "__main__":
    main()
