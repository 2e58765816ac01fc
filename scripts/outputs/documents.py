"""Finds the commands that documents show, and the files that those commands read."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

# EXTRA lists commands that no document shows, in the same form.
EXTRA = Path(__file__).with_name("commands.md")


@dataclass(frozen=True)
class Document:
    """Document is a page whose commands run one after the other in one folder."""

    name: str
    commands: tuple[str, ...]
    files: dict[str, str]  # name -> text, written before the first command


def read(root: Path) -> list[Document]:
    """Returns README.md, docs/*.md and the extra commands of the checkout at root."""
    files = user_files(root)
    paths = [root / "README.md", *sorted((root / "docs").glob("*.md")), EXTRA]
    found = [parse(path.name, path.read_text(encoding="utf-8"), files) for path in paths]
    return [document for document in found if document.commands]


def user_files(root: Path) -> dict[str, str]:
    """Returns the files that examples take from the reader.

    The Go test that runs the documents defines them as the map userFiles, from file name
    to text, each text one Go string literal.
    """
    for path in sorted((root / "cmd").rglob("*_test.go")):
        _, found, rest = path.read_text(encoding="utf-8").partition("userFiles = map[string]string{\n")
        if found:
            entries = re.findall(r'"([^"\n]+)":\s*(`[^`]*`|"(?:[^"\\\n]|\\.)*"),\n', rest[: rest.index("\n}\n") + 1])
            return {name: text[1:-1] if text[0] == "`" else json.loads(text) for name, text in entries}
    raise SystemExit(f"{root}: no Go test defines userFiles, the files that the documents' commands read")


def parse(name: str, text: str, files: dict[str, str]) -> Document:
    """Returns the "$ routellm" lines of a page's code blocks, and its files.

    A page defines a file of its own as `NAME`: followed by a code block.
    """
    own = dict(re.findall(r"(?s)`([a-z]+\.[a-z]+)`:\n\n```[a-z]*\n(.*?)```", text))
    commands, in_block = [], False
    for line in text.splitlines():
        if line.startswith("```"):
            in_block = not in_block
        command = line.removeprefix("$ ").strip().replace("go run ./cmd/routellm", "routellm", 1)
        if in_block and line.startswith("$ ") and command.startswith("routellm "):
            commands.append(command)
    return Document(name, tuple(commands), files | own)


def words(command: str) -> tuple[list[str], str | None]:
    """Splits a command at spaces outside double quotes.

    Returns the arguments without the program's name, and the file of a trailing "< FILE".
    """
    found = [part.replace('"', "") for part in re.findall(r'(?:"[^"]*"|[^\s"])+', command)]
    stdin = None
    if len(found) > 2 and found[-2] == "<":
        found, stdin = found[:-2], found[-1]
    return found[1:], stdin
