"""Nearest words, analogies, sentences; against sums written out."""

import numpy as np
import pytest

from kerasette import Variable, text

WORDS = "- ? king man woman queen".split()
TABLE = np.array([[9, 9], [0.55, 0.05], [0.6, 0.1], [0.5, 0.0], [0.0, 0.8], [0.1, 1.0]])


@pytest.fixture
def words():
    vocabulary = text.Vocabulary(WORDS, padding="-", unknown="?")
    return text.WordVectors(vocabulary, TABLE)


def test_the_books_analogy(words):
    # king - man + woman = (0.1, 0.9)
    assert words.analogy(["king", "woman"], ["man"])[0] == ("queen", pytest.approx(0.1))
    # With inputs, "queen" is still nearest here; "woman" next.
    names = [word for word, _ in words.analogy(["king", "woman"], ["man"], exclude_inputs=False)]
    assert names == ["queen", "woman", "king", "man"]


def test_distances():
    rng = np.random.default_rng(0)
    table = rng.normal(size=(30, 5))
    words = text.WordVectors(text.Vocabulary(map(str, range(30))), table)
    query = table[7]
    distances = {str(i): float(np.linalg.norm(row - query)) for i, row in enumerate(table)}
    expected = sorted(distances.items(), key=lambda pair: pair[1])
    for given in ("7", query):
        found = words.nearest(given, n=30)
        assert [word for word, _ in found] == [word for word, _ in expected]
        np.testing.assert_allclose([d for _, d in found], [d for _, d in expected], atol=1e-12)
    assert words.nearest("7", n=3) == found[:3]
    assert words.nearest("7", n=2, exclude=["7", found[1][0]]) == found[2:4]


def test_cosines():
    rng = np.random.default_rng(1)
    table = rng.normal(size=(30, 5))
    table[3] = 0
    words = text.WordVectors(text.Vocabulary(map(str, range(30))), table)
    query = rng.normal(size=5)
    lengths = np.linalg.norm(table, axis=1) * np.linalg.norm(query)
    cosines = np.divide(table @ query, lengths, out=np.zeros(30), where=lengths > 0)
    found = words.nearest(query, n=30, by="cosine")
    assert [int(word) for word, _ in found] == np.argsort(-cosines).tolist()
    np.testing.assert_allclose([value for _, value in found], -np.sort(-cosines))
    # An analogy adds what has length 1.
    lengths = np.linalg.norm(table[[1, 2, 4]], axis=1, keepdims=True)
    query = np.array([1, 1, -1]) @ (table[[1, 2, 4]] / lengths)
    expected = words.nearest(query, n=4, by="cosine", exclude="124")
    found = words.analogy(["1", "2"], ["4"], n=4, by="cosine")
    assert [word for word, _ in found] == [word for word, _ in expected]
    np.testing.assert_allclose([v for _, v in found], [v for _, v in expected])


def test_padding_and_the_unknown_token_are_never_near(words):
    assert [word for word, _ in words.nearest([0.55, 0.05])] == ["king", "man", "woman", "queen"]
    # Yet one may ask what is near to what is not known.
    assert words.nearest("cow", n=1) == words.nearest([0.55, 0.05], n=1)


def test_a_str_is_one_token(words):
    assert words.nearest("king", exclude="queen") == words.nearest("king", exclude=["queen"])
    assert words.analogy("king", "man") == words.analogy(["king"], ["man"])


def test_vectors_are_copied(words):
    variable = Variable(TABLE.astype("float32"))
    copied = text.WordVectors(words.vocabulary, variable)
    variable.assign(0 * TABLE)
    np.testing.assert_array_equal(copied["king"], TABLE[2].astype("float32"))
    assert copied.vectors.dtype == "float32"


