"""Text in a pipeline: messages that are wanted, and messages that are not.

What you learn: a network takes the sparse matrix that TfidfVectorizer makes, as it is; rows become
dense one batch at a time. Or it reads words in their order: a transformer of a few lines numbers
them, and a function makes the model with an embedding. Scores that do not hide behind the majority.

Messages come from the SMS Spam Collection (Almeida and Hidalgo, 2011), 5,574 lines of label, tab
and text, if it is in the cache as `datasets/sms_spam.tsv` (`KERASETTE_HOME`); otherwise they are
put together at random. Measured on it: F1 of 0.92 and 0.93, asserted 0.9.
"""

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import confusion_matrix, f1_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline

import kerasette
from kerasette import layers, text
from kerasette.datasets import cache
from kerasette.utils import pad_sequences
from kerasette.wrappers import KerasetteClassifier

STARTS = {
    "ham": ["are you", "i am", "we were", "she is", "can you be", "sorry i was"],
    "spam": ["urgent you have won", "call now for", "text to claim", "final notice about"],
}
MIDDLES = {
    "ham": ["at home", "on the bus", "late for lunch", "still at work", "free for a call"],
    "spam": ["a free prize", "your cash award", "a new phone", "the weekly draw", "a call"],
}
ENDS = ["today", "now", "tonight", "ok", "at six", "by text"]


def draw_messages(rng, n_messages=2000):
    """Messages as they might be, one in seven of them unwanted."""
    labels = np.where(rng.random(n_messages) < 1 / 7, "spam", "ham")
    messages = [
        " ".join(rng.choice(parts) for parts in (STARTS[label], MIDDLES[label], ENDS))
        for label in labels
    ]
    return messages, labels


def load_messages():
    path = cache.home() / "datasets" / "sms_spam.tsv"
    if not path.is_file():
        print(f"no {path}: messages put together at random")
        return draw_messages(np.random.default_rng(0))
    lines = path.read_text(encoding="utf-8").split("\n")[1:]
    labels, messages = zip(*(line.split("\t", 1) for line in lines if line), strict=True)
    return list(messages), np.array(labels)


class WordNumbers(TransformerMixin, BaseEstimator):
    """Messages as rows of the numbers of their words, filled up with 0."""

    def __init__(self, n_words=4000, length=40):
        self.n_words = n_words
        self.length = length

    def fit(self, messages, y=None):
        words = map(text.split_words, messages)
        self.vocabulary_ = text.Vocabulary.of(
            words, "frequency", self.n_words, padding="<padding>", unknown="<unknown>"
        )
        return self

    def transform(self, messages):
        ids = [self.vocabulary_.ids(text.split_words(message)) for message in messages]
        return pad_sequences(ids, self.length, padding="post", truncating="post")


def reader(n_words, units=16):
    """A model that reads in both directions."""
    return kerasette.Sequential(
        [
            layers.Embedding(n_words, units, mask_zero=True),
            layers.Bidirectional(layers.GRU(units)),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


def main():
    messages, y = load_messages()
    train, test, y_train, y_test = train_test_split(messages, y, stratify=y, random_state=0)
    print(f"{len(train)} messages to learn from, {np.mean(y == 'spam'):.0%} of all unwanted")
    options = {"learning_rate": 0.005, "batch_size": 64, "random_state": 0}
    sparse = make_pipeline(
        TfidfVectorizer(max_features=4000),
        KerasetteClassifier(hidden_layer_sizes=(16,), epochs=6, **options),
    )
    in_order = make_pipeline(
        WordNumbers(), KerasetteClassifier(reader, model__n_words=4000, epochs=4, **options)
    )
    for name, pipeline in (("weights of words", sparse), ("words in order", in_order)):
        predicted = pipeline.fit(train, y_train).predict(test)
        f1 = f1_score(y_test, predicted, pos_label="spam")
        (_, blamed), (missed, _) = confusion_matrix(y_test, predicted, labels=["ham", "spam"])
        print(f"{name}: F1 {f1:.3f}, of {len(test)} {missed} missed, {blamed} wrongly blamed")
        assert f1 > 0.9
    new = ["urgent: call now for your free prize", "sorry, late for lunch"]
    for message, probabilities in zip(new, sparse.predict_proba(new), strict=True):
        print(f"  {message!r}: spam with probability {probabilities[1]:.2f}")
    assert sparse.predict(new).tolist() == ["spam", "ham"]


if __name__ == "__main__":
    main()
