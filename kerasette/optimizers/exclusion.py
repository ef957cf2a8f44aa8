"""Which variables have no weight decay."""

import re


class Exclusion:
    """Variables that are excluded from something, one by one or by name.

    Parameters
    ----------
    variables : list of Variable, optional
    names : list of str, optional
        Regular expressions, looked for in the variables' names.
    """

    def __init__(self, variables=None, names=None):
        self.variables = list(variables or [])
        self.pattern = re.compile("|".join(names)) if names else None

    def covers(self, variable):
        """Whether a variable is excluded."""
        if any(variable is excluded for excluded in self.variables):
            return True
        return self.pattern is not None and self.pattern.search(variable.name) is not None
