"""Which target, weight, loss or metric belongs to which output of a model.

Outputs are counted as `tree.flatten` meets them. What belongs to them comes in some structure of
its own: like that of the outputs, as a flat list, or as a dict by name.
"""

from kerasette import tree


def is_parts(given):
    """Whether a value is a list, tuple or dict of losses or metrics; a config of one is none."""
    return tree.is_nested(given) and not (isinstance(given, dict) and "class_name" in given)


def map_parts(function, given):
    """The structure of what a function makes of each loss or metric in a structure."""
    if not is_parts(given):
        return function(given)
    if isinstance(given, dict):
        return {key: map_parts(function, item) for key, item in given.items()}
    return [map_parts(function, item) for item in given]


def is_list_of_one(given):
    """Whether a value is a list or tuple around a single one that is no structure itself."""
    return isinstance(given, (list, tuple)) and len(given) == 1 and not tree.is_nested(given[0])


class Outputs:
    """The outputs of a model: where each stands in their structure, and what it is called.

    Parameters
    ----------
    y_pred : structure
        Of tensors, or of anything else in their places.
    names : list of str, optional
        Of the outputs, in their order.
    """

    def __init__(self, y_pred, names=None):
        found = tree.flatten_with_path(y_pred)
        self.structure = y_pred
        self.paths = [path for path, _ in found]
        self.tensors = [tensor for _, tensor in found]
        self.names = list(names) if names and len(names) == len(found) else None

    def __len__(self):
        return len(self.paths)

    @property
    def is_flat(self):
        """Whether they stand in one list, tuple or dict."""
        return all(len(path) == 1 for path in self.paths)

    @property
    def keys(self):
        """What a flat dict calls them: keys of theirs, or else names; None if there are none."""
        if self.is_flat and isinstance(self.structure, dict):
            return [path[0] for path in self.paths]
        return self.names

    def label(self, number):
        """How messages call an output: nothing if it is the only one."""
        if len(self) == 1:
            return ""
        keys = self.keys
        where = keys[number] if keys else "/".join(map(str, self.paths[number]))
        return f" of output '{where}'"

    def shape(self, number):
        """Shape of an output.

        Raises
        ------
        ValueError
            If it is no tensor.
        """
        output = self.tensors[number]
        if not hasattr(output, "shape"):
            raise ValueError(
                "`call()` must return tensors, to be compared with targets. It returned "
                f"{output!r} of type {type(output)}."
            )
        return output.shape

    # ---- losses, weights of losses ---------------------------------------------------

    def spread(self, given, argument):
        """What `given` has for each output.

        Parameters
        ----------
        given : structure
            One value for all outputs; or a list or dict of values, None for none.
        argument : str
            Its name, for messages.

        Returns
        -------
        dict
            By number of the output, in the order of `given`; without those that have None.

        Raises
        ------
        KeyError
            For a key in a dict that the outputs do not have.
        ValueError
            If the structures do not match in another way.
        """
        if given is None:
            return {}
        if not tree.is_nested(given):
            numbers = {path: number for number, path in enumerate(self.paths)}
            return {numbers[path]: given for path in _paths_in_own_order(self.structure)}
        numbers = tree.pack_sequence_as(self.structure, list(range(len(self))))
        if isinstance(given, dict) and not isinstance(self.structure, dict):
            given = self._by_name(given, argument)
        found = {}
        self._spread_over(numbers, given, argument, (), found)
        return found

    def _by_name(self, given, argument):
        """A dict by name as a list in the order of the outputs."""
        if self.names is None:
            if len(self) == len(given) == 1:
                return list(given.values())
            raise ValueError(
                f"`{argument}` is a dict, but the {len(self)} outputs of the model have no names: "
                f"pass a list, or return a dict from `call()`. Received: {argument}={given}"
            )
        if set(self.names) != set(given):
            raise ValueError(
                f"Expected keys {self.names} in {argument} dict, but found "
                f"{argument}.keys()={list(given)}"
            )
        return [given[name] for name in self.names]

    def _spread_over(self, numbers, given, argument, path, found):
        places = tree.flatten(numbers)
        if given is None:
            return
        is_list = isinstance(given, (list, tuple))
        if is_list and len(given) == len(places) and not any(map(tree.is_nested, given)):
            found.update((n, item) for n, item in zip(places, given) if item is not None)
        elif not tree.is_nested(given) and not tree.is_nested(numbers):
            found[numbers] = given
        elif isinstance(given, dict) and isinstance(numbers, dict):
            for key, item in given.items():
                inner = (*path, key)
                if item is not None and key not in numbers:
                    raise KeyError(
                        f"The path: {inner} in the `{argument}` argument, can't be found in the "
                        f"model's output (`y_pred`), which has the keys {list(numbers)}."
                    )
                self._spread_over(numbers.get(key), item, argument, inner, found)
        elif is_list and isinstance(numbers, (list, tuple)) and len(given) == len(numbers):
            for index, item in enumerate(given):
                self._spread_over(numbers[index], item, argument, (*path, index), found)
        else:
            self._raise_for_form(given, argument)

    def _raise_for_form(self, given, argument):
        if len(self) == 1 and isinstance(given, (list, tuple)):
            raise ValueError(
                f"The model has one output, and `{argument}` holds {len(given)} entries. "
                f"Received: {argument}={given}"
            )
        raise ValueError(
            f"`{argument}` must be a single one, or match the structure of the model's outputs: "
            f"{_form(self.structure)}, with None for an output that has none. "
            f"Received: {argument}={given}"
        )

    # ---- targets, sample weights -----------------------------------------------------

    def targets(self, y, with_loss=()):
        """The target of each output, None where there is none.

        Parameters
        ----------
        y : structure
            Like that of the outputs, lists and tuples being the same; or a flat list; or a dict by
            name; or the same with targets for those outputs only that have a loss.
        with_loss : collection of int
            Numbers of the outputs that have a loss.

        Raises
        ------
        ValueError
            If the structures do not match.
        """
        found = self._all_targets(y)
        if found is None:
            found = self._partial_targets(y, sorted(with_loss))
        if found is None:
            raise ValueError(
                "y_true and y_pred have different structures.\n"
                f"y_true: {_form(y)}\ny_pred: {_form(self.structure)}\n"
            )
        return found

    def _all_targets(self, y):
        flat = tree.flatten(y)
        if len(flat) != len(self):
            return None
        if _same_form(y, self.structure):
            return flat
        if isinstance(y, dict):
            is_named = self.names is not None and set(y) == set(self.names)
            if isinstance(self.structure, dict) or not (is_named or self._is_single_unnamed()):
                return None
            return [y[name] for name in self.names] if is_named else flat
        is_flat_list = not tree.is_nested(y) or not any(map(tree.is_nested, y))
        return flat if is_flat_list else None

    def _is_single_unnamed(self):
        return self.names is None and len(self) == 1

    def _partial_targets(self, y, numbers):
        flat = tree.flatten(y)
        if len(flat) != len(numbers) or len(flat) == len(self):
            return None
        if isinstance(y, dict):
            keys = self.keys
            if keys is None or set(y) != {keys[number] for number in numbers}:
                return None
            by_number = {number: y[keys[number]] for number in numbers}
        else:
            by_number = dict(zip(numbers, flat))
        return [by_number.get(number) for number in range(len(self))]

    def weights(self, sample_weight, y, with_loss=()):
        """The sample weights of each output, None where there are none.

        Parameters
        ----------
        sample_weight : structure
            One for all outputs, alone or in a list; or a structure like that of `y`.
        y, with_loss
            As for `targets`.

        Raises
        ------
        ValueError
            If the structures do not match.
        """
        if is_list_of_one(sample_weight) and not tree.is_nested(y):
            (sample_weight,) = sample_weight
        if not tree.is_nested(sample_weight):
            return [sample_weight] * len(self)
        if y is not None and not _same_form(sample_weight, y):
            raise ValueError(
                "You should provide one `sample_weight` array per output in `y`. The two "
                f"structures did not match:\n- y: {_form(y)}\n"
                f"- sample_weight: {_form(sample_weight)}\n"
            )
        return self.targets(sample_weight, with_loss)


def _paths_in_own_order(structure):
    """Keys and indices that lead to values, dicts in the order in which they were filled."""
    if not tree.is_nested(structure):
        return [()]
    items = structure.items() if isinstance(structure, dict) else enumerate(structure)
    return [(key, *path) for key, item in items for path in _paths_in_own_order(item)]


def _same_form(a, b):
    """Whether two structures differ in nothing but lists for tuples."""
    try:
        tree.assert_same_structure(tree.lists_to_tuples(a), tree.lists_to_tuples(b))
    except ValueError:
        return False
    return True


def _form(structure):
    return tree.map_structure(lambda _: "*", structure)
