"""What a user may write in place of an object: a name, a config, a class, the object itself."""

import inspect

from kerasette.saving.deserialization import deserialize_keras_object


def lookup(identifier, known, kind, custom_objects=None):
    """The object that `identifier` means.

    Parameters
    ----------
    identifier : str, dict, callable or class
        A key of `known`; a dict with ``"class_name"`` and ``"config"``; or what is returned as it
        is, classes after calling them.
    known : mapping of str to class or function
    kind : str
        For the message.
    custom_objects : dict of str to class or function, optional
        What comes before `known`; so does what is registered.

    Raises
    ------
    TypeError
        For a config of a class of the user's that is not known.
    ValueError
        If it is none of these.
    """
    found = identifier
    if isinstance(identifier, (str, dict)):
        found = deserialize_keras_object(identifier, custom_objects, module_objects=known)
    if not callable(found):
        raise ValueError(
            f"Could not interpret {kind} identifier: {identifier}. "
            f"Known are: {', '.join(sorted(known))}."
        )
    return found() if inspect.isclass(found) else found
