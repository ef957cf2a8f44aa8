"""Dropout of recurrent cells: patterns that stay the same through all steps of a sequence."""

from kerasette import ops, random


class CellDropout:
    """The part of a recurrent cell that drops inputs and states in training.

    The cell has ``dropout`` and ``recurrent_dropout``, the shares to drop, and a
    ``seed_generator``. A pattern is drawn when it is first asked for and stays until it is
    reset: `RNN` resets both before and after each sequence.

    References
    ----------
    Gal and Ghahramani, "A theoretically grounded application of dropout in recurrent neural
    networks", NIPS (2016), section 4.
    """

    # Number of patterns, one for each gate; None for a single one that all gates share.
    dropout_mask_count = None

    def _init_dropout(self, dropout, recurrent_dropout, seed):
        self.dropout = min(1.0, max(0.0, dropout))
        self.recurrent_dropout = min(1.0, max(0.0, recurrent_dropout))
        self.seed = seed
        self.seed_generator = random.SeedGenerator(seed)
        # In a dict, whose change invalidates no recording: the draws are part of it.
        self._patterns = {}

    def get_dropout_mask(self, step_input):
        """The factors of the inputs: 0, or one divided by the share that is left.

        Parameters
        ----------
        step_input : Tensor
            The factors have its shape.

        Returns
        -------
        Tensor, list of Tensor (one for each gate), or None without dropout
        """
        return self._pattern("inputs", step_input, self.dropout)

    def get_recurrent_dropout_mask(self, step_input):
        """The factors of the states; as `get_dropout_mask`."""
        return self._pattern("states", step_input, self.recurrent_dropout)

    def reset_dropout_mask(self):
        """Lets the next step draw a new pattern for the inputs."""
        self._patterns.pop("inputs", None)

    def reset_recurrent_dropout_mask(self):
        """Lets the next step draw a new pattern for the states."""
        self._patterns.pop("states", None)

    def _pattern(self, kind, like, rate):
        if kind not in self._patterns and rate > 0:
            self._patterns[kind] = self._drawn(like, rate)
        return self._patterns.get(kind)

    def _drawn(self, like, rate):
        ones = ops.ones_like(like, dtype=self.compute_dtype)
        if self.dropout_mask_count is None:
            return random.dropout(ones, rate, seed=self.seed_generator)
        return [
            random.dropout(ones, rate, seed=self.seed_generator)
            for _ in range(self.dropout_mask_count)
        ]


def reset_patterns(cell):
    """Forgets the patterns of a cell, and of the cells in it, if it has any."""
    if isinstance(cell, CellDropout):
        cell.reset_dropout_mask()
        cell.reset_recurrent_dropout_mask()
    for inner in getattr(cell, "cells", ()):
        reset_patterns(inner)
