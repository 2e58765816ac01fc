"""Tests of compare_outputs.py: python3 -m unittest outputs.test_outputs, in scripts/."""

import json
import stat
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from . import documents, files, texts
from .rules import Rules

TABLE = """\
MMLU: 12,523 samples

router   calls  quality   APGR           95 %
---------------------------------------------
random  50.0 %  74.39 %  0.500    [.482, .518]
mf *    50.0 %  76.39 %  0.619    [.599, .640]

*: best; no interval holds 0, and this line is long enough to be wrapped by a
  terminal of 80 columns
mf: half the gap for 31.0 % strong calls
"""


def rules(**given) -> Rules:
    with tempfile.NamedTemporaryFile("w", suffix=".json") as f:
        json.dump(given, f)
        f.flush()
        return Rules(Path(f.name))


def kinds(name: str, old, new, given: Rules | None = None) -> list[str]:
    old, new = (x if isinstance(x, bytes) else x.encode() for x in (old, new))
    return sorted(kind for kind, _ in files.compare(name, old, new, given or Rules()))


class Numbers(unittest.TestCase):
    def test_found(self):
        for text, want in {
            "1,514 of 12,523": "1514 12523",
            "[.482, .518] and 0.5": "0.482 0.518 0.5",
            "1-10, gpt-4-1106, CPT20": "1 10 4 1106 20",
            "-0.5 +- 0.009 1e+04 2.5e-3": "-0.5 0.009 10000 0.0025",
            "- ? always": "",
        }.items():
            self.assertEqual(texts.numbers(text), [files.Decimal(x).normalize() for x in want.split()], text)


class Text(unittest.TestCase):
    def test_equal(self):
        self.assertEqual(kinds("stdout.txt", TABLE, TABLE), [])

    def test_words_only(self):
        new = TABLE.replace("random ", "chance ").replace("half the gap for 31.0 % strong calls", "recovers half the gap with 31.0 % calls")
        self.assertEqual(kinds("stdout.txt", TABLE, new), ["words", "words"])

    def test_header_is_words(self):
        self.assertEqual(kinds("stdout.txt", TABLE, TABLE.replace("         95 %", "95 % interval")), ["words"])

    def test_number_in_a_row(self):
        self.assertEqual(kinds("stdout.txt", TABLE, TABLE.replace("76.39", "76.40")), ["number"])

    def test_order_of_numbers(self):
        self.assertEqual(kinds("stdout.txt", TABLE, TABLE.replace("[.599, .640]", "[.640, .599]")), ["number"])

    def test_row_lost(self):
        self.assertEqual(kinds("stdout.txt", TABLE, TABLE.replace("mf *    50.0 %  76.39 %  0.619    [.599, .640]\n", "")), ["rows"])

    def test_number_in_a_note(self):
        self.assertEqual(kinds("stdout.txt", TABLE, TABLE.replace("31.0", "31.1")), ["number in text"])

    def test_line_moved(self):
        line = "mf: half the gap for 31.0 % strong calls\n"
        new = line + TABLE.replace(line, "")
        self.assertEqual(set(kinds("stdout.txt", TABLE, new)), {"words"})

    def test_ignored_line(self):
        self.assertEqual(kinds("stdout.txt", TABLE, TABLE.replace("31.0", "31.1"), rules(lines=["half the gap"])), [])
        self.assertEqual(kinds("stdout.txt", "microseconds  5\n", "microseconds  7\n"), [])

    def test_markdown(self):
        old = "| router | APGR |\n|:---|---:|\n| mf | 0.6 |\n"
        self.assertEqual(kinds("a.md", old, old.replace("0.6", "0.7")), ["number"])
        self.assertEqual(kinds("a.md", old, old.replace("mf", "MF")), ["words"])


class JSON(unittest.TestCase):
    OLD = json.dumps({"schema_version": 1, "a": [{"apgr_sd": 0.5, "unit": "x"}], "none": None, "sha256": "ab"})

    def test_schema_version_ignored(self):
        self.assertEqual(kinds("a.json", self.OLD, self.OLD.replace('version": 1', 'version": 2')), [])

    def test_key_renamed(self):
        new = self.OLD.replace("apgr_sd", "sd")
        self.assertEqual(kinds("a.json", self.OLD, new), ["key gone", "key new"])
        self.assertEqual(kinds("a.json", self.OLD, new, rules(keys={"apgr_sd": "sd"})), [])
        self.assertEqual(kinds("a.json", self.OLD, new, rules(paths=[["^a/(\\d+)/apgr_sd$", "a/\\1/sd"]])), [])

    def test_number(self):
        self.assertEqual(kinds("a.json", self.OLD, self.OLD.replace("0.5", "0.50000000000000011")), ["number"])

    def test_scaled(self):
        self.assertEqual(kinds("a.json", '{"share": 30}', '{"share": 0.3}', rules(scale={"share": 0.01})), [])

    def test_value_renamed(self):
        new = self.OLD.replace('"x"', '"y"')
        self.assertEqual(kinds("a.json", self.OLD, new), ["words"])
        self.assertEqual(kinds("a.json", self.OLD, new, rules(values={"unit": {"x": "y"}})), [])

    def test_null(self):
        self.assertEqual(kinds("a.json", self.OLD, self.OLD.replace("null", "0")), ["number"])
        self.assertEqual(kinds("a.json", self.OLD, self.OLD.replace('"none": null, ', "")), ["null gone"])
        self.assertEqual(kinds("a.json", '{"a": 1}', '{"a": true}'), ["number"])

    def test_empty_containers(self):
        self.assertEqual(kinds("a.json", '{"a": []}', '{"a": null}'), ["empty"])
        self.assertEqual(kinds("a.json", '{"a": [], "b": 1}', '{"b": 1}'), ["null gone"])
        self.assertEqual(kinds("a.json", '{"a": [1]}', '{"a": []}'), ["key gone", "key new"])

    def test_digest(self):
        self.assertEqual(kinds("a.json", self.OLD, self.OLD.replace('"ab"', '"cd"')), ["digest"])

    def test_lines(self):
        self.assertEqual(kinds("a.jsonl", '{"a": 1}\n{"a": 2}\n', '{"a": 1}\n{"a": 3}\n'), ["number"])


