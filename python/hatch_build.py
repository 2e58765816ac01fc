"""Puts the program into the wheel, and derives the wheel's version from the repository's tags.

ROUTELLM_BINARY names a built program to ship; without it, the hook builds one with Go. GOOS and
GOARCH say which platform the program and the wheel are for (default: this machine). ROUTELLM_VERSION
is the version where there is no git history, such as v1.2.3.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HERE = Path(__file__).resolve().parent
SOURCES = HERE.parent

# The program is static: on Linux it needs no C library, so it suits glibc and musl alike.
PLATFORMS = {
    ("linux", "amd64"): "manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64",
    ("linux", "arm64"): "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64",
    ("darwin", "amd64"): "macosx_12_0_x86_64",
    ("darwin", "arm64"): "macosx_12_0_arm64",
    ("windows", "amd64"): "win_amd64",
    ("windows", "arm64"): "win_arm64",
}
MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}


def describe() -> str:
    """Returns the version as the Makefile has it, such as v1.2.3-4-g0123abc, or "" if unknown."""
    if given := os.environ.get("ROUTELLM_VERSION"):
        return given
    try:
        command = ["git", "describe", "--tags", "--always", "--dirty"]
        return subprocess.run(command, cwd=HERE, check=True, capture_output=True, text=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def python_version(described: str) -> str:
    """Returns the version in the form of PEP 440: 1.2.3, 1.2.3.post4+g0123abc, or 0.0.0+g0123abc."""
    clean = described.removesuffix("-dirty")
    local = ["dirty"] if clean != described else []
    tag = re.fullmatch(r"v?(\d+(?:\.\d+)*)(?:-?(a|alpha|b|beta|rc)\.?(\d+))?(?:-(\d+)-(g[0-9a-f]+))?", clean)
    if tag and "." in tag[1]:
        version = tag[1] + (f"{tag[2][:1] if tag[2] != 'rc' else 'rc'}{tag[3]}" if tag[2] else "")
        if tag[5]:
            version += f".post{tag[4]}"
            local.insert(0, tag[5])
    else:
        version = "0.0.0"
        if re.fullmatch(r"[0-9a-f]{7,40}", clean):
            local.insert(0, "g" + clean)
    return "+".join([version, ".".join(local)] if local else [version])


def target() -> tuple[str, str]:
    """Returns the operating system and the architecture, as Go calls them."""
    machine = platform.machine().lower()
    return (
        os.environ.get("GOOS") or platform.system().lower(),
        os.environ.get("GOARCH") or MACHINES.get(machine, machine),
    )


class CustomBuildHook(BuildHookInterface[Any]):  # the name that hatchling looks for
    """Adds the program to a wheel, and refuses source distributions, which would lack its sources."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Puts the program into the package, and names the wheel after its platform."""
        if self.target_name == "sdist":
            self.app.abort(
                "routellm has no source distribution: the program's Go sources lie outside of python/.\n"
                "Build a wheel from a clone of the repository: pip wheel --no-deps ./python"
            )
        system, architecture = target()
        if (system, architecture) not in PLATFORMS:
            self.app.abort(
                f"routellm: no wheel for {system}/{architecture}: set GOOS and GOARCH to one of "
                + ", ".join("/".join(p) for p in PLATFORMS)
            )
        folder = HERE / "src" / "routellm" / "bin"
        shutil.rmtree(folder, ignore_errors=True)  # it may hold another platform's program
        folder.mkdir()
        self.place(folder / ("routellm.exe" if system == "windows" else "routellm"), system, architecture)
        build_data["artifacts"].append("src/routellm/bin/*")
        build_data["pure_python"] = False
        build_data["tag"] = "py3-none-" + PLATFORMS[system, architecture]

    def place(self, program: Path, system: str, architecture: str) -> None:
        """Copies the program that ROUTELLM_BINARY names, or builds it."""
        if given := os.environ.get("ROUTELLM_BINARY"):
            if not Path(given).is_file():
                self.app.abort(f"ROUTELLM_BINARY: {given!r} is no file")
            shutil.copyfile(given, program)
            program.chmod(0o755)
            return
        if not (SOURCES / "go.mod").is_file():
            self.app.abort(
                f"{SOURCES} has no go.mod: build the wheel in a clone of the repository, "
                "or name a built program in ROUTELLM_BINARY"
            )
        if not shutil.which("go"):
            self.app.abort(
                "routellm is built with Go, which is not on the path: install Go 1.26 or later, "
                "or name a built program in ROUTELLM_BINARY"
            )
        release = "-X github.com/routellm/routellm/internal/version.release=" + (describe() or "devel")
        command = [
            "go",
            "build",
            "-trimpath",
            "-ldflags",
            "-s -w " + release,
            "-o",
            str(program),
            "./cmd/routellm",
        ]
        env = {**os.environ, "CGO_ENABLED": "0", "GOOS": system, "GOARCH": architecture}
        if subprocess.run(command, cwd=SOURCES, env=env).returncode != 0:
            self.app.abort("go build failed: see above")
