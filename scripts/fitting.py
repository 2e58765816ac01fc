"""What train_bert.py and train_causal.py share: batches, AdamW, and epochs measured on held-out prompts."""

import functools
import json
import time

import jax
import jax.numpy as jnp
import numpy as np

from labels import auc, log_loss, log_odds

BATCH, DECAY, WARMUP = 32, 0.01, 0.1


def batches(ids, lengths, *columns):
    """Yield the members of batches of prompts of about one length, padded to one of lengths, with (ids, mask,
    columns..., weights); a short batch is filled with repeated rows of weight 0."""
    size = np.array([min(n for n in lengths if n >= len(i)) for i in ids])
    for n in lengths:
        members = np.flatnonzero(size == n)
        for start in range(0, len(members), BATCH):
            part = members[start : start + BATCH]
            full = np.resize(part, BATCH)
            x = np.zeros((2, BATCH, n), np.int32)
            for row, member in enumerate(full):
                x[0, row, : len(ids[member])] = ids[member]
                x[1, row, : len(ids[member])] = 1
            more = [np.float32(c[full]) for c in (*columns, np.ones(len(ids)))]
            more[-1][len(part) :] = 0
            yield part, (x[0], np.float32(x[1]), *more)


def epoch_members(train, size, rng, queues):
    """Return the (source, row) pairs of one epoch: each source goes through its rows in a new order each time."""
    share = np.sqrt([len(y) for _, y in train.values()])
    chosen = []
    for name, count in zip(train, np.rint(size * share / share.sum()).astype(int)):
        while len(queues[name]) < count:
            queues[name] += rng.permutation(len(train[name][1])).tolist()
        chosen += [(name, i) for i in queues[name][:count]]
        del queues[name][:count]
    return chosen


def plans_of(train, offset, epochs, size, lengths, rng):
    """Return the batches of each epoch, in a random order; offset is added to the log-odds of a source's labels."""
    queues, plans = {name: [] for name in train}, []
    for _ in range(epochs):
        chosen = epoch_members(train, size, rng, queues)
        labels, offsets = (np.array(c) for c in zip(*((train[n][1][i], offset[n]) for n, i in chosen)))
        plan = list(batches([train[n][0][i] for n, i in chosen], lengths, labels, offsets))
        plans.append([plan[i] for i in rng.permutation(len(plan))])
    return plans


def updater(batch_loss, rate):
    """Return a function that takes one step of AdamW, with linear warm-up and decay and gradients cut at norm 1;
    rate is that of a weight's name."""

    @functools.partial(jax.jit, donate_argnums=(0, 1, 2))
    def update(w, mean, square, step, steps, *batch):
        loss, grads = jax.value_and_grad(batch_loss)(w, *batch, jax.random.key(step))
        norm = jnp.sqrt(sum((g * g).sum() for g in grads.values()))
        grads = {n: g / jnp.maximum(norm, 1) for n, g in grads.items()}
        pace = jnp.minimum((step + 1) / (WARMUP * steps), (steps - step) / ((1 - WARMUP) * steps))
        mean = {n: 0.9 * mean[n] + 0.1 * g for n, g in grads.items()}
        square = {n: 0.999 * square[n] + 0.001 * g * g for n, g in grads.items()}

        def moved(n):
            go = mean[n] / (1 - 0.9 ** (step + 1)) / (jnp.sqrt(square[n] / (1 - 0.999 ** (step + 1))) + 1e-8)
            return w[n] - pace * rate(n) * (go + (DECAY * w[n] if w[n].ndim > 1 else 0))

        return {n: moved(n) for n in w}, mean, square, loss

    return update


def measure(held, base, predict):
    """Return log loss, a constant's log loss and AUC of each source's held-out prompts, all by its own base rate;
    predict makes probabilities of the label 1 of a source's name and prompts."""
    found = {}
    for name, (ids, y) in held.items():
        p = predict(name, ids)
        constant = log_loss(np.full(len(y), base[name]), y)
        found[name] = {"n": len(y), "log_loss": log_loss(p, y), "constant": constant, "auc": auc(p, y)}
    return found


def fit(w, update, plans, evaluate, save, log, out):
    """Train, save the weights of the epoch that does best on held-out prompts, and keep the log in out."""
    state = [w, jax.tree.map(jnp.zeros_like, w), jax.tree.map(jnp.zeros_like, w)]
    start, step, best = time.time(), 0, np.inf
    log["steps"], log["epochs"] = sum(map(len, plans)), []
    for epoch, plan in enumerate(plans, 1):
        losses = []
        for _, batch in plan:
            *state, loss = update(*state, step, log["steps"], *batch)
            losses.append(float(loss))
            step += 1
        found, seconds = evaluate(state[0]), round(time.time() - start)
        loss = float(np.mean(losses))
        log["epochs"].append({"epoch": epoch, "training_loss": loss, "seconds": seconds, "held_out": found})
        # Next to a constant's, and every source alike, small as some are.
        total = np.mean([f["log_loss"] / f["constant"] for f in found.values()])
        if total < best:
            best, log["chosen_epoch"] = total, epoch
            save(state[0])
        (out / "training-log.json").write_text(json.dumps(log, indent=1) + "\n")
        print(json.dumps(log["epochs"][-1]), flush=True)
