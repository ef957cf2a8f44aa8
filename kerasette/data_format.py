"""Where images have their channels."""

from kerasette import config


def standardize_data_format(data_format):
    """`data_format` in small letters, or what is configured if it is None.

    Raises
    ------
    ValueError
        If it is neither ``"channels_last"`` nor ``"channels_first"``.
    """
    if data_format is None:
        return config.image_data_format()
    name = str(data_format).lower()
    if name not in ("channels_first", "channels_last"):
        raise ValueError(
            "The `data_format` argument must be one of {'channels_first', 'channels_last'}. "
            f"Received: data_format={data_format}"
        )
    return name