def test_sentences(words):
    table, texts = TABLE, [["king", "queen", "cow", "king"], ["cow"], []]
    found = words.sentences(texts)
    np.testing.assert_allclose(found, [(2 * table[2] + table[5]) / 3, [0, 0], [0, 0]])
    np.testing.assert_array_equal(words.sentence(texts[0]), found[0])
    weights = np.array([0, 0, 1, 0, 0, 3.0])
    np.testing.assert_allclose(
        words.sentence(texts[0], weights=weights), (2 * table[2] + 3 * table[5]) / 5
    )
    assert words.sentence(["man"], weights=weights).tolist() == [0, 0]
    scaled = words.sentences(texts, weights, normalize=True)
    np.testing.assert_allclose(np.linalg.norm(scaled, axis=1), [1, 0, 0])
    np.testing.assert_allclose(
        scaled[0] * 4,
        (2 * table[2] + 3 * table[5]) / 5 * 4 / np.linalg.norm((2 * table[2] + 3 * table[5]) / 5),
    )
    assert words.sentences([]).shape == (0, 2)


@pytest.mark.parametrize(
    "vectors", [TABLE[:5], TABLE[0], TABLE.astype(int)], ids=["few", "one axis", "integers"]
)
def test_what_is_no_table_is_refused(words, vectors):
    with pytest.raises(ValueError, match=r"`vectors` must be real numbers of shape \(6, size\)"):
        text.WordVectors(words.vocabulary, vectors)


@pytest.mark.parametrize(
    ("call", "words_of_error"),
    [
        (lambda words: words.nearest("king", n=0), "`n` must be a positive integer"),
        (lambda words: words.nearest("king", by="angle"), "`by` must be one of"),
        (lambda words: words.nearest([1.0]), r"shape \(2,\). Received: shape \(1,\)"),
        (lambda words: words.nearest(np.array([True, False])), "dtype bool"),
        (lambda words: words.analogy(["king"], [], by="x"), "`by` must be one of"),
        (lambda words: words.sentence(["king"], weights=[1.0]), r"shape \(6,\).*\(1,\)"),
        (lambda words: words.sentence(["king"], weights=-np.ones(6)), "not negative"),
        (lambda words: words.sentence(["king"], weights=np.full(6, np.nan)), "finite"),
        (
            lambda words: words.sentence(["king"], weights=[1, 1, -1, 1, 1, 1]),
            r"not negative. Received: -1\.0 at position 2",
        ),
    ],
)
def test_mistakes(words, call, words_of_error):
    with pytest.raises(ValueError, match=words_of_error):
        call(words)


def test_a_token_that_is_not_known():
    words = text.WordVectors(text.Vocabulary("ab"), np.eye(2))
    with pytest.raises(KeyError, match="'c' is not in the vocabulary, which has no unknown token"):
        words.nearest("c")
    with pytest.raises(KeyError):
        words.analogy(["a"], ["c"])


@pytest.mark.parametrize("scale", [30.0, 300.0])
def test_vectors_of_half_precision(scale):
    table = (np.random.default_rng(0).normal(size=(50, 100)) * scale).astype("float16")
    vocabulary = text.Vocabulary(map(str, range(50)))
    half, double = text.WordVectors(vocabulary, table), table.astype("float64")
    lengths = np.linalg.norm(double, axis=1)
    measures = {
        "euclidean": np.linalg.norm(double - double[3], axis=1),
        "cosine": double @ double[3] / (lengths * lengths[3]),
    }
    for by, values in measures.items():
        order = np.argsort(values if by == "euclidean" else -values)[:5]
        found = half.nearest("3", 5, by=by)
        assert [word for word, _ in found] == [str(number) for number in order]
        np.testing.assert_allclose([value for _, value in found], values[order], 1e-5, 1e-5)
    np.testing.assert_allclose(half.sentence(["3"] * 70_000), table[3], rtol=1e-2)


@pytest.mark.parametrize("scale", [1e-30, 1e30])
def test_angles_of_very_short_and_long_vectors(scale):
    table = np.array([[1, 0], [0, 1], [1, 1]], "float32") * np.float32(scale)
    words = text.WordVectors(text.Vocabulary("abc"), table)
    assert words.nearest("a", by="cosine") == [
        ("a", 1.0), ("c", pytest.approx(0.5**0.5)), ("b", 0.0)
    ]  # fmt: skip
