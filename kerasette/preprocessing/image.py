"""Where Keras has functions for pictures from of old; they stand in `kerasette.utils` as well."""

from kerasette.lazy import getattr_of
from kerasette.utils import array_to_img, img_to_array, load_img, save_img

__all__ = ["array_to_img", "img_to_array", "load_img", "save_img"]

__getattr__ = getattr_of(__name__)
