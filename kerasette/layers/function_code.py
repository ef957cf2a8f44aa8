"""Lambdas as they stand in configs: their code, as Keras writes it."""

import base64
import builtins
import marshal
import types

from kerasette.plain import from_plain, to_plain


def dump_lambda(function):
    """The dict that stands for a lambda: code, defaults and what it takes from around it."""
    cells = function.__closure__
    return {
        "class_name": "__lambda__",
        "config": {
            "code": base64.encodebytes(marshal.dumps(function.__code__)).decode("ascii"),
            "defaults": to_plain(function.__defaults__),
            "closure": to_plain([cell.cell_contents for cell in cells]) if cells else None,
        },
    }


def load_lambda(config):
    """The function that `dump_lambda` has described.

    It is made of code of the same version of Python, and knows no global names but the built-in.
    """
    config = config["config"]
    code = marshal.loads(base64.decodebytes(config["code"].encode("ascii")))
    defaults = from_plain(config["defaults"])
    cells = from_plain(config["closure"])
    return types.FunctionType(
        code,
        # A module of its own: its code is not ours.
        {"__name__": "__lambda__", "__builtins__": builtins},
        code.co_name,
        None if defaults is None else tuple(defaults),
        None if cells is None else tuple(types.CellType(value) for value in cells),
    )
