"""Runs the Python of docs/python.md and of README.md, and compares what it prints with what they show.

ROUTELLM_UPDATE=1 writes the output into the page.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
BLOCK = re.compile(r"```python\n(.*?)```\n(?:\n```text\n(.*?)```\n)?", re.DOTALL)


def test_the_page_shows_what_its_python_prints(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = ROOT / "docs" / "python.md"
    shutil.copytree(ROOT / "examples", work / "examples")
    monkeypatch.setenv("COLUMNS", "80")
    text = page.read_text("utf-8")
    scope: dict[str, object] = {"__name__": "page"}

    def rerun(block: re.Match[str]) -> str:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(block[1], f"{page}", "exec"), scope)
        if block[2] is None:
            assert not printed.getvalue(), block[1]
            return block[0]
        lines = "\n".join(line.rstrip() for line in printed.getvalue().splitlines())
        return f"```python\n{block[1]}```\n\n```text\n{lines}\n```\n"

    got, count = BLOCK.subn(rerun, text)
    assert count >= 8
    if os.environ.get("ROUTELLM_UPDATE") == "1":
        page.write_text(got, "utf-8")
    else:
        assert got == text
