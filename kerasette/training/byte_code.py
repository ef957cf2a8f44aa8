"""Which global names a function reads, as its byte code says."""

import opcode
import sys
from types import CodeType

_GLOBALS = {
    # How the argument of each instruction is to be shifted to be the number of a name.
    opcode.opmap[name]: shift
    for name, shift in {"LOAD_GLOBAL": 1, "LOAD_NAME": 0, "LOAD_FROM_DICT_OR_GLOBALS": 0}.items()
    if name in opcode.opmap
}
_ATTRIBUTES = {
    opcode.opmap[name]: shift
    for name, shift in {"LOAD_ATTR": sys.version_info >= (3, 12), "LOAD_METHOD": 0}.items()
    if name in opcode.opmap
}
_EXTENDED = opcode.opmap["EXTENDED_ARG"]
_IMPORT = opcode.opmap["IMPORT_NAME"]
_STORES = {opcode.opmap["STORE_GLOBAL"], opcode.opmap["DELETE_GLOBAL"]}


def global_chains(code):
    """Global names that are read, each with the attributes that are read of it at once.

    Parameters
    ----------
    code : CodeType

    Returns
    -------
    set of tuple of str

    Examples
    --------
    >>> def scaled(x):
    ...     return np.random.rand() * x.size
    >>> global_chains(scaled.__code__)
    {('np', 'random', 'rand')}
    """
    chains, chain = set(), None
    for instruction, argument in _instructions(code.co_code):
        if chain is not None and instruction in _ATTRIBUTES:
            chain = (*chain, code.co_names[argument >> _ATTRIBUTES[instruction]])
            continue
        if chain is not None:
            chains.add(chain)
        chain = None
        if instruction in _GLOBALS:
            chain = (code.co_names[argument >> _GLOBALS[instruction]],)
    return chains


def _instructions(octets):
    """Numbers of instructions with their arguments; room for caches is left out."""
    high = 0
    for instruction, low in zip(octets[::2], octets[1::2]):
        argument = high | low
        high = argument << 8 if instruction == _EXTENDED else 0
        if instruction != _EXTENDED and opcode.opname[instruction] != "CACHE":
            yield instruction, argument


def imports(code):
    """Whether an ``import`` is run."""
    return _IMPORT in code.co_code[::2]


def assigns_globals(code):
    """Whether a ``global`` name is set or deleted."""
    return not _STORES.isdisjoint(code.co_code[::2])


def inner_codes(code):
    """The code of functions, classes and comprehensions that are written within."""
    return [constant for constant in code.co_consts if isinstance(constant, CodeType)]
