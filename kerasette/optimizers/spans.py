"""Optimizers whose step goes over all variables in one pass."""

from kerasette import ops
from kerasette._core import ops as _core
from kerasette._core.step import settle
from kerasette._core.variable import spans
from kerasette.optimizers.base import Optimizer


class SpanOptimizer(Optimizer):
    """Base of the optimizers that have a kernel.

    It works on *spans*, runs of variables that stand side by side in memory, normally one; it is
    as right for many as for one. Weight decay is part of the kernel. A subclass names in `slots`
    what it may have, and implements `update_span`.

    A subclass of such an optimizer that implements `update_step` goes through that instead,
    variable by variable; ``super().update_step(...)`` is then the step of one variable.
    """

    slots = ()

    def update_span(self, parameters, gradients, slots, learning_rate, weight_decay, variables):
        """One step over a span.

        Parameters
        ----------
        parameters, gradients : Tensor of shape (n,)
        slots : dict of Tensor of shape (n,)
            Those of `slots` that `build` has made.
        learning_rate : Tensor
            A scalar, float32 or float64.
        weight_decay : float
        variables : list of Variable
            All that is written.
        """
        raise NotImplementedError(f"{type(self).__name__} does not implement update_span().")

    def _goes_by_spans(self):
        return type(self).update_step is SpanOptimizer.update_step

    def _apply_weight_decay(self, variables, learning_rate):
        if not self._goes_by_spans():
            super()._apply_weight_decay(variables, learning_rate)

    def _backend_update_step(self, grads, trainable_variables, learning_rate):
        if not self._goes_by_spans():
            super()._backend_update_step(grads, trainable_variables, learning_rate)
            return
        decay = self.weight_decay or 0.0
        if not decay:
            self._update_spans(trainable_variables, learning_rate, 0.0)
            return
        excluded = [v for v in trainable_variables if self._exclusion.covers(v)]
        decayed = [v for v in trainable_variables if not self._exclusion.covers(v)]
        self._update_spans(decayed, learning_rate, decay)
        self._update_spans(excluded, learning_rate, 0.0)

    def _update_spans(self, variables, learning_rate, weight_decay):
        for span, group, _ in spans(variables):
            slots, written = {}, list(group)
            for name in self.slots:
                if name in self._slots:
                    slots[name], twins = self._slot_span(name, group)
                    written += twins
            gradients = self._gradient_span(span, group)
            self.update_span(span, gradients, slots, learning_rate, weight_decay, written)

    def _places_among(self, variables):
        """The places of the gradients of those that have one: of tables some rows may be zero."""
        return [self._places[id(v)][2] for v in variables if id(v) in self._places]

    def update_step(self, gradient, variable, learning_rate):
        """One step of one variable, without weight decay.

        Parameters
        ----------
        gradient : Tensor
        variable : Variable
        learning_rate : Tensor
            A scalar.
        """
        settle([variable])
        place = self._places[id(variable)][2]
        if gradient is not place:
            _core.write(place, ops.cast(gradient, variable.dtype))
        rate = ops.convert_to_tensor(learning_rate)
        self._update_spans([variable], rate, 0.0)
