"""Prints what a large data frame takes; asserts only that it works."""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

import pytest
from conftest import outcomes

import routellm


def test_hundred_thousand_rows(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    df = outcomes(100_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.monotonic()
    result = routellm.eval(df, strong="big", weak="small", scores="guess", resamples=200)
    took = time.monotonic() - start
    assert result.json["benchmarks"][0]["samples"] == 100_000
    scale = 1 if sys.platform == "darwin" else 1024
    mine = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * scale / 1e6
    program = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * scale / 1e6
    with capsys.disabled():
        print(f"\n100,000 rows: {took:.1f} s; peak memory: Python {mine:.0f} MB more, program {program:.0f} MB")
