"""What an equation says of the shapes of a kernel, a bias and an output."""

import re

# ``...`` in front of inputs and outputs, behind both, or nowhere.
FORMS = re.compile(
    r"(?P<left>\.\.\.)?(?P<inputs>[a-zA-Z]+)(?P<right>\.\.\.)?,(?P<kernel>[a-zA-Z]+)"
    r"->(?(left)\.\.\.)(?P<outputs>[a-zA-Z]+)(?(right)\.\.\.)"
)


class EinsumEquation:
    """An equation with the shapes of inputs and of a part of the outputs.

    Parameters
    ----------
    equation : str
    input_shape : tuple
        The batch size may be None.
    output_shape : tuple
        Sizes of outputs but for the first axis and those of ``...``; None for those of the inputs.

    Attributes
    ----------
    kernel_shape, output_shape : tuple
    input_axes, output_axes : list of int
        Axes of the kernel that are summed over, and those that the output has.

    Raises
    ------
    ValueError
        If the equation has another form, or does not fit the shapes.
    """

    def __init__(self, equation, input_shape, output_shape):
        form = FORMS.fullmatch(equation)
        if form is None or (form["left"] and form["right"]):
            raise ValueError(
                f"Invalid einsum equation '{equation}'. Equations must be in the form "
                "[X],[Y]->[Z], ...[X],[Y]->...[Z], or [X]...,[Y]->[Z]...."
            )
        self.inputs, self.kernel, self.outputs = form["inputs"], form["kernel"], form["outputs"]
        n_elided = len(input_shape) - len(self.inputs)
        if n_elided < 0 or (n_elided and not (form["left"] or form["right"])):
            raise ValueError(
                f"Inputs of shape {tuple(input_shape)} do not fit the equation '{equation}'."
            )
        self.n_left = n_elided if form["left"] else 0
        self.n_right = n_elided - self.n_left
        self._set_output_shape(tuple(input_shape), tuple(output_shape))
        self._set_kernel_shape(tuple(input_shape))

    def _set_output_shape(self, input_shape, partial):
        lead = input_shape[: max(self.n_left, 1)]
        tail = input_shape[len(input_shape) - self.n_right :]
        self.output_shape = (*lead, *partial, *tail)
        if len(self.output_shape) != self.n_left + len(self.outputs) + self.n_right:
            raise ValueError(
                f"Outputs '{self.outputs}' have another number of axes than output_shape={partial}"
                f" with the batch before it, for inputs of shape {input_shape}."
            )

    def _set_kernel_shape(self, input_shape):
        given = dict(zip(self.inputs, input_shape[self.n_left :]))
        wanted = dict(zip(self.outputs, self.output_shape[self.n_left :]))
        for letter, size in given.items():
            if wanted.get(letter) not in (None, size):
                raise ValueError(
                    "Input shape and output shape do not match at shared dimension "
                    f"'{letter}'. Input shape is {size}, and output shape is {wanted[letter]}."
                )
        for letter in self.outputs:
            if letter not in self.inputs and letter not in self.kernel:
                raise ValueError(
                    f"Dimension '{letter}' was specified in the output '{self.outputs}' but has "
                    f"no corresponding dim in the input spec '{self.inputs}' or weight spec "
                    f"'{self.kernel}'"
                )
        for letter in self.kernel:
            if letter not in wanted and letter not in given:
                raise ValueError(
                    f"Weight dimension '{letter}' did not have a match in either the input spec "
                    f"'{self.inputs}' or the output spec '{self.outputs}'. For this layer, the "
                    "weight must be fully specified."
                )
        places = range(len(self.kernel))
        self.output_axes = [place for place in places if self.kernel[place] in wanted]
        self.input_axes = [place for place in places if self.kernel[place] not in wanted]
        self.kernel_shape = tuple(
            wanted[letter] if letter in wanted else given[letter] for letter in self.kernel
        )

    def bias_shape(self, axes):
        """Shape of a bias for some axes of the output: 1 along those between and behind them.

        Raises
        ------
        ValueError
            If the output has no such axis.
        """
        for letter in axes:
            if letter not in self.outputs:
                raise ValueError(
                    f"Bias dimension '{letter}' was requested, but is not part of the output spec "
                    f"'{self.outputs}'"
                )
        first = min(self.outputs.find(letter) for letter in axes)
        sizes = self.output_shape[self.n_left + first :]
        sizes = zip(self.outputs[first:], sizes)
        return (*(size if letter in axes else 1 for letter, size in sizes), *[1] * self.n_right)
