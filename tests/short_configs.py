"""Configs in golden files, in which what stands in most of them is abbreviated."""


def resolved(value, short):
    """A config in full.

    Parameters
    ----------
    value : object
        With names of `short` in the place of what they stand for, and symbolic tensors as lists.
    short : dict of str to object
    """
    if isinstance(value, str):
        return short.get(value, value)
    if isinstance(value, dict):
        return {key: resolved(item, short) for key, item in value.items()}
    if not isinstance(value, list):
        return value
    if value[:1] == ["<tensor>"]:
        config = dict(zip(("shape", "dtype", "keras_history"), value[1:], strict=True))
        return {"class_name": "__keras_tensor__", "config": config}
    return [resolved(item, short) for item in value]
