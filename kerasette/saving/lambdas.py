"""The code of lambdas as it stands in configs."""

import builtins
import marshal
import types


def dump_code(function):
    """Code of a function as text, its defaults, and what it takes from around it, or None each."""
    # Rare, and not free to import.
    import base64

    cells = function.__closure__
    code = base64.encodebytes(marshal.dumps(function.__code__)).decode("ascii")
    closure = tuple(cell.cell_contents for cell in cells) if cells else None
    return code, function.__defaults__, closure


def load_code(code, defaults=None, closure=None):
    """The function that `dump_code` has described.

    It is made of code of the same version of Python, and knows no global names but the built-in.
    """
    import base64

    code = marshal.loads(base64.decodebytes(code.encode("ascii")))
    return types.FunctionType(
        code,
        # A module of its own: its code is not ours.
        {"__name__": "__lambda__", "__builtins__": builtins},
        code.co_name,
        None if defaults is None else tuple(defaults),
        None if closure is None else tuple(types.CellType(value) for value in closure),
    )


def is_lambda(value):
    """Whether a value is a lambda, which has no name to be found by."""
    return isinstance(value, types.FunctionType) and value.__name__ == "<lambda>"


def check_is_trusted(safe_mode, kind):
    """Raises for code in a config, in something of a kind, if `safe_mode` is on.

    Raises
    ------
    ValueError
    """
    if safe_mode:
        raise ValueError(
            f"Requested the deserialization of a {kind}. Its code, which is in the config, could "
            "do anything: it carries a potential risk of arbitrary code execution and is "
            "disallowed by default. If you trust where it comes from, pass `safe_mode=False` to "
            "the loading function, or call "
            "`kerasette.config.enable_unsafe_deserialization()`."
        )
