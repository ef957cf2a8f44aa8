"""Tools to test layers, losses and ops with: users write them too."""

from kerasette.testing.gradients import check_gradients, numerical_gradient

__all__ = ["check_gradients", "numerical_gradient"]
