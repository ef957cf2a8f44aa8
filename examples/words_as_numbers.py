"""Words as numbers: a sentence is a sum of rows of a table.

What you learn: a word is a row with a single 1; a sentence is the sum of its words' rows, or better
says of each word whether it is there. A product of that with a matrix is the sum of the matrix's
rows for its words, so that nobody multiplies by tens of thousands of zeros: that is an embedding,
and training it changes no rows but those of the words at hand. An average does not know the order
of words; a matrix between them does, unless it is the identity.

Figures of a book: the sentence [1 1 0 1]; the sums [13 15 17].
"""

import numpy as np

import kerasette
from kerasette import layers, ops, text


def one_hot_sentences():
    """The book's four words."""
    vocabulary = text.Vocabulary(["cat", "the", "dog", "sat"])
    sentence = ops.sum(ops.one_hot(vocabulary.ids("the cat sat".split()), 4), axis=0)
    print("Sent Encoding:", sentence.numpy().astype(int))
    assert sentence.numpy().tolist() == [1, 1, 0, 1]

    cats = "cat cat cat".split()
    counted = ops.sum(ops.one_hot(vocabulary.ids(cats), 4), axis=0).numpy()
    present = ops.sum(ops.one_hot(vocabulary.ids(cats, unique=True), 4), axis=0).numpy()
    print("cat cat cat: counted", counted.astype(int), "or present", present.astype(int))
    assert counted.tolist() == [3, 0, 0, 0] and present.tolist() == [1, 0, 0, 0]
    return vocabulary


def rows_instead_of_products(vocabulary):
    """An embedding gives what a product with zeros and ones gives."""
    kerasette.utils.set_random_seed(0)
    ids = vocabulary.ids("the cat sat".split(), unique=True)
    embedding = layers.Embedding(len(vocabulary), 3)
    by_rows = ops.sum(embedding(ids), axis=0)
    by_product = ops.sum(ops.one_hot(ids, 4), axis=0) @ embedding.embeddings
    print("Sum of rows", by_rows.numpy(), "product", by_product.numpy())
    np.testing.assert_allclose(by_rows, by_product, rtol=1e-6, atol=1e-8)
    return embedding, ids


def only_these_rows_learn(embedding, ids):
    before = embedding.embeddings.numpy().copy()
    model = kerasette.Sequential(
        [kerasette.Input((3,), dtype="int32"), embedding, layers.GlobalAveragePooling1D()]
    )
    model.compile(kerasette.optimizers.SGD(1.0), "mse")
    model.fit(ids[None], np.ones((1, 3)), verbose=0)
    has_changed = (embedding.embeddings.numpy() != before).any(axis=1)
    print("Rows that have learnt:", has_changed)
    assert has_changed.tolist() == [True, True, False, True]


def order_of_words():
    """A matrix between the words; identity and another one."""
    this, movie, rocks = np.array([[2.0, 4, 6], [10, 10, 10], [1, 1, 1]])
    identity, other = np.eye(3), np.eye(3)[[1, 2, 0]]
    read = {}
    for name, matrix in (("identity", identity), ("another", other)):
        read[name] = [(a @ matrix + b) @ matrix + rocks for a, b in ((this, movie), (movie, this))]
        print(f"this movie rocks, movie this rocks; {name}:", *read[name])
    assert (this + movie + rocks).tolist() == read["identity"][0].tolist() == [13, 15, 17]
    assert read["identity"][0].tolist() == read["identity"][1].tolist()
    assert read["another"][0].tolist() != read["another"][1].tolist()


def main():
    vocabulary = one_hot_sentences()
    only_these_rows_learn(*rows_instead_of_products(vocabulary))
    order_of_words()


if __name__ == "__main__":
    main()
