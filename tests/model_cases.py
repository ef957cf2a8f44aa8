"""Models of many forms, made with Keras or with kerasette, for what draws or lists them."""


def chain(keras):
    """A graph that is one line."""
    inputs = keras.Input((3,), name="inputs")
    hidden = keras.layers.Dense(4, activation="relu")(inputs)
    return keras.Model(inputs, keras.layers.Dense(2)(hidden), name="chain")


def stack(keras):
    """A Sequential with an input."""
    layers = [keras.layers.Dense(4, activation="tanh"), keras.layers.Dropout(0.5)]
    return keras.Sequential([keras.Input((3,)), *layers, keras.layers.Dense(1)], name="stack")


def router(keras):
    """Several inputs of several dtypes; a dict of outputs."""
    title = keras.Input((None,), dtype="int32", name="title")
    tags = keras.Input((5,), name="tags")
    words = keras.layers.Embedding(50, 6)(title)
    text = keras.ops.mean(words, axis=1)
    both = keras.layers.Concatenate(name="both")([text, tags])
    priority = keras.layers.Dense(1, activation="sigmoid", name="priority")(both)
    department = keras.layers.Dense(4, activation="softmax", name="department")(both)
    outputs = {"priority": priority, "department": department}
    return keras.Model([title, tags], outputs, name="router")


def residual(keras):
    """A tensor that is used again further down."""
    inputs = keras.Input((8,), name="inputs")
    x = keras.layers.Dense(8, activation="relu")(inputs)
    x = keras.layers.Dense(8)(x)
    x = keras.layers.BatchNormalization()(keras.layers.Add()([x, inputs]))
    return keras.Model(inputs, keras.layers.Dense(2)(x), name="residual")


def siamese(keras):
    """A tower that is called twice, and operators."""
    tower = keras.Sequential([keras.Input((6,)), keras.layers.Dense(3)], name="tower")
    left, right = keras.Input((6,), name="left"), keras.Input((6,), name="right")
    distance = abs(tower(left) - tower(right)) ** 2
    outputs = keras.layers.Dense(1)(distance)
    return keras.Model([left, right], outputs, name="siamese")


def shared(keras):
    """A layer that is called three times in a line, and once elsewhere."""
    dense = keras.layers.Dense(4, name="shared")
    dense(keras.Input((4,), name="elsewhere"))
    inputs = keras.Input((4,), name="inputs")
    return keras.Model(inputs, dense(dense(dense(inputs))), name="again_and_again")


def operators(keras):
    """Functions and operators as rows, among them one with several outputs."""
    x = keras.Input((6,), name="x")
    first, second = keras.ops.split(2 * x - 1, 2, axis=1)
    gate = keras.ops.sigmoid(first[:, :1])
    return keras.Model(x, [gate * second, -x / 3], name="operators")


def branches(keras):
    """Inputs that are used late, and one that nothing uses."""
    a, b = keras.Input((2,), name="a"), keras.Input((2,), name="b")
    unused = keras.Input((2,), name="unused")
    deep = keras.layers.Dense(2, name="deep_2")(keras.layers.Dense(2, name="deep_1")(a))
    wide = keras.layers.Dense(2, name="wide")(a)
    both = keras.layers.Maximum(name="both")([deep, b, wide])
    outputs = [deep, keras.layers.Dense(1, name="end")(both)]
    return keras.Model([a, b, unused], outputs, name="branches")


def nested(keras):
    """Models in models in a model, some of them frozen."""
    inner_inputs = keras.Input((4,), name="inner_inputs")
    head = keras.Sequential([keras.layers.Dense(3), keras.layers.Dropout(0.1)], name="head")
    pair = [head(inner_inputs), keras.layers.Dense(2, name="side")(inner_inputs)]
    inner = keras.Model(inner_inputs, pair, name="inner")
    inputs = keras.Input((4,), name="inputs")
    one, two = inner(keras.layers.Dense(4, name="before")(inputs))
    outputs = keras.layers.Concatenate(name="joined")([one, two])
    model = keras.Model(inputs, outputs, name="nested")
    head.trainable = False
    return model


def graph_in_stack(keras):
    """Graphs as layers of a Sequential."""
    inputs = keras.Input((3,), name="inside")
    hidden = keras.layers.Dense(3, name="hidden")(inputs)
    inner = keras.Model(inputs, hidden + inputs, name="skip")
    layers = [keras.Input((3,)), keras.layers.Dense(3, name="first"), inner]
    return keras.Sequential([*layers, keras.layers.Dense(1, name="last")], name="outer")


def cut_out(keras):
    """A model between inner tensors of another."""
    inputs = keras.Input((5,), name="inputs")
    code = keras.layers.Dense(2, name="code")(inputs)
    wide = keras.layers.Dense(4, name="wide")(code)
    keras.Model(inputs, keras.layers.Dense(5, name="decoded")(wide))
    return keras.Model(code, [wide, wide + 1], name="cut_out")


def subclassed(keras):
    """A class with layers, one of them a model, that makes no graph."""

    class Block(keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.inner = keras.layers.Dense(3, name="inner_dense")

        def build(self, input_shape):
            self.inner.build(input_shape)

        def call(self, inputs):
            return self.inner(inputs)

    class Subclassed(keras.Model):
        def __init__(self):
            super().__init__(name="subclassed")
            self.first = keras.layers.Dense(3, name="first")
            self.block = Block(name="block")
            self.head = chain(keras)

        def build(self, input_shape):
            self.first.build(input_shape)
            self.block.build((*input_shape[:-1], 3))

        def call(self, inputs):
            return self.head(self.block(self.first(inputs)))

    return Subclassed()


def subclassed_and_built(keras):
    """The same, built."""
    model = subclassed(keras)
    model.build((None, 7))
    return model


def odd_names(keras):
    """Names with characters that mean something elsewhere."""
    inputs = keras.Input((2,), name='<in> & "out"')
    left = keras.layers.Dense(2, name="a|b{c}")(inputs)
    right = keras.layers.Dense(2, name="größe_数据 \\n")(inputs)
    return keras.Model(inputs, left + right, name='m <b>&"quoted"')


GRAPHS = (chain, router, residual, siamese, shared, operators, branches, nested, cut_out)
MODELS = {
    make.__name__: make
    for make in (
        *GRAPHS, stack, graph_in_stack, subclassed, subclassed_and_built, odd_names
    )
}  # fmt: skip


def model_of(keras, name):
    """The model of a name, with names of layers that begin anew."""
    keras.utils.clear_session(free_memory=False)
    return MODELS[name](keras)
