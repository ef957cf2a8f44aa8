"""Words, and their numbers."""

import numpy as np
import pytest

from kerasette import layers, text

TEXTS = ["the cat sat on the mat".split(), "a dog sat on a cat".split()]


@pytest.mark.parametrize(
    ("given", "arguments", "words"),
    [
        ("Mary moved to the bathroom.", {}, "mary moved to the bathroom ."),
        ("Mary Moved", {"lower": False}, "Mary Moved"),
        ("well-made, isn\u2019t it?!", {}, "well - made , isn\u2019t it ? !"),
        ("well-made, isn't it?!", {"punctuation": False}, "well made isn't it"),
        ("a 10/10.<br /><br />Don't 'quote' <i>me</i>", {}, "a 10 / 10 . don't ' quote ' me"),
        ("3 < 4 and 5 > 2", {}, "3 < 4 and 5 > 2"),
        ("_x_ caf\u00e9\n\ttea", {"punctuation": False}, "_x_ caf\u00e9 tea"),
        ("  \n ", {}, ""),
    ],
)
def test_words(given, arguments, words):
    assert text.split_words(given, **arguments) == words.split()


@pytest.mark.parametrize("given", [["a"], None, b"a"])
def test_only_strings_have_words(given):
    with pytest.raises(TypeError, match="`text` must be a string"):
        text.split_words(given)


def test_numbers_go_by_first_appearance():
    vocabulary = text.Vocabulary.of(TEXTS)
    assert vocabulary.tokens == ("the", "cat", "sat", "on", "mat", "a", "dog")
    assert vocabulary.counts.tolist() == [2, 2, 2, 2, 1, 2, 1]
    assert len(vocabulary) == 7 and "dog" in vocabulary and "cow" not in vocabulary
    assert vocabulary["dog"] == 6
    assert list(vocabulary) == list(vocabulary.tokens)


def test_or_by_frequency_and_then_by_first_appearance():
    texts = [*TEXTS, ["dog", "dog"]]
    vocabulary = text.Vocabulary.of(texts, order="frequency")
    assert vocabulary.tokens == ("dog", "the", "cat", "sat", "on", "a", "mat")
    assert vocabulary.counts.tolist() == [3, 2, 2, 2, 2, 2, 1]
    most = text.Vocabulary.of(texts, order="frequency", max_tokens=2)
    assert most.tokens == ("dog", "the")
    # The most frequent ones are kept in this order, too.
    assert text.Vocabulary.of(texts, max_tokens=2).tokens == ("the", "dog")


def test_characters():
    vocabulary = text.Vocabulary.of(["hello"])
    assert vocabulary.tokens == tuple("helo")
    assert vocabulary.counts.tolist() == [1, 1, 2, 1]
    assert vocabulary.ids("hole").tolist() == [0, 3, 2, 1]
    assert "".join(vocabulary.tokens_of([0, 3, 2, 1])) == "hole"
    assert text.Vocabulary.of("hello").tokens == vocabulary.tokens


def test_padding_and_the_unknown_token_come_first():
    vocabulary = text.Vocabulary.of(TEXTS, min_count=2, padding="-", unknown="?")
    assert vocabulary.tokens == ("-", "?", "the", "cat", "sat", "on", "a")
    assert vocabulary.counts.tolist() == [0, 2, 2, 2, 2, 2, 2]
    ids = vocabulary.ids("the cow sat".split())
    assert ids.dtype == "int32" and ids.tolist() == [2, 1, 4]
    assert vocabulary["cow"] == 1 and "cow" not in vocabulary
    assert vocabulary.tokens_of(ids) == ["the", "?", "sat"]


def test_padding_and_unknown_tokens_that_stand_in_the_texts():
    vocabulary = text.Vocabulary.of(["-ab?b-"], padding="-", unknown="?", max_tokens=3)
    assert vocabulary.tokens == ("-", "?", "b")
    assert vocabulary.counts.tolist() == [0, 2, 2]


def test_each_number_once_where_it_comes_first():
    vocabulary = text.Vocabulary(["cat", "the", "dog", "sat"], unknown="dog")
    words = "sat the cow cat the cow sat".split()
    assert vocabulary.ids(words).tolist() == [3, 1, 2, 0, 1, 2, 3]
    assert vocabulary.ids(words, unique=True).tolist() == [3, 1, 2, 0]
    assert vocabulary.ids([]).shape == (0,) and vocabulary.ids([]).dtype == "int32"
    assert vocabulary.tokens_of([]) == []


def test_numbers_are_those_of_the_lookup_layer():
    vocabulary = text.Vocabulary.of(TEXTS, unknown="[UNK]")
    layer = layers.StringLookup(vocabulary=list(vocabulary.tokens[1:]))
    words = ["dog", "cow", "sat"]
    np.testing.assert_array_equal(vocabulary.ids(words), layer(np.array(words)))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"tokens": "abca"}, "more than once: 'a'"),
        ({"tokens": "abc", "padding": "b"}, "`padding` must be the first token.*'b'"),
        ({"tokens": "abc", "unknown": "d"}, "`unknown` must be one of the tokens.*'d'"),
        ({"tokens": "abc", "unknown": "a", "padding": "a"}, "must differ"),
    ],
)
def test_what_is_no_vocabulary_is_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        text.Vocabulary(**arguments)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"order": "alphabet"}, r"`order` must be one of .*'alphabet'"),
        ({"min_count": 0}, "`min_count` must be a positive integer"),
        ({"max_tokens": 0}, "`max_tokens` must be a positive integer"),
        ({"max_tokens": 1, "padding": "-", "unknown": "?"}, "no room for .*max_tokens=1"),
        ({"padding": "-", "unknown": "-"}, "more than once|must differ"),
    ],
)
def test_what_cannot_be_counted_is_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        text.Vocabulary.of(TEXTS, **arguments)


def test_a_token_without_a_number_is_named_with_its_place():
    vocabulary = text.Vocabulary("abc")
    with pytest.raises(ValueError, match="'x' at position 2 is not in the vocabulary"):
        vocabulary.ids("abxy")
    with pytest.raises(KeyError):
        vocabulary["x"]


@pytest.mark.parametrize(
    ("ids", "words"),
    [
        ([0, 3], r"Number 3 at position 1 is not in \[0, 3\)"),
        ([-1], "Number -1 at position 0"),
        ([[0]], "an array of 1 axis"),
        ([0.0], "float64"),
    ],
)
def test_a_number_without_a_token_is_named_with_its_place(ids, words):
    with pytest.raises(ValueError, match=words):
        text.Vocabulary("abc").tokens_of(ids)
