"""What recurrent layers ask of their inputs before anything is computed."""

from kerasette import ops


def check_sequences(sequences, name):
    """Raises unless a tensor holds sequences of at least one step.

    Raises
    ------
    ValueError
        With its shape.
    """
    if len(sequences.shape) < 3:
        raise ValueError(
            f"Layer '{name}' takes sequences of shape (batch, steps, ...): expected ndim=3 or more,"
            f" found ndim={len(sequences.shape)}. Full shape received: {sequences.shape}"
        )
    if not sequences.shape[1]:
        raise ValueError(
            f"Layer '{name}' needs sequences of at least one step. Received: shape "
            f"{sequences.shape}"
        )


def step_mask(mask, sequences):
    """A mask as a bool tensor of shape (batch, steps), or None.

    Parameters
    ----------
    mask : Tensor of shape (batch, steps) or (batch, steps, 1), or list of which the first counts
    sequences : Tensor of shape (batch, steps, ...)

    Raises
    ------
    ValueError
        If its shape is another one.
    """
    while isinstance(mask, (list, tuple)):
        mask = mask[0] if mask else None
    if mask is None:
        return None
    mask = ops.convert_to_tensor(mask)
    wanted = sequences.shape[:2]
    if mask.shape not in (wanted, (*wanted, 1)):
        raise ValueError(
            "The mask of a recurrent layer has a value for each step: its shape must be "
            f"{wanted} for sequences of shape {sequences.shape}. Received: mask of shape "
            f"{mask.shape}"
        )
    mask = mask if mask.dtype == "bool" else ops.cast(mask, "bool")
    return mask if mask.shape == wanted else ops.reshape(mask, wanted)


def check_states(states, sizes, sequences):
    """Raises unless there is a state for each size, of shape (batch, size).

    Parameters
    ----------
    states : list of Tensors, or of structures of them
    sizes : list of int, or of lists of int
        As a cell's ``state_size``.
    sequences : Tensor
        What they are for. Cells of steps with several axes may have states with more axes.

    Raises
    ------
    ValueError
        With the shape that is wrong.
    """
    if len(states) != len(sizes):
        raise ValueError(
            f"`initial_state` must have {len(sizes)} state(s), of sizes {sizes}. Received "
            f"{len(states)}: {_shapes(states)}"
        )
    for state, size in zip(states, sizes):
        is_one = hasattr(state, "shape")
        if is_one and isinstance(size, list):
            state = [state]
        elif not is_one and not isinstance(size, (list, tuple)):
            size = [size]
        if isinstance(state, (list, tuple)):
            check_states(state, size, sequences)
        else:
            _check_one(state, size, sequences)


def _check_one(state, size, sequences):
    """A tuple is the shape of a state behind its rows."""
    wanted = (sequences.shape[0], *(size if isinstance(size, tuple) else (size,)))
    shape = state.shape
    if len(sequences.shape) > 3:
        # Cells of images give the number of channels.
        wanted, shape = wanted[:1] + wanted[-1:], shape[:1] + shape[-1:]
    if shape != wanted:
        raise ValueError(
            f"`initial_state` has a state of shape {wanted} for sequences of shape "
            f"{sequences.shape}. Received: {_shapes(state)}"
        )


def _shapes(states):
    if isinstance(states, (list, tuple)):
        return [_shapes(state) for state in states]
    return f"shape {states.shape}" if hasattr(states, "shape") else states
