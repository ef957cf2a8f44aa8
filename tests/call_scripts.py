"""Scripts of calls on one model, as the golden file `calls.json` describes them."""

import warnings

import kerasette

STOPS = {"train": "training", "test": "evaluating", "predict": "predicting"}


class Penalty(kerasette.layers.Layer):
    """Adds the mean square of its input to the loss."""

    def __init__(self, factor=0.5, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor
        self.supports_masking = True

    def call(self, inputs):
        self.add_loss(self.factor * kerasette.ops.mean(kerasette.ops.square(inputs)))
        return inputs


class Recorder(kerasette.callbacks.Callback):
    """Notes the hooks around batches, and stops its model after one of them."""

    def __init__(self, stop=None, after=0):
        super().__init__()
        self.events, self.stop, self.after = [], stop, after

    def note(self, mode, hook, batch, logs):
        logs = {k: float(v) for k, v in (logs or {}).items() if k != "outputs"}
        self.events.append([f"{mode}_{hook}", batch, logs])
        if hook == "end" and STOPS[mode] == self.stop and batch >= self.after:
            setattr(self.model, f"stop_{self.stop}", True)


def _add_hook(mode, hook):
    def note(self, batch, logs=None):
        self.note(mode, hook, batch, logs)

    setattr(Recorder, f"on_{mode}_batch_{hook}", note)


for _mode in STOPS:
    for _hook in ("begin", "end"):
        _add_hook(_mode, _hook)


class Script:
    """A model, the arrays that its calls name, and the objects that they share.

    Parameters
    ----------
    case : dict
        As in the golden file.
    arrays : dict of ndarray
    """

    def __init__(self, case, arrays):
        kerasette.utils.clear_session()
        self.arrays, self.objects = arrays, {}
        layers = [self.resolve(layer) for layer in case["layers"]]
        first = kerasette.Input(case["input_shape"], dtype=case.get("input_dtype"))
        self.model = kerasette.Sequential([first, *layers])

    def run(self, method, arguments):
        """Calls a method.

        Returns
        -------
        (value, list of str, list)
            What it returned, the texts of its warnings, and the hooks around batches.
        """
        arguments = dict(arguments)
        if method == "set_trainable":
            self.model.layers[arguments["layer"]].trainable = arguments["value"]
            return None, [], []
        events = []
        if "recorder" in arguments:
            recorder = Recorder(**arguments.pop("recorder"))
            arguments["callbacks"], events = [recorder], recorder.events
        if method in ("fit", "evaluate", "predict"):
            arguments["verbose"] = 0
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            value = getattr(self.model, method)(**self.resolve(arguments))
        return value, [str(warning.message) for warning in caught], events

    def resolve(self, value):
        """Arrays and objects in the place of what stands for them."""
        if isinstance(value, str) and value.startswith("@"):
            return self._part(value)
        if isinstance(value, dict) and "object" in value:
            return self._object(value)
        if isinstance(value, dict):
            return {int(k) if k.isdigit() else k: self.resolve(v) for k, v in value.items()}
        return [self.resolve(item) for item in value] if isinstance(value, list) else value

    def _part(self, text):
        name, _, rows = text[1:].partition("[")
        if not rows:
            return self.arrays[name]
        start, stop = (int(number) if number else None for number in rows[:-1].split(":"))
        return self.arrays[name][start:stop]

    def _object(self, described):
        key = described.get("key")
        if key in self.objects:
            return self.objects[key]
        module, name, arguments = described["object"]
        made = Penalty if name == "Penalty" else getattr(getattr(kerasette, module), name)
        made = made(**self.resolve(arguments))
        if key is not None:
            self.objects[key] = made
        return made