class Other(unittest.TestCase):
    def test_csv(self):
        old = "router,apgr\nmf,0.5\n"
        self.assertEqual(kinds("a.csv", old, old.replace("0.5", "0.6")), ["number"])
        self.assertEqual(kinds("a.csv", old, old.replace("0.5", "0.50")), [])
        self.assertEqual(kinds("a.csv", old, old.replace("0.5", "")), ["number"])
        self.assertEqual(kinds("a.csv", old, old.replace("mf", "MF")), ["words"])
        self.assertEqual(kinds("a.csv", old, old + "knn,0.4\n"), ["rows"])
        self.assertEqual(kinds("a.csv", old, "apgr,router\n0.5,mf\n"), ["rows"])
        self.assertEqual(kinds("a.csv", old, old.replace("apgr", "APGR"), rules(keys={"apgr": "APGR"})), [])

    def test_bytes(self):
        for name in ("a.svg", "a.png", "a.pdf", "a.parquet", "a.safetensors"):
            self.assertEqual(kinds(name, b"a", b"b"), ["bytes"])

    def test_html(self):
        old = '<svg>1</svg><script type="application/json">{"a": 1}</script><script>x(1)</script><p>One 1</p>'
        self.assertEqual(kinds("a.html", old, old.replace("x(1)", "y(2)")), [])
        self.assertEqual(kinds("a.html", old, old.replace("One", "An")), ["words"])
        self.assertEqual(kinds("a.html", old, old.replace("One 1", "One 2")), ["number in text"])
        self.assertEqual(kinds("a.html", old, old.replace('"a": 1', '"a": 2')), ["number"])
        self.assertEqual(kinds("a.html", old, old.replace("<svg>1", "<svg>2")), ["bytes"])

    def test_commands(self):
        text = 'Save `in.txt`:\n\n```text\nhello\n```\n\n```console\n$ routellm a "b c" < in.txt\nout\n$ other\n```\n'
        page = documents.parse("page.md", text, {"x": "y"})
        self.assertEqual(page.commands, ('routellm a "b c" < in.txt',))
        self.assertEqual(page.files, {"x": "y", "in.txt": "hello\n"})
        self.assertEqual(documents.words(page.commands[0]), (["a", "b c"], "in.txt"))


class Program(unittest.TestCase):
    """Runs the whole script with shell scripts for binaries."""

    def compare(self, old: str, new: str, given: dict) -> tuple[int, str]:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder, "checkout")
            (root / "docs").mkdir(parents=True)
            (root / "cmd").mkdir()
            (root / "cmd" / "a_test.go").write_text('var userFiles = map[string]string{\n\t"in.csv": "a,b\\n",\n}\n')
            (root / "README.md").write_text("```console\n$ routellm copy\n```\n")
            for name, text in (("old", old), ("new", new)):
                path = Path(folder, name)
                path.write_text("#!/bin/sh\ntest -f traffic.parquet && exit 2\n" + text)
                path.chmod(path.stat().st_mode | stat.S_IXUSR)
            Path(folder, "rules.json").write_text(json.dumps(given))
            script = Path(__file__).parent.parent / "compare_outputs.py"
            done = subprocess.run(
                [sys.executable, script, f"{folder}/old", f"{folder}/new", "--root", root, "--rules", f"{folder}/rules.json", "--only", "README"],
                capture_output=True, text=True,
            )  # fmt: skip
            return done.returncode, done.stdout + done.stderr

    def test_program(self):
        base = "cat in.csv; cp in.csv a.svg; echo note 1 >&2\n"
        for new, given, code, want in (
            (base, {}, 0, "1 commands compared: no number differs"),
            (base + "echo in >&2\n", {}, 0, "words"),
            (base + "echo 2 >&2\n", {}, 1, "FAIL number in text"),
            (base + "echo 2 >&2\n", {"accept": ["^number in text"]}, 0, "accepted number in text"),
            (base + "echo x > a.svg\n", {}, 1, "FAIL bytes"),
            (base + "exit 3\n", {}, 1, "FAIL exit code"),
            (base + "rm a.svg\n", {}, 1, "FAIL file gone"),
            (base + "touch b.svg\n", {}, 0, "file new"),
        ):
            got, output = self.compare(base, new, given)
            self.assertEqual(got, code, f"{new}\n{output}")
            self.assertIn(want, output)


if __name__ == "__main__":
    unittest.main()
