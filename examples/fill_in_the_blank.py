"""Words by their neighbours: vectors that fill in blanks, analogies, and reviews as averages.

What you learn: to guess a word from the two before and the two after it makes vectors of words that
stand in the same places, be they praise or blame: "terrible" is near to "horrible", and to
"brilliant" too. The same network with another target has learnt other meanings (sentiment.py); what
is learnt is what the loss asks for. A softmax over all words would cost too much: negative sampling
compares the word with five that are drawn. Differences of vectors make analogies; averages of them
make vectors of sentences, without the order of words.

Figures of a book, whose listing goes twice through 25,000 reviews word by word: nearest to
"terrible" is "horrible", then "brilliant"; terrible - bad + good is superb, terrific, decent, fine;
the three reviews that are most like "boring awful" are bad ones. Asserted here, after two passes
through 10,000 reviews in batches: "horrible" among the three nearest to "terrible", praise for five
of ten answers to the analogy, two bad reviews of three, and of the fifty most alike less than 45 %
good ones. The book's listing takes two words from before and, by a slip, one from after; here it is
two. It weights words by the squared length of their vectors; here frequent ones count for less
(Arora, Liang and Ma, "A simple but tough-to-beat baseline for sentence embeddings", 2017).

The data are not part of kerasette (Maas et al. 2011); what is missing is named, with its place.
"""

import argparse
import time

import numpy as np
from reviews import read_reviews

import kerasette
from kerasette import layers, text
from kerasette.initializers import RandomUniform

WINDOW = 2
SIZE = 50
BATCH = 256
# The book's rate of 0.05 is for one word at a time; here the loss is the mean of a batch.
RATE = 0.05 * BATCH
PRAISE = (
    "amazing awesome brilliant captivating decent delightful excellent exceptional fantastic fine "
    "good great impressive memorable nice outstanding perfect pleasant remarkable solid "
    "spectacular strong stunning superb terrific wonderful worthwhile"
).split()


def toy():
    """King - man + woman in two dimensions."""
    words = text.Vocabulary(["king", "man", "woman", "queen"])
    vectors = text.WordVectors(words, [[0.6, 0.1], [0.5, 0.0], [0.0, 0.8], [0.1, 1.0]])
    print("king - man + woman:", vectors.analogy(["king", "woman"], ["man"], n=1))
    np.testing.assert_allclose(vectors["king"] - vectors["man"], [0.1, 0.1], rtol=1e-9)
    np.testing.assert_allclose(vectors["queen"] - vectors["woman"], [0.1, 0.2], rtol=1e-9)
    assert vectors.analogy(["king", "woman"], ["man"], n=1)[0][0] == "queen"


def make_model(vocabulary):
    """Compares the mean of the words around with the rows of the word, and of five others."""
    around = kerasette.Input((2 * WINDOW,), dtype="int32")
    word = kerasette.Input((), dtype="int32")
    embedding = layers.EmbeddingBag(
        len(vocabulary), SIZE, mask_zero=True, embeddings_initializer=RandomUniform(-0.1, 0.1)
    )
    output = text.NegativeSampling(vocabulary.counts, negatives=5)([embedding(around), word])
    model = kerasette.Model([around, word], output)
    model.compile(kerasette.optimizers.SGD(RATE))
    return model, embedding


def listed(pairs):
    return ", ".join(f"{word} {value:.2f}" for word, value in pairs)


def show_words(vectors):
    """Nearest words and analogies; those that the assertions are about."""
    nearest = {word: vectors.nearest(word, exclude=[word]) for word in ("terrible", "beautiful")}
    for word, pairs in nearest.items():
        print(f"nearest to {word}: {listed(pairs)}")
    analogy = vectors.analogy(["terrible", "good"], ["bad"])
    print(f"terrible - bad + good: {listed(analogy)}")
    print(f"elizabeth - she + he: {listed(vectors.analogy(['elizabeth', 'he'], ['she']))}")
    return [word for word, _ in nearest["terrible"]], [word for word, _ in analogy]


def most_similar_reviews(vectors, reviews, labels, words):
    """Labels of the reviews by how much their average is like that of some words.

    Frequent words count for less: an average of all alike says little but that it is English.
    """
    counts = vectors.vocabulary.counts
    weights = 1e-3 / (1e-3 + counts / counts.sum())
    averages = vectors.sentences(reviews, weights, normalize=True)
    alike = averages @ vectors.sentence(words, weights, normalize=True)
    order = np.argsort(-alike, kind="stable")
    print(f"most like {' '.join(words)}:")
    for place in order[:3]:
        kind = "positive" if labels[place] else "negative"
        print(f"  {alike[place]:.3f} {kind}: {' '.join(reviews[place])[:60]}")
    return labels[order]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--reviews", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    kerasette.utils.set_random_seed(arguments.seed)
    toy()

    (reviews, labels), _ = read_reviews(arguments.reviews, n_test=0)
    vocabulary = text.Vocabulary.of(reviews, min_count=10, padding="<padding>", unknown="<unknown>")
    ids = [vocabulary.ids(words) for words in reviews]
    targets, around = text.context_windows(ids, WINDOW)
    print(f"{len(targets)} places in {len(reviews)} reviews, {len(vocabulary)} words")
    model, embedding = make_model(vocabulary)
    start = time.perf_counter()
    model.fit([around, targets], batch_size=BATCH, epochs=2, verbose=2)
    print(f"trained in {time.perf_counter() - start:.1f} s")

    vectors = text.WordVectors(vocabulary, embedding.embeddings)
    near_terrible, answers = show_words(vectors)
    found = most_similar_reviews(vectors, reviews, labels, ["boring", "awful"])
    alike, unlike = found[:50].mean(), found[-50:].mean()
    print(f"positive: {alike:.2f} of the 50 reviews most like them, {unlike:.2f} of the least")
    assert "horrible" in near_terrible[:3]
    assert set(near_terrible) & set(PRAISE)
    assert len(set(answers) & set(PRAISE)) >= 5
    assert (found[:3] == 0).sum() >= 2
    assert alike < 0.45 < 0.6 < unlike


if __name__ == "__main__":
    main()
