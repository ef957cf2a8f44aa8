"""What docs/text.md says: its code runs."""

from pathlib import Path

from pages import run_code

PAGE = Path(__file__).resolve().parents[2] / "docs" / "text.md"


def test_its_code_runs(capsys):
    assert run_code(PAGE) > 3
    assert "[('" in capsys.readouterr().out
