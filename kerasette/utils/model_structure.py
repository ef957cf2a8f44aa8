"""How models are put together, for what draws them."""

from kerasette.graph.function import Graph


def is_graph(layer):
    """Whether a layer is a functional model."""
    return isinstance(layer, Graph)


def is_stack(layer):
    """Whether a layer is a ``Sequential``: a model with a graph of its layers, known or not yet."""
    return hasattr(layer, "_functional")


def members(model):
    """The operations of a graph, or the layers of a stack."""
    return model.operations if is_graph(model) else model.layers


def check_is_model(model):
    """Raises unless something is a model or a layer.

    Raises
    ------
    ValueError
        With what it is instead.
    """
    if not hasattr(model, "built"):
        raise ValueError(f"`model` must be a model. Received: model={model!r}")


def check_is_built(model):
    """Raises unless a model can be drawn.

    Raises
    ------
    ValueError
        If it is not built, or no model.
    """
    check_is_model(model)
    if not model.built:
        raise ValueError(
            "This model has not yet been built. Build the model first by calling `build()` or by "
            "calling the model on a batch of data."
        )


def edges(model, expands):
    """(source, target) for each operation that takes what another one returns.

    Parameters
    ----------
    model : Model
        A graph or a stack.
    expands : bool
        Whether edges lead to members of graphs and stacks in the model, not to these.
    """
    if is_stack(model):
        # The calls of layers that a stack shares with other models are not its own.
        for before, after in zip(model.layers, model.layers[1:]):
            for source in outermost_sources(before) if expands else [before]:
                yield source, first_member(after, 0) if expands else after
        return
    for node in model._nodes:
        for i, tensor in enumerate(node.input_tensors):
            source, target = tensor._keras_history.operation, node.operation
            yield (maker(tensor), first_member(target, i)) if expands else (source, target)


def maker(tensor):
    """The operation that made a symbolic tensor, within graphs and stacks."""
    operation, _, index = tensor._keras_history
    if is_graph(operation) or (is_stack(operation) and operation._functional is not None):
        return maker(operation.outputs[index])
    return maker_in_stack(operation)


def maker_in_stack(layer):
    """The last layer of a stack that has no graph; otherwise the layer itself."""
    return maker_in_stack(layer.layers[-1]) if is_stack(layer) else layer


def outermost_sources(layer):
    """The operations that make what a layer returns, within graphs and stacks."""
    if is_graph(layer) or (is_stack(layer) and layer._functional is not None):
        return list(dict.fromkeys(map(maker, layer.outputs)))
    return [maker_in_stack(layer)]


def first_member(layer, index):
    """The operation within graphs and stacks that takes an input of a layer, given by its index."""
    if is_graph(layer):
        return layer.inputs[index]._keras_history.operation
    if is_stack(layer):
        return first_member(layer.layers[0], index)
    return layer
