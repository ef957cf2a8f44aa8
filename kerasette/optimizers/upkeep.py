"""What optimizers do around their step: gradients in their places, clipping, averages."""

from kerasette._core import ops
from kerasette._core.step import only_when, settle
from kerasette._core.variable import pack, part, spans, zeros_like_span
from kerasette.optimizers.arguments import floating
from kerasette.optimizers.state import OptimizerState


class Upkeep(OptimizerState):
    """Gradients and averages, laid out as the variables are. `Optimizer` builds on it.

    Gradients are worked on in place, whatever the optimizer: they are scratch memory, side by side
    as the variables are, so that one pass goes over many.
    """

    def _init_upkeep(self):
        self._trainable_variables = []
        # By identity of the variable: its number, and (gradients of a span, start, its gradient).
        self._indices = {}
        self._places = {}

    def _lay_out(self, variables):
        """Packs the variables, and makes the places of their gradients."""
        for dtype in sorted({variable.dtype for variable in variables}):
            pack([variable for variable in variables if variable.dtype == dtype])
        for span, group, starts in spans(variables):
            gradients = zeros_like_span(span)
            for variable, start in zip(group, starts):
                place = part(gradients, start, variable.shape)
                self._places[id(variable)] = (gradients, start, place)
        self._indices = {id(variable): index for index, variable in enumerate(variables)}

    def __getstate__(self):
        # Copies of variables are other objects in other memory.
        return {**self.__dict__, "_places": {}, "_indices": {}}

    def __setstate__(self, state):
        self.__dict__.update(state)
        self._check_iterations()
        self._is_new_copy = self.built
        if self.built:
            variables = self._trainable_variables
            self._lay_out(variables)
            for name, slot in self._slots.items():
                # Slots of some variables only are those of a user, who takes them one by one.
                if len(slot) == len(variables):
                    self._check_slot(name, slot)
                    self._pack_like(variables, slot)

    def _check_iterations(self):
        # What a pickle holds may not fit together; kernels trust what is checked here.
        count = self._iterations
        if count.shape or count.dtype != "int64":
            raise ValueError(
                f"The state of optimizer '{self.name}' does not fit: `iterations` has shape "
                f"{count.shape} and dtype {count.dtype}, and should be one int64."
            )

    def _check_slot(self, name, slot):
        for variable, twin in zip(self._trainable_variables, slot):
            if twin.shape != variable.shape or twin.dtype != variable.dtype:
                raise ValueError(
                    f"The state of optimizer '{self.name}' does not fit: '{name}' of "
                    f"{variable.path} has shape {twin.shape} and dtype {twin.dtype}, the variable "
                    f"{variable.shape} and {variable.dtype}."
                )

    def gradient_places(self, variables):
        """Where the gradients of `variables` are best written: side by side, as they are."""
        settle(variables)
        return [self._places[id(variable)][2] for variable in variables]

    def _place_gradients(self, pairs):
        """Puts the gradients where the optimizer works on them, divided by the scale."""
        for gradient, variable in pairs:
            place = self._places[id(variable)][2]
            if self.loss_scale_factor is not None:
                gradient = gradient / self.loss_scale_factor
            if gradient is not place:
                ops.write(place, ops.cast(gradient, variable.dtype))

    def _clip_gradients(self, places):
        if self.clipnorm and self.clipnorm > 0:
            for place, square in zip(places, square_sums(places)):
                ops.clip_norm(place, square, self.clipnorm)
        elif self.global_clipnorm and self.global_clipnorm > 0:
            squares = ops.squares_for(len(places))
            square_sums(places, squares)
            for place in places:
                ops.clip_norm(place, squares, self.global_clipnorm, of_all=True)
        elif self.clipvalue and self.clipvalue > 0:
            for place in places:
                ops.clip_value(place, self.clipvalue)

    # ---- accumulated gradients, averages ---------------------------------------------

    def _slot_span(self, name, group):
        """The memory of a slot of variables that stand side by side, and the slot's variables."""
        slot = self._slots[name]
        ((span, twins, _),) = spans([slot[self._get_variable_index(v)] for v in group])
        return span, twins

    def _gradient_span(self, span, group):
        whole, start, _ = self._places[id(group[0])]
        return part(whole, start, span.shape)

    def _accumulate(self, variables, is_due, steps):
        """Gathers gradients; where an update is due they become the mean, and are forgotten."""
        name = "gradient_accumulator"
        for span, group, _ in spans(variables):
            gradients = self._gradient_span(span, group)
            gathered, twins = self._slot_span(name, group)
            places = [self._places[id(variable)][2] for variable in group]
            ops.accumulate(gradients, gathered, is_due, steps, places)
            with only_when(ops.equal(is_due, False)):
                ops.copy_span(gathered, gradients, twins)
        with only_when(is_due):
            for _, group, _ in spans(self._trainable_variables):
                gathered, twins = self._slot_span(name, group)
                ops.fill(gathered, 0.0, twins)

    def _update_averages(self):
        steps = self.gradient_accumulation_steps or 1
        pairs = [
            (span, group, *self._slot_span("average", group))
            for span, group, _ in spans(self._trainable_variables)
        ]
        for span, group, averages, twins in pairs:
            # The group too: what has been assigned to it is to be written before it is averaged.
            ops.average(
                averages, span, self._iterations, [*group, *twins], self.ema_momentum, steps
            )
        if self.ema_overwrite_frequency:
            with only_when(ops.is_turn(self._iterations, self.ema_overwrite_frequency, steps)):
                for span, group, averages, twins in pairs:
                    ops.copy_span(span, averages, [*group, *twins])

    def finalize_variable_values(self, var_list):
        """Sets variables to their moving averages, if they are kept. `fit` does it at its end.

        Parameters
        ----------
        var_list : list of Variable
            Those that the optimizer was built with; integers and bools are left out.

        Raises
        ------
        ValueError
            If it was built with others.
        """
        if not self.use_ema:
            return
        variables = floating(var_list)
        averages = self._slots.get("average", [])
        if len(variables) != len(averages):
            raise ValueError(
                f"The length of model variables ({len(variables)}) to override does not match "
                f"the length of model variables stored in the optimizer ({len(averages)}). "
                "Please check if the optimizer was called on your model."
            )
        self._check_variables_are_known(variables)
        for variable in variables:
            variable.assign(averages[self._get_variable_index(variable)])


def square_sums(places, squares=None):
    """Sums of squares of gradients, each in a float64 tensor of one element."""
    squares = ops.squares_for(len(places)) if squares is None else squares
    found = [part(squares, number, (1,)) for number in range(len(places))]
    for place, square in zip(places, found):
        ops.square_sum(place, square)
    return found
