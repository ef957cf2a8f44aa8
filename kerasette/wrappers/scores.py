"""What a classifier's model says before its last activation."""

from kerasette.wrappers.readings import Reading


class Scores(Reading):
    """The outputs of a model without the sigmoid or softmax that made them.

    They are exact, also where probabilities are 0 or 1. Outputs that no sigmoid or softmax made
    are the scores themselves.

    Parameters
    ----------
    model : Model
        With one output. It is shared: its weights are those of the moment of a call.

    Examples
    --------
    >>> import kerasette, numpy as np
    >>> from kerasette.wrappers.scores import Scores
    >>> dense = kerasette.layers.Dense(1, "sigmoid", kernel_initializer="ones")
    >>> model = kerasette.Sequential([kerasette.Input((1,)), dense])
    >>> Scores(model).predict(np.array([[1000.0]]), verbose=0)
    array([[1000.]], dtype=float32)
    """

    def __init__(self, model):
        super().__init__(model, "scores")

    def call(self, inputs):
        """The scores of a batch."""
        outputs = self.model(inputs, training=False)
        kept = outputs._logits
        return outputs if kept is None else kept[1]
