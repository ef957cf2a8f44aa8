"""Where Keras has `pad_sequences` from of old; it stands in `kerasette.utils` as well."""

from kerasette.utils import pad_sequences

__all__ = ["pad_sequences"]
