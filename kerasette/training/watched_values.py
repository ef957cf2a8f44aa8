"""Values that code of a user has read, each with the place where it was found."""

_MISSING = object()


class WatchedValues:
    """What was found where, so that it can be asked whether it is still there."""

    def __init__(self):
        # (namespace, name, value), (cell, value), (container, copy of its items), (array, what it
        # holds), (function, what it consists of), and (object, its class).
        self._names = []
        self._cells = []
        self._items = []
        self._arrays = []
        self._functions = []
        self._classes = []

    def add_name(self, space, name):
        """Watches a name in a dict or class; returns whether it is there, and its value."""
        value = space.get(name, _MISSING)
        self._names.append((space, name, value))
        return value is not _MISSING, None if value is _MISSING else value

    def add_cell(self, cell):
        """Watches a variable of an enclosing function; returns its value, None if it has none."""
        value = _contents(cell)
        self._cells.append((cell, value))
        return None if value is _MISSING else value

    def add_items(self, container):
        """Watches what a list, dict or set holds."""
        self._items.append((container, items_of(container)))

    def add_array(self, array):
        """Watches the numbers of an array."""
        self._arrays.append((array, _content(array)))

    def add_function(self, function):
        """Watches what a function consists of: it may be redefined in place."""
        self._functions.append((function, parts_of(function)))

    def add_class(self, value):
        """Watches of what class a value is."""
        self._classes.append((value, type(value)))

    def have_moved(self):
        """Whether something is not as it was."""
        return not (
            all(space.get(name, _MISSING) is value for space, name, value in self._names)
            and all(_contents(cell) is value for cell, value in self._cells)
            and all(_are_same(items_of(box), items) for box, items in self._items)
            and all(_content(array) == content for array, content in self._arrays)
            and all(_are_same(parts_of(f), parts) for f, parts in self._functions)
            and all(type(value) is cls for value, cls in self._classes)
        )


def items_of(container):
    """The items of a list or tuple, or keys and values of a dict."""
    if isinstance(container, dict):
        return [*container.keys(), *container.values()]
    return list(container)


def parts_of(function):
    """What a function consists of, and what was set on it."""
    own = function.__dict__
    parts = (function.__code__, function.__defaults__, function.__kwdefaults__)
    return (*parts, *own.keys(), *own.values()) if own else parts


def _content(array):
    return array.shape, array.dtype, array.tobytes()


def _contents(cell):
    try:
        return cell.cell_contents
    except ValueError:
        # Not yet assigned.
        return _MISSING


def _are_same(items, known):
    return len(items) == len(known) and all(a is b for a, b in zip(items, known))
