"""The labels that train_bert.py and train_causal.py learn from, those of the mf router: how much the strong model is needed.

Reads the digests and labels in benchmarks/*.parquet, and the prompts in a folder of data:

    judge  grades; how far those of the 15 models are below the models' own means, on average
    mmlu   1,500 rows, gsm8k 300: those that `--gold mmlu:1500,gsm8k:300 --seed 1`
           draws; the strong model's correctness minus the weak one's
    arena  votes, without labels: they only show what a chat's prompts look like

Votes and grades whose prompt is in a benchmark, or nearly, are left out; no other row of
a benchmark is looked at.
"""

import dataclasses
import hashlib
import json

import numpy as np

from labels import BENCHMARKS, GOLD, STRONG, WEAK, copies, draw, rows, texts


@dataclasses.dataclass
class Source:
    """Prompts of one kind. All but the texts and digests of votes are None."""

    text: list  # the prompts
    norm: list  # their prompt_norm_sha256
    file_sha256: str  # digest of the file with the labels
    label: np.ndarray = None  # how much the strong model is needed
    gain: np.ndarray = None  # its quality minus the weak model's, NaN if unknown
    weak_mean: float = None  # the weak model's mean quality


def shortfall(grades):
    """Return how far the grades of each prompt, [prompts, models], are below the models' means."""
    return -np.nanmean(grades - np.nanmean(grades, axis=0), axis=1)


def sources(data):
    """Return each source by name: judge, mmlu, gsm8k, arena."""
    text, whole, found = texts(data), {name: rows(name) for name in ("mt-bench", *GOLD)}, {}

    def add(name, table, label=None):
        sha256 = hashlib.sha256((BENCHMARKS / f"{name}.parquet").read_bytes()).hexdigest()
        found[name] = Source([text[d] for d in table.prompt_sha256], table.prompt_norm_sha256.tolist(), sha256)
        if label is not None:
            weak = table[f"quality:{WEAK}"]
            found[name].label, found[name].weak_mean = label, float(weak.mean())
            found[name].gain = (table[f"quality:{STRONG}"] - weak).to_numpy(float)

    grades, votes = rows("judge"), rows("arena")
    grades, votes = (t[~copies(t, whole.values())] for t in (grades, votes))
    add("judge", grades, shortfall(grades.filter(regex="^quality:").to_numpy(float)))
    for name, count in GOLD.items():
        table = draw(whole[name], count)
        add(name, table, (table[f"quality:{STRONG}"] - table[f"quality:{WEAK}"]).to_numpy(float))
    add("arena", votes)
    return found


def card(sources, name, recipe):
    """Return the tensors and metadata of training.safetensors, as package training reads them; name is that of the
    script without "train_"."""
    norm = sorted({d for s in sources.values() for d in s.norm})
    digests = np.frombuffer(bytes.fromhex("".join(norm)), np.uint8).reshape(-1, 32)
    account = [{"kind": "gold" if n in GOLD else n, "name": n, "sha256": s.file_sha256, "prompts": len(s.norm)}
               for n, s in sources.items()]
    return {"training": digests}, {
        "format": f"routellm-{name}", "version": "1", "strong": STRONG, "weak": WEAK, "encoder": "",
        "encoder_sha256": "", "recipe": recipe, "seed": "1", "sources": json.dumps(account)}  # the seed of the gold draw
