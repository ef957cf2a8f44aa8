"""What the layers that prepare and augment images have in common."""

from kerasette import ops
from kerasette.config import standardize_data_format
from kerasette.layers.call import context
from kerasette.layers.data_layer import DataLayer
from kerasette.layers.layer import Layer
from kerasette.random import SeedGenerator

NOT_SUPPORTED = ("bounding_boxes", "segmentation_masks")


class ImageLayer(DataLayer):
    """Base of the layers for images: single ones, of three axes, and batches of them.

    A dict with ``"images"`` and, say, ``"labels"`` may be given as well, and comes back with the
    images changed. Subclasses define ``changed(images, training)``.

    Parameters
    ----------
    data_format : {"channels_last", "channels_first"}, optional
    bounding_box_format : None
        Nothing else is supported.
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        For a data format that is not known, or a format of bounding boxes.
    """

    def __init__(self, data_format=None, bounding_box_format=None, **kwargs):
        super().__init__(**kwargs)
        if bounding_box_format is not None:
            raise ValueError(
                "Bounding boxes are not supported. "
                f"Received: bounding_box_format={bounding_box_format}"
            )
        self.data_format = standardize_data_format(data_format)
        self.built = True

    @property
    def _rows(self):
        """The axis of the rows, from the end; that of the columns is the next."""
        return -3 if self.data_format == "channels_last" else -2

    def __call__(self, inputs, **kwargs):
        """Calls the layer on images, or on a dict with them."""
        if kwargs.get("training", True) is None and context.training is None:
            kwargs["training"] = False
        if not isinstance(inputs, dict):
            return super().__call__(inputs, **kwargs)
        self._check_keys(inputs)
        tensors = {key: ops.convert_to_tensor(value) for key, value in inputs.items()}
        return Layer.__call__(self, tensors, **kwargs)

    def _check_keys(self, data):
        unsupported = [key for key in NOT_SUPPORTED if key in data]
        if unsupported or "images" not in data:
            raise ValueError(
                f"{type(self).__name__} takes a dict with 'images' and, if need be, 'labels'. "
                "Bounding boxes and segmentation masks are not supported. "
                f"Received: keys={list(data)}"
            )

    def call(self, data, training=True):
        """The images, changed."""
        images = data["images"] if isinstance(data, dict) else data
        if len(images.shape) not in (3, 4):
            raise ValueError(
                "Expected image tensor to have rank 3 (single image) or 4 (batch of images). "
                f"Received: data.shape={images.shape}"
            )
        images = self.changed(images, training)
        return {**data, "images": images} if isinstance(data, dict) else images

    def compute_output_shape(self, input_shape):
        """The input's shape."""
        return input_shape

    def get_config(self):
        """The arguments that make such a layer."""
        return {**super().get_config(), "data_format": self.data_format}


class RandomImageLayer(ImageLayer):
    """Base of the layers that draw what they do.

    Subclasses define ``get_random_transformation(data, training, seed)``, and
    ``transformed(images, transformation)`` for a batch.

    Parameters
    ----------
    seed : int, optional
    **kwargs
        Of `ImageLayer`.
    """

    def __init__(self, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.seed = seed
        self.generator = SeedGenerator(seed)

    def changed(self, images, training):
        """Images after a transformation that is drawn."""
        transformation = self.get_random_transformation(images, training=training)
        return self.transform_images(images, transformation, training=training)

    def transform_images(self, images, transformation, training=True):
        """Images after a transformation; as they are, but of the layer's dtype, if there is none.

        Parameters
        ----------
        images : Tensor of shape (batch, height, width, channels) or (height, width, channels)
            With the channels before height and width if `data_format` says so.
        transformation
            What `get_random_transformation` has returned for as many images.
        training : bool
            Whether anything is done at all.
        """
        images = ops.cast(ops.convert_to_tensor(images), self.compute_dtype)
        if not training or transformation is None:
            return images
        if len(images.shape) == 4:
            return self.transformed(images, transformation)
        return ops.squeeze(self.transformed(ops.expand_dims(images, 0), transformation), 0)

    def _shape_of(self, data):
        return tuple((data["images"] if isinstance(data, dict) else data).shape)

    def _seed_for(self, seed):
        return self.generator if seed is None else seed

    def get_config(self):
        """The arguments that make such a layer."""
        return {**super().get_config(), "seed": self.seed}


def rounded(images, dtype):
    """Images in a dtype: those that have another one are rounded to integers."""
    if images.dtype == dtype:
        return images
    return ops.saturate_cast(ops.round(images), dtype)


class TargetSize:
    """The part of the layers whose images have a size that is given.

    Parameters
    ----------
    height, width : int

    Raises
    ------
    ValueError
        If they are not positive integers.
    """

    def __init__(self, height, width, **kwargs):
        super().__init__(**kwargs)
        for size in (height, width):
            if isinstance(size, bool) or not hasattr(size, "__index__") or size < 1:
                raise ValueError(
                    "`height` and `width` must be positive integers. "
                    f"Received: height={height}, width={width}"
                )
        self.height = height
        self.width = width

    def compute_output_shape(self, input_shape):
        """The input's shape with another height and width."""
        sizes = list(input_shape)
        if len(sizes) not in (3, 4) or isinstance(sizes[0], (list, tuple)):
            raise ValueError(
                "`input_shape` must be a non-nested tuple or list of rank-1 with size 3 "
                f"(unbatched) or 4 (batched). Received: input_shape={input_shape}"
            )
        sizes[self._rows] = self.height
        sizes[self._rows + 1] = self.width
        return tuple(sizes)

    def get_config(self):
        """The arguments that make such a layer."""
        return {**super().get_config(), "height": self.height, "width": self.width}
