"""The base of initializers."""


class Initializer:
    """A function of a shape that gives the first value of a weight.

    Subclasses define ``__call__(shape, dtype=None)``, and `get_config` if their constructor takes
    arguments.
    """

    def __call__(self, shape, dtype=None):
        """A tensor of `shape`.

        Parameters
        ----------
        shape : tuple of int
        dtype : str, optional
            ``floatx()`` by default.
        """
        raise NotImplementedError(f"{type(self).__name__} must implement `__call__()`.")

    def get_config(self):
        """The arguments that make such an initializer."""
        return {}

    @classmethod
    def from_config(cls, config):
        """The initializer that `get_config` has described."""
        return cls(**config)

    def clone(self):
        """Another one made from the same arguments; without a seed it draws other numbers."""
        return type(self).from_config(self.get_config())
