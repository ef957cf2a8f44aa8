"""Text that a model goes on writing."""

import numpy as np

from kerasette.checks import is_whole
from kerasette.layers import Layer
from kerasette.text.ids import id_array
from kerasette.text.sampling import check_generator, check_temperature, sample
from kerasette.text.states import reset_states, stateful_layers


def generate(model, start, length, temperature=1.0, rng=None, from_logits=True, window=None):
    """Tokens that a model adds to some, one after the other, each drawn by `sample`.

    Parameters
    ----------
    model : Model
        From numbers of tokens, shape (1, steps), to scores of the token that comes next, shape
        (1, tokens), or after each step, shape (1, steps, tokens). One with ``stateful=True`` is
        built for a batch of 1; weights of one trained on several streams fit
        (``set_weights(trained.get_weights())``).
    start : array of integers of shape (tokens,)
        What stands before. At least one.
    length : int
        How many to add.
    temperature, rng, from_logits
        As for `sample`.
    window : int, optional
        How many of the last tokens a model without state is shown; all of them by default.

    Returns
    -------
    ndarray of integers of shape (length,)
        The tokens that were added.

    Raises
    ------
    ValueError
        If it is no model, there is no token to begin with, the length is negative or no integer, a
        model with state is given a window, or its output has another shape.

    Notes
    -----
    A model with state is reset, reads `start` token by token, and then what is drawn: the cost of
    a token does not grow. One without is shown the text anew for each token; a `window` makes all
    these calls but the first ones of one shape.

    Examples
    --------
    >>> import kerasette, numpy as np
    >>> from kerasette import layers, text
    >>> after = [[0, 9, 0], [0, 0, 9], [9, 0, 0]]
    >>> model = kerasette.Sequential([
    ...     kerasette.Input((None,), dtype="int32"), layers.Embedding(3, 3, weights=[after])
    ... ])
    >>> text.generate(model, [0], 5, temperature=0).tolist()
    [1, 2, 0, 1, 2]
    """
    if not isinstance(model, Layer):
        raise ValueError(f"`model` must be a model. Received: model={model!r}")
    start = id_array("start", start, n_axes=1)
    if not len(start):
        raise ValueError("`start` must have at least one token.")
    if not is_whole(length) or length < 0:
        raise ValueError(f"`length` must be an integer of at least 0. Received: length={length!r}")
    if window is not None and (not is_whole(window) or window <= 0):
        raise ValueError(f"`window` must be a positive integer. Received: window={window!r}")
    check_temperature(temperature)
    check_generator(rng)
    next_scores = _with_state(model, window) if stateful_layers(model) else _shown(model, window)
    text = start.tolist()
    for _ in range(length):
        scores = next_scores(text)
        text.append(int(sample(scores, temperature, rng, from_logits)))
    return np.array(text[len(start) :], start.dtype)


def _with_state(model, window):
    """A function of the text that reads what it has not read yet."""
    if window is not None:
        raise ValueError("A model with state reads all of the text: `window` must be None.")
    reset_states(model)
    n_read = 0

    def next_scores(text):
        nonlocal n_read
        for token in text[n_read:]:
            scores = model.predict_on_batch(np.array([[token]], "int32"))
        n_read = len(text)
        return _last(scores)

    return next_scores


def _shown(model, window):
    """A function of the text that shows all of it, or its end."""
    n = 0 if window is None else window
    return lambda text: _last(model.predict_on_batch(np.array([text[-n:]], "int32")))


def _last(scores):
    """The scores after the last step."""
    scores = np.asarray(scores)
    if scores.ndim not in (2, 3) or len(scores) != 1 or 0 in scores.shape:
        raise ValueError(
            "The model must give scores of shape (1, tokens) or (1, steps, tokens). Received: "
            f"shape {scores.shape}"
        )
    return scores.reshape(-1, scores.shape[-1])[-1]
