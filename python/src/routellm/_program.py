"""Finds and runs the program routellm."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, NoReturn

PAIR = r'--pair ([^\s,;"]+),([^\s,;"]+)'


class Error(RuntimeError):
    """An error of the program, with its message, its hints and its exit code.

    Exit code 2 means bad input or wrong flags, 1 another failure, 3 a result that is inconclusive.
    """

    def __init__(self, message: str, exit_code: int = 2) -> None:
        """Takes the program's message, of one or several lines."""
        super().__init__(message)
        self.exit_code = exit_code

    def _render_traceback_(self) -> list[str]:
        """Shows the message alone in notebooks: the lines of this package tell nobody anything."""
        return [f"routellm.Error: {self}"]


class RoutellmWarning(UserWarning):
    """A warning of the program: what it says about the data, and what that means for the numbers."""


Error.__module__ = RoutellmWarning.__module__ = "routellm"


class Output(NamedTuple):
    """What a run of the program printed."""

    stdout: str
    notes: list[str]
    exit_code: int


def program() -> Path:
    """Returns the path of the program that this package contains."""
    path = Path(__file__).parent / "bin" / ("routellm.exe" if os.name == "nt" else "routellm")
    if not path.is_file():
        raise Error(f"{path} is missing\nhint: install the package again: pip install --force-reinstall routellm")
    return path


def main() -> NoReturn:
    """Runs the program in place of Python, with the same arguments: this is the command routellm."""
    command = [str(program()), *sys.argv[1:]]
    if os.name != "nt":
        os.execv(command[0], command)
    process = subprocess.Popen(command)  # Windows has no exec
    while True:
        try:
            sys.exit(process.wait())
        except KeyboardInterrupt:  # the program got it too, and ends by itself
            continue


def run(args: Sequence[str], folder: Path, stdin: str | None = None, accept: Sequence[int] = (0,)) -> Output:
    """Runs the program with its temporary files, and those among the arguments, in folder.

    Raises Error with the program's message if the exit code is none of accept. Its warnings become
    warnings here. Whatever interrupts the wait, Ctrl-C among them, ends the program.
    """
    env = {**os.environ, **dict.fromkeys(("TMPDIR", "TMP", "TEMP"), str(folder))}
    process = subprocess.Popen(
        [str(program()), *args],
        env=env,
        stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        stdout, stderr = process.communicate(stdin)
    except BaseException:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
        process.communicate()
        raise
    if stdin is not None:
        stderr = stderr.replace("standard input", "prompts")
    said = messages(without(folder, stderr))
    if process.returncode not in accept:
        errors = [m.removeprefix("routellm: ") for m in said if m.startswith(("routellm: ", "hint: "))]
        raise Error(as_arguments(args[0], "\n".join(errors or said)), process.returncode)
    for message in said:
        if message.startswith("warning: "):
            warnings.warn(message.removeprefix("warning: "), RoutellmWarning, stacklevel=3)
    return Output(stdout, [m for m in said if not m.startswith(("warning: ", "wrote "))], process.returncode)


def as_arguments(command: str, message: str) -> str:
    """Returns a message in which --pair STRONG,WEAK has become the arguments that the functions have for it."""
    return message if command == "route" else re.sub(PAIR, r'strong="\1", weak="\2"', message)


def messages(stderr: str) -> list[str]:
    """Returns the messages on standard error, each on one line: the program wraps them at 80 columns."""
    said: list[str] = []
    for line in stderr.splitlines():
        if line.startswith("  ") and said:
            said[-1] += " " + line.strip()
        elif line.strip():
            said.append(line)
    return said


def without(folder: Path, text: str) -> str:
    """Returns the text with the names of temporary files without their folder, which is no one's concern."""
    return text.replace(folder.as_posix() + "/", "").replace(str(folder) + os.sep, "")
