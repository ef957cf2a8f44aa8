"""A function of one step, carried along a sequence."""

from kerasette import ops, tree


def run_steps(
    step, sequences, states, mask=None, go_backwards=False, return_sequences=False,
    zero_output_for_mask=False,
):  # fmt: skip
    """Calls a function for each step of a sequence, with the states that it returned before.

    It is a loop in Python, each round of which is recorded with what the function does: gradients
    and replays go through it as through any ops.

    Parameters
    ----------
    step : callable
        From the inputs of a step, of shape (batch, ...), and a list of states to an output and the
        new states.
    sequences : Tensor of shape (batch, steps, ...)
    states : list of structures of Tensors of shape (batch, ...)
    mask : bool Tensor of shape (batch, steps), optional
        Where it is False the states stay, and the output is the one before; zeros at first.
    go_backwards : bool
        Whether to begin at the end; outputs then come in that order.
    return_sequences : bool
        Whether all outputs are wanted, along the second axis, or the last one.
    zero_output_for_mask : bool
        Whether outputs are zeros where the mask is False.

    Returns
    -------
    tuple
        The output or outputs; and the last states, in the form in which they were given.
    """
    places = range(sequences.shape[1])
    outputs, output = [], None
    for place in reversed(places) if go_backwards else places:
        found, new_states = step(sequences[:, place], states)
        new_states = tree.pack_sequence_as(states, tree.flatten(new_states))
        if mask is None:
            output, states = found, new_states
        else:
            kept = mask[:, place]
            output = _chosen(kept, found, 0.0 if zero_output_for_mask else output)
            states = tree.map_structure(
                lambda new, old, kept=kept: _chosen(kept, new, old), new_states, states
            )
        if return_sequences:
            outputs.append(output)
    return ops.stack(outputs, axis=1) if return_sequences else output, states


def _chosen(kept, new, old):
    """`new` for the rows that are kept, elsewhere `old`; None is 0."""
    kept = ops.reshape(kept, (-1,) + (1,) * (len(new.shape) - 1))
    return ops.where(kept, new, 0.0 if old is None else old)
