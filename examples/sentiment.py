"""Good film or bad: the words of a review, summed up, and what that makes words mean.

What you learn: a review becomes the set of its words, each a row of a table; their mean, a point of
32 numbers, says whether the review is positive. Rows that help alike become alike: words get near
to others that predict the same, whatever they mean otherwise. And what such a network cannot learn:
it does not know the order of words, so that "great, not terrible" is "terrible, not great".

Figures of a book: 84.9 % of the last 1,000 of IMDB's 25,000 training reviews, after two passes over
the others, one review at a time. Here two passes in batches take seconds: about 87 % of those
1,000, 89 % of the 25,000 test reviews, asserted 84.9 % of both.

The data are not part of kerasette (Maas et al. 2011); what is missing is named, with its place.
"""

import argparse
import time

import numpy as np
from reviews import read_reviews

import kerasette
from kerasette import layers, text
from kerasette.utils import pad_sequences

N_HELD_OUT = 1000
# Different words of a review that count. Of a hundred reviews two have more.
LENGTH = 400


def numbered(vocabulary, reviews):
    """Each review as the numbers of its words, each once, filled up with 0."""
    ids = [vocabulary.ids(words, unique=True) for words in reviews]
    return pad_sequences(ids, LENGTH, padding="post", truncating="post")


def make_model(n_words):
    model = kerasette.Sequential(
        [
            kerasette.Input((LENGTH,), dtype="int32"),
            layers.EmbeddingBag(n_words, 32, mask_zero=True),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(
        kerasette.optimizers.Adam(0.004), loss="binary_crossentropy", metrics=["accuracy"]
    )
    return model


def show_neighbours(vectors, word, shares):
    """The words nearest to one, and how many of them predict the same as it does."""
    nearest = vectors.nearest(word, n=11, exclude=[word])[:10]
    for other, distance in nearest:
        share = shares[vectors.vocabulary[other]]
        print(f"  {other:16s} {distance:.3f}, in positive reviews {100 * share:.0f} %")
    same = [
        (shares[vectors.vocabulary[other]] > 0.5) == (word == "beautiful") for other, _ in nearest
    ]
    return sum(same)


def shares_of_positive(ids, labels, n_words):
    """For each word, how many of the reviews that have it are positive."""
    n_all = np.bincount(ids.ravel(), minlength=n_words)
    n_positive = np.bincount(ids[labels == 1].ravel(), minlength=n_words)
    return n_positive / np.maximum(n_all, 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, default=0)
    kerasette.utils.set_random_seed(parser.parse_args().seed)

    (reviews, labels), (test_reviews, test_labels) = read_reviews()
    vocabulary = text.Vocabulary.of(
        reviews[:-N_HELD_OUT], min_count=5, padding="<padding>", unknown="<unknown>"
    )
    x, x_test = numbered(vocabulary, reviews), numbered(vocabulary, test_reviews)
    x, x_held_out = x[:-N_HELD_OUT], x[-N_HELD_OUT:]
    y, y_held_out = labels[:-N_HELD_OUT], labels[-N_HELD_OUT:]

    model = make_model(len(vocabulary))
    start = time.perf_counter()
    model.fit(x, y, batch_size=64, epochs=2, verbose=2)
    print(f"{len(vocabulary)} words, trained in {time.perf_counter() - start:.1f} s")
    _, accuracy = model.evaluate(x_held_out, y_held_out, verbose=0)
    _, test_accuracy = model.evaluate(x_test, test_labels, verbose=0)
    print(f"accuracy on the last {N_HELD_OUT} {accuracy:.4f}, on the test set {test_accuracy:.4f}")

    vectors = text.WordVectors(vocabulary, model.layers[0].embeddings)
    shares = shares_of_positive(x, y, len(vocabulary))
    same = []
    for word in ("beautiful", "terrible"):
        print(f"nearest to {word!r}:")
        same.append(show_neighbours(vectors, word, shares))

    both = [words.split() for words in ("great , not terrible", "terrible , not great")]
    one, other = model.predict(numbered(vocabulary, both), verbose=0).ravel()
    print(f"great, not terrible {one:.3f}; terrible, not great {other:.3f}")

    assert min(accuracy, test_accuracy) >= 0.849
    assert min(same) >= 9
    assert abs(one - other) < 1e-6


if __name__ == "__main__":
    main()
