"""One model in four pictures: a table, lines of text, boxes by Graphviz, and its parts.

What you learn: what `summary` says of a model that is no chain; to read which layer feeds which
from a picture in the terminal; how to get the same as a PNG, or as DOT text where Graphviz is not
installed; that models within models are drawn whole if one asks for it.

Tickets are sorted by two inputs, words and tags, into two outputs; the words go through a model of
their own.
"""

import tempfile
from pathlib import Path

import kerasette
from kerasette import layers, ops, utils


def make_reader():
    """From the numbers of words to what a text is about: a model within the model."""
    words = kerasette.Input((None,), dtype="int32", name="words")
    meanings = layers.Embedding(1000, 8, name="meanings")(words)
    return kerasette.Model(words, ops.mean(meanings, axis=1), name="reader")


def make_model():
    words = kerasette.Input((None,), dtype="int32", name="text")
    tags = kerasette.Input((12,), name="tags")
    both = layers.Concatenate(name="both")([make_reader()(words), tags])
    hidden = layers.Dense(16, activation="relu", name="hidden")(both)
    # What is known already goes by the hidden layer, too.
    wide = layers.Concatenate(name="wide")([hidden, both])
    outputs = {
        "department": layers.Dense(4, activation="softmax", name="department")(wide),
        "urgent": layers.Dense(1, activation="sigmoid", name="urgent")(wide),
    }
    return kerasette.Model([words, tags], outputs, name="tickets")


PICTURE = """\
tickets (Functional)
○   text (InputLayer)    (None, None)
●   reader (Functional)  (None, 8)
│ ○ tags (InputLayer)    (None, 12)
├─╯
●   both (Concatenate)   (None, 20)
├─╮
│ ● hidden (Dense)       (None, 16)
├─╯
●   wide (Concatenate)   (None, 36)
├─╮
│ ● department (Dense)   (None, 4)  -> output department
●   urgent (Dense)       (None, 1)  -> output urgent"""


def main():
    model = make_model()

    print("a table: 'Connected to' says where inputs come from")
    model.summary()

    print("\nlines: each call below those whose outputs it takes")
    picture = utils.model_to_text(model)
    print(picture)
    assert picture == PICTURE

    print("\nthe reader drawn below its row")
    expanded = utils.model_to_text(model, expand_nested=True)
    print(expanded)
    assert "meanings (Embedding)" in expanded and "meanings" not in picture

    print("\nboxes and arrows, as text for Graphviz")
    dot = utils.model_to_dot(model, show_shapes=True, expand_nested=True)
    arrows = [line.strip() for line in dot.to_string().splitlines() if "->" in line]
    print(*arrows)
    # Two within the reader, one to and one from it, and six between the layers after it.
    assert len(arrows) == 10
    with tempfile.TemporaryDirectory() as folder:
        utils.plot_model(model, Path(folder) / "tickets.png", show_layer_names=True)
        (written,) = Path(folder).iterdir()
        kind = "a picture" if written.suffix == ".png" else "DOT text: Graphviz is not installed"
        print(f"plot_model wrote {kind}")


if __name__ == "__main__":
    main()
