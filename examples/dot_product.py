"""The dot product: how alike are two lists of numbers?

What you learn: a weighted sum is large where inputs and weights are large together, so that
weights can be read as a rule: OR between inputs, NOT for a negative weight.

Figures of the book: a.b = 0, b.c = 1, b.d = 1, c.c = 2, d.d = 0.5, c.e = 0, e.e = 2.
"""

import numpy as np

from kerasette import ops

VECTORS = {
    "a": [0, 1, 0, 1],
    "b": [1, 0, 1, 0],
    "c": [0, 1, 1, 0],
    "d": [0.5, 0, 0.5, 0],
    "e": [0, 1, -1, 0],
}
PRODUCTS = {"ab": 0, "bc": 1, "bd": 1, "cc": 2, "dd": 0.5, "ce": 0, "ee": 2}

RULES = {
    (1, 0, 1): "in[0] OR in[2]",
    (0, 0, 1): "in[2]",
    (1, 0, -1): "in[0] OR NOT in[2]",
    (-1, 0, -1): "NOT in[0] OR NOT in[2]",
    (0.5, 0, 1): "BIG in[0] OR in[2]",
}


# ---- from scratch: the four functions that the reader is asked for ------------------


def elementwise_multiplication(a, b):
    return [x * y for x, y in zip(a, b, strict=True)]


def elementwise_addition(a, b):
    return [x + y for x, y in zip(a, b, strict=True)]


def vector_sum(a):
    return sum(a)


def vector_average(a):
    return sum(a) / len(a)


def dot(a, b):
    return vector_sum(elementwise_multiplication(a, b))


# ---- and what they are good for ----------------------------------------------------------


def rule(weights):
    """Weights in words: when is the weighted sum high?"""
    words = []
    for place, weight in enumerate(weights):
        if weight:
            negation = "NOT " if weight < 0 else ""
            size = "BIG " if abs(weight) < 1 else ""
            words.append(f"{negation}{size}in[{place}]")
    return " OR ".join(words)


def show_products():
    for (first, second), expected in PRODUCTS.items():
        a, b = VECTORS[first], VECTORS[second]
        print(f"{first}.{second} = {dot(a, b):g}")
        assert dot(a, b) == float(ops.dot(a, b)) == np.dot(a, b) == expected
    a, c = VECTORS["a"], VECTORS["c"]
    assert elementwise_addition(a, c) == (ops.convert_to_tensor(a) + c).numpy().tolist()
    assert vector_average(a) == float(ops.mean(ops.cast(a, "float32"))) == 0.5


def show_rules():
    for weights, words in RULES.items():
        print(f"{weights}: high if {rule(weights)}")
        assert rule(weights) == words


def main():
    show_products()
    show_rules()


if __name__ == "__main__":
    main()
