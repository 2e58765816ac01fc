"""The wheel holds the program, has a version from git, and is refused with a reason where it cannot be built."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

import routellm

PROJECT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", PROJECT / "hatch_build.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Copies the project to another folder, so that what is built here stays."""
    ignore = shutil.ignore_patterns("bin", "__pycache__", "dist", ".*_cache")
    shutil.copytree(PROJECT, tmp_path / "clone" / "python", ignore=ignore)
    for name in ("LICENSE", "NOTICE"):
        shutil.copy(PROJECT.parent / name, tmp_path / "clone")
    return tmp_path / "clone" / "python"


def build(project: Path, target: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Builds as pip does, without network: hatchling is here."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(project / "dist")]
    clean = {k: v for k, v in os.environ.items() if k not in ("ROUTELLM_BINARY", "ROUTELLM_VERSION")}
    return subprocess.run(command, cwd=project, env={**clean, **env}, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("described", "want"),
    [
        ("v1.2.3", "1.2.3"),
        ("v1.2.3-dirty", "1.2.3+dirty"),
        ("v1.2.3-4-g0123abc", "1.2.3.post4+g0123abc"),
        ("v1.2.3-4-g0123abc-dirty", "1.2.3.post4+g0123abc.dirty"),
        ("v1.2.3-rc.1", "1.2.3rc1"),
        ("v2.0.0-beta2-7-g0123abc", "2.0.0b2.post7+g0123abc"),
        ("0123abc", "0.0.0+g0123abc"),
        ("0123456", "0.0.0+g0123456"),
        ("0123abc-dirty", "0.0.0+g0123abc.dirty"),
        ("", "0.0.0"),
        ("devel", "0.0.0"),
    ],
)
def test_versions_are_those_of_git(hook: ModuleType, described: str, want: str) -> None:
    assert hook.python_version(described) == want


@pytest.mark.parametrize(
    ("system", "architecture", "tag", "program"),
    [
        ("linux", "arm64", "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64", "routellm"),
        ("darwin", "arm64", "macosx_12_0_arm64", "routellm"),
        ("windows", "amd64", "win_amd64", "routellm.exe"),
    ],
)
def test_wheels_for_other_platforms(copy: Path, system: str, architecture: str, tag: str, program: str) -> None:
    (copy / "built").write_text("not a real program")
    env = {"GOOS": system, "GOARCH": architecture, "ROUTELLM_BINARY": str(copy / "built"), "ROUTELLM_VERSION": "v1.2.3"}
    built = build(copy, "wheel", **env)
    assert built.returncode == 0, built.stderr
    [wheel] = (copy / "dist").iterdir()
    assert wheel.name == f"routellm-1.2.3-py3-none-{tag}.whl"
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        assert archive.getinfo(f"routellm/bin/{program}").external_attr >> 16 & 0o111
        assert len([n for n in names if "/bin/" in n]) == 1
        assert {"routellm/py.typed", "routellm/LICENSE", "routellm/NOTICE"} <= set(names)
        assert "Root-Is-Purelib: false" in archive.read("routellm-1.2.3.dist-info/WHEEL").decode()


@pytest.mark.parametrize(
    ("target", "env", "want"),
    [
        ("sdist", {}, "no source distribution"),
        ("wheel", {"ROUTELLM_BINARY": "/nowhere"}, "'/nowhere' is no file"),
        ("wheel", {"GOOS": "plan9", "GOARCH": "amd64"}, "no wheel for plan9/amd64"),
        ("wheel", {}, "no go.mod: build the wheel in a clone"),
    ],
)
def test_what_cannot_be_built_is_refused(copy: Path, target: str, env: dict[str, str], want: str) -> None:
    built = build(copy, target, **env)
    assert built.returncode != 0
    assert want in built.stderr + built.stdout
    assert "Traceback" not in built.stderr


def test_a_missing_go_is_named(copy: Path, tmp_path: Path) -> None:
    (copy.parent / "go.mod").touch()
    (tmp_path / "empty").mkdir()
    built = build(copy, "wheel", PATH=str(tmp_path / "empty"))
    assert built.returncode != 0
    assert "install Go 1.26 or later" in built.stderr + built.stdout


def test_the_command_is_the_program(tmp_path: Path) -> None:
    command = Path(sys.executable).parent / ("routellm.exe" if os.name == "nt" else "routellm")
    for argv in ([str(command)], [sys.executable, "-m", "routellm"]):
        got = subprocess.run([*argv, "eval", "--bench", "none"], capture_output=True, text=True)
        want = subprocess.run([routellm.program(), "eval", "--bench", "none"], capture_output=True, text=True)
        assert (got.returncode, got.stdout, got.stderr) == (2, want.stdout, want.stderr)


def test_the_command_does_not_wait_for_data_frames() -> None:
    code = "import sys, routellm; print(sorted({'pyarrow', 'narwhals', 'pandas', 'polars'} & {*sys.modules}))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"


def test_a_wheel_is_built_and_installed_from_the_clone(tmp_path: Path) -> None:
    """The way of a new user: a fresh virtual environment, pip, and Go."""
    if not shutil.which("go"):
        pytest.skip("skipped: no go")
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    scripts = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin")
    env = {k: v for k, v in os.environ.items() if k not in ("ROUTELLM_BINARY", "ROUTELLM_VERSION")}
    command = [str(scripts / "pip"), "install", "--quiet", "--no-deps", str(PROJECT)]
    installed = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True)
    assert installed.returncode == 0, installed.stdout + installed.stderr
    said = subprocess.run([scripts / "routellm", "--version"], capture_output=True, text=True, check=True).stdout
    describe = ["git", "describe", "--tags", "--always", "--dirty"]
    described = subprocess.run(describe, cwd=PROJECT, capture_output=True, text=True).stdout.strip()
    assert said.split()[:2] == ["routellm", described or "devel"]
