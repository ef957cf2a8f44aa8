"""What the scripts of the maker `calls` are made of."""


def layer(name, /, **arguments):
    """Return the plain form of a layer."""
    return {"object": ["layers", name, arguments]}


def optimizer(name, /, key=None, **arguments):
    """Return the plain form of an optimizer; the same key means the same object."""
    found = {"object": ["optimizers", name, arguments]}
    return found if key is None else {**found, "key": key}


def metric(name, /, **arguments):
    """Return the plain form of a metric."""
    return {"object": ["metrics", name, arguments]}


REGRESSOR = [layer("Dense", units=5, activation="tanh"), layer("Dense", units=1)]
CLASSIFIER = [
    layer("Dense", units=5, activation="relu"),
    layer("Dense", units=3, activation="softmax"),
]
STEPS = [layer("Dense", units=3, activation="tanh"), layer("Dense", units=2)]
XY = {"x": "@x", "y": "@y"}
CLASSES = {"x": "@x", "y": "@classes"}
FIT = {"batch_size": 6, "epochs": 2, "shuffle": False}
SCCE = "sparse_categorical_crossentropy"


def case(layers, *script, input_shape=(4,), **more):
    """Return a case of a network and a script."""
    steps = [list(step) for step in script]
    return {"input_shape": list(input_shape), "layers": layers, **more, "script": steps}
