"""What the public names of a library promise, as plain data, and how two such promises differ.

Parameters are a list of texts in the order of the signature: "x", "/", "*", "axis=-1", "*args",
"**kwargs". A function is `{"parameters": [...]}`. A class has also `members`: for a method its
parameters, "method" for an operator, "value" for what can be read, "settable" for what can be
assigned, too.
"""

import importlib
import inspect

# Special methods that belong to what a class promises.
OPERATORS = frozenset(
    """
    __abs__ __add__ __and__ __array__ __bool__ __contains__ __eq__ __float__ __floordiv__ __ge__
    __getitem__ __gt__ __index__ __int__ __invert__ __iter__ __le__ __len__ __lt__ __matmul__
    __mod__ __mul__ __ne__ __neg__ __or__ __pos__ __pow__ __radd__ __rand__ __rfloordiv__
    __rmatmul__ __rmod__ __rmul__ __ror__ __round__ __rpow__ __rsub__ __rtruediv__ __rxor__
    __sub__ __truediv__ __xor__
    """.split()
)

NOTHING = object()


# ---- where names stand --------------------------------------------------------


def module_of(library, path):
    """The module at a path such as "optimizers.schedules", or None."""
    try:
        return importlib.import_module(f"{library.__name__}.{path}".rstrip("."))
    except ModuleNotFoundError:
        return None


def find(library, name):
    """What stands under a name such as "layers.Dense", or NOTHING."""
    path, _, last = name.rpartition(".")
    return getattr(module_of(library, path), last, NOTHING)


def public_names(library, path):
    """Names in a module, as "layers.Dense"."""
    module = module_of(library, path)
    names = [name for name in dir(module) if not name.startswith("_")]
    return [f"{path}.{name}".lstrip(".") for name in names]


# ---- what they promise --------------------------------------------------------


def describe(value, instance=NOTHING):
    """The promise of a function or class; attributes are those that `instance` has, too."""
    if inspect.isclass(value):
        members = {**attributes_of(instance), **members_of(value, instance)}
        return {"parameters": parameters_of_class(value), "members": dict(sorted(members.items()))}
    return {"parameters": parameters_of(value)}


def parameters_of_class(cls):
    if inspect.isfunction(cls.__init__):
        return parameters_of(cls.__init__)[1:]
    # The constructor of an extension type; Cython writes how it is called into the docstring.
    call = (cls.__doc__ or "").partition("\n")[0].partition("(")[2].rstrip(")")
    return parameters_of(eval(f"lambda {call}: None"))


def parameters_of(function):
    """The parameters of a function as texts; [] with a note if they are not known."""
    try:
        given = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return ["(unknown)"]
    texts = []
    for p, following in zip(given, [*given[1:], None]):
        if p.kind is p.VAR_POSITIONAL:
            texts.append(f"*{p.name}")
        elif p.kind is p.VAR_KEYWORD:
            texts.append(f"**{p.name}")
        else:
            if p.kind is p.KEYWORD_ONLY and not any(text[0] == "*" for text in texts):
                texts.append("*")
            texts.append(p.name if p.default is p.empty else f"{p.name}={text_of(p.default)}")
        if p.kind is p.POSITIONAL_ONLY and getattr(following, "kind", None) is not p.kind:
            texts.append("/")
    return texts


def text_of(value):
    """A default as text; a function or class by its name, which both libraries share."""
    if value is None or isinstance(value, bool | int | float | str | tuple | list | dict):
        return repr(value)
    return f"<{getattr(value, '__name__', type(value).__name__)}>"


def attributes_of(instance):
    """What was set in an instance."""
    names = getattr(instance, "__dict__", ())
    return {name: "settable" for name in names if not name.startswith("_")}


def members_of(cls, instance=NOTHING):
    """Public methods, properties and attributes of a class."""
    members = {}
    for name in dir(cls):
        if name.startswith("_") and name != "__call__" and name not in OPERATORS:
            continue
        if not hasattr(cls, name):  # a method that says that it is not here
            continue
        owner = next(base for base in cls.__mro__ if name in base.__dict__)
        if name in OPERATORS and is_own(owner):
            members[name] = "method"
        elif is_own(owner):
            members[name] = kind_of(owner.__dict__[name], name, instance)
    return members


def is_own(cls):
    """Whether a class is of Keras or kerasette, and not of what is below, as torch.nn.Module."""
    library = cls.__module__.split(".")[0]
    return library in ("keras", "kerasette") and "backend.torch" not in cls.__module__


def kind_of(member, name, instance):
    """Parameters of a method; "value" or "settable" for everything else."""
    if isinstance(member, staticmethod):
        return parameters_of(member.__func__)
    if isinstance(member, classmethod):
        return parameters_of(member.__func__)[1:]
    if inspect.isroutine(member):
        return parameters_of(member)[1:]
    if isinstance(member, property) and member.fset is None:
        return "value"
    return "settable" if is_settable(member, name, instance) else "value"


def is_settable(member, name, instance):
    """Whether what can be read can be assigned; some have a setter that raises."""
    if instance is NOTHING or not inspect.isdatadescriptor(member):
        return True
    try:
        value = getattr(instance, name)
    except Exception:
        return True
    try:
        setattr(instance, name, value)
    except AttributeError:
        return False
    return True


# ---- how they differ ----------------------------------------------------------


def differences(theirs, ours):
    """What is promised there and not here: pairs of the place, as ".fit(epochs)", and words."""
    yield from _differences_of_parameters(theirs["parameters"], ours["parameters"])
    for name, member in theirs.get("members", {}).items():
        mine = ours.get("members", {}).get(name)
        if mine is None:
            yield f".{name}", "is missing"
        elif isinstance(member, list) and isinstance(mine, list):
            for place, words in _differences_of_parameters(member, mine):
                yield f".{name}{place}", words
        elif isinstance(member, list) != isinstance(mine, list):
            yield f".{name}", f"is {mine} instead of {member}"
        elif (member, mine) == ("settable", "value"):
            yield f".{name}", "cannot be assigned"


def _differences_of_parameters(theirs, ours):
    wanted, present = _by_name(theirs), _by_name(ours)
    for name, (kind, text) in wanted.items():
        if name not in present:
            yield f"({name})", "is missing"
        elif present[name] != (kind, text):
            mine = " ".join(present[name])
            yield f"({name})", f"is {mine} instead of {kind} {text}"
    for name in present:
        if name not in wanted:
            yield f"({name})", "is none of Keras's parameters"
    order = [name for name in wanted if name in present and wanted[name][0] == "positional"]
    mine = [name for name in present if name in order]
    if mine != order:
        yield "(order)", f"is {', '.join(mine)} instead of {', '.join(order)}"


def _by_name(texts):
    """Kind and text of each parameter by its name."""
    found, kind = {}, "positional"
    for text in texts:
        if text == "/":
            found = {name: ("positional-only", text) for name, (_, text) in found.items()}
        elif text.startswith("**") or (text[0] == "*" and text != "*"):
            found[text.split("=")[0]] = ("variadic", text)
        else:
            if text != "*":
                found[text.split("=")[0]] = (kind, text)
        if text[0] == "*" and not text.startswith("**"):
            kind = "keyword-only"
    return found
