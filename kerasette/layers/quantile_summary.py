"""Quantiles of a stream of numbers, from a summary of what has come.

A summary is a float32 array of two rows: numbers in rising order, and for how many each stands.
It is computed step by step as in Keras, so that the same data give the same bounds.
"""

import numpy as np


def empty_summary():
    """The summary of no numbers."""
    return np.zeros((2, 0), "float32")


def summarize(values, epsilon):
    """The summary of an array: of about ``1 / epsilon`` runs of equal length the last numbers.

    >>> summarize(np.arange(6, dtype="float32"), 0.5).tolist()
    [[2.0, 5.0], [3.0, 3.0]]
    """
    values = np.sort(np.asarray(values, "float32"), axis=None)
    step = max(values.size / (1.0 / epsilon), 1)
    ends = values[int(step - 1) :: int(step)]
    return np.stack([ends, np.full_like(ends, step)])


def merged(first, second, epsilon):
    """The summary of what two summaries stand for."""
    both = np.concatenate([first, second], axis=1)
    return _compressed(both[:, np.argsort(both[0])], epsilon)


def boundaries(summary, n_bins):
    """The numbers that cut what a summary stands for into bins of about the same size.

    >>> boundaries(summarize(np.arange(8, dtype="float32"), 0.01), 2).tolist()
    [3.0]
    """
    return _compressed(summary, 1.0 / n_bins)[0, :-1]


def _compressed(summary, epsilon):
    """A summary of about ``1 / epsilon`` numbers, found by linear interpolation."""
    if summary.shape[1] * epsilon < 1:
        return summary
    shares = epsilon + np.arange(0.0, 1.0, epsilon)
    counts = summary[1].cumsum()
    numbers = np.interp(shares, counts / counts[-1], summary[0])
    up_to = np.interp(shares, counts / counts[-1], counts)
    return np.stack([numbers, np.diff(up_to, prepend=0)]).astype("float32")
