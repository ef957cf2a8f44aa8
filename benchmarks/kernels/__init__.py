"""Single kernels and steps, against the slower way of doing the same."""
