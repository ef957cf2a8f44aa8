"""What tests of models share."""

import pytest

import kerasette


@pytest.fixture
def eager(monkeypatch):
    """A function after whose call every step runs eagerly."""

    def switch():
        monkeypatch.setattr(kerasette.training.programs.ProgramPool, "is_replayable", never)

    def never(self, key):
        return False

    return switch
