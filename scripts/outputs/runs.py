"""Runs a document's commands with one binary and records everything that they write."""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from . import documents


@dataclass
class Run:
    """Run is what one command did. Texts and files are digests of blobs in the cache folder."""

    command: str
    code: int
    stdout: str
    stderr: str
    files: dict[str, str]  # path below the scratch folder -> digest, of files that the command wrote
    seconds: float


class Recorder:
    """Recorder runs documents with one binary, or returns what an earlier run recorded.

    A record is found again by the digest of the binary, the commands and the files.
    """

    def __init__(self, binary: Path, cache: Path, shared: Path | None, arguments: dict[str, str] | None = None):
        self.binary, self.cache, self.shared = binary.resolve(), cache, shared
        self.arguments = arguments or {}
        self.sha256 = hashlib.sha256(binary.read_bytes()).hexdigest()
        (cache / "blobs").mkdir(parents=True, exist_ok=True)

    def record(self, document: documents.Document) -> list[Run]:
        """Returns one Run per command of the document."""
        key = json.dumps([self.sha256, document.commands, document.files, self.arguments, bool(self.shared)])
        path = self.cache / (hashlib.sha256(key.encode()).hexdigest() + ".json")
        if path.exists():
            return [Run(**run) for run in json.loads(path.read_text())]
        with tempfile.TemporaryDirectory(prefix="routellm-") as folder:
            runs = self._run_all(document, Path(folder).resolve())
        path.write_text(json.dumps([asdict(run) for run in runs]))
        return runs

    def blob(self, digest: str) -> bytes:
        """Returns the bytes that have the digest."""
        return (self.cache / "blobs" / digest).read_bytes()

    def _run_all(self, document: documents.Document, root: Path) -> list[Run]:
        work = root / "work"
        work.mkdir()
        for name, text in document.files.items():
            (work / name).write_text(text, encoding="utf-8")
        if self.shared:
            (root / "shared").symlink_to(self.shared)
        before, runs = self._tree(root), []
        for command in document.commands:
            if "../shared" in command and not self.shared:
                continue
            run = self._run(command, root)
            after = self._tree(root)
            run.files = {name: digest for name, (digest, _) in after.items() if after[name] != before.get(name)}
            runs, before = runs + [run], after
            print(f"  {run.seconds:5.1f} s  {command}", file=sys.stderr, flush=True)
        return runs

    def _run(self, command: str, root: Path) -> Run:
        arguments, stdin = documents.words(command)
        arguments = [self.arguments.get(word, word) for word in arguments]
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("ROUTELLM_", "OPENAI_", "GITHUB_"))}
        environment |= {"GOMAXPROCS": "2", "XDG_CACHE_HOME": str(root / "cache")}
        start = time.monotonic()
        with open(root / "work" / stdin if stdin else os.devnull, "rb") as source:
            done = subprocess.run([self.binary, *arguments], stdin=source, capture_output=True, cwd=root / "work", env=environment)
        seconds = round(time.monotonic() - start, 2)
        folder = str(root).encode()
        out, err = (self._keep(text.replace(folder, b"/scratch")) for text in (done.stdout, done.stderr))
        return Run(command, done.returncode, out, err, {}, seconds)

    def _tree(self, root: Path) -> dict[str, tuple[str, int]]:
        """Returns digest and time of change of every file below root, except those of shared."""
        found = {}
        for folder, _, names in os.walk(root):  # does not follow links
            for name in names:
                path = Path(folder, name)
                if path.is_symlink():
                    continue
                found[path.relative_to(root).as_posix()] = (self._keep(path.read_bytes()), path.stat().st_mtime_ns)
        return found

    def _keep(self, data: bytes) -> str:
        digest = hashlib.sha256(data).hexdigest()
        path = self.cache / "blobs" / digest
        if not path.exists():
            path.write_bytes(data)
        return digest
