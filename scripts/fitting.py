"""What train_bert.py and train_causal.py share: heads, the gate between them, and their held-out measures.

A head is a ridge regression of one source's labels on the inputs of its prompts, in
standard deviations of its held-out predictions. The gate is a logistic regression that
tells from the inputs which source a prompt resembles. A prompt's score is the sum of
the heads, each times its source's probability. The mf router does the same. A joint
head is one regression for all sources.
"""

import hashlib

import numpy as np
from scipy.optimize import minimize
from scipy.special import logsumexp

FOLDS, DIVISIONS = 10, 5
RIDGES = 10 ** np.arange(0, 4.01, 0.25)
GATE_RIDGE, BALANCE = 0.1, 0.5  # as mf's gate had them before it read cues
GRADES, SAME_LEVEL = 3, 100  # of the joint head: how often grades count; the weight of equal means of the sources


def folds(norm, division):
    """Return the fold of each prompt, as package training chooses it."""
    digests = (hashlib.sha256(f"cv{division}/{d}".encode()).digest() for d in norm)
    return np.array([int.from_bytes(d[:4], "big") % FOLDS for d in digests])


class Scaler:
    """Shifts inputs to mean 0 and scales blocks of them, given by their ends, to a total variance of 1 each."""

    def __init__(self, x, ends):
        self.mean, self.scale = x.mean(axis=0), np.ones(x.shape[1])
        for start, end in zip((0, *ends), ends):
            self.scale[start:end] = 1 / np.sqrt(max(x[:, start:end].var(axis=0).sum(), 1e-12))

    def __call__(self, x):
        return (x - self.mean) * self.scale

    def fold(self, weights, shift):
        """Return the weights and the shift for inputs that are not scaled."""
        weights = weights * self.scale
        return weights, shift - weights @ self.mean


def ridge_path(x, y):
    """Return the weights for each of RIDGES, [ridges, inputs], and the shift, for scaled inputs."""
    values, axes = np.linalg.eigh(x.T @ x)
    along = axes.T @ (x.T @ (y - y.mean()))
    return (along / (np.maximum(values, 0) + RIDGES[:, None])) @ axes.T, y.mean()


class Head:
    """The head of one source, with its held-out predictions.

    weights, shift: for inputs that are not scaled
    divisions: (fold, prediction) of each prompt in each division into folds; the other folds choose the ridge
    """

    def __init__(self, x, y, norm, ends, divisions=DIVISIONS):
        self.divisions, total, mean = [], 0, 0
        for r in range(divisions):
            fold, found = folds(norm, r), np.zeros((len(RIDGES), len(y)))
            for f in range(FOLDS):
                out = fold == f
                if out.any() and not out.all():
                    scale = Scaler(x[~out], ends)
                    w, shift = ridge_path(scale(x[~out]), y[~out])
                    found[:, out] = w @ scale(x[out]).T + shift
            error, chosen = (found - y) ** 2, np.zeros(len(y))
            for f in range(FOLDS):
                chosen[fold == f] = found[error[:, fold != f].sum(axis=1).argmin(), fold == f]
            self.divisions.append((fold, chosen))
            total, mean = total + error.sum(axis=1), mean + found / divisions
        best = total.argmin()
        self.ridge, self.heldout = float(RIDGES[best]), mean[best]
        scale = Scaler(x, ends)
        w, shift = ridge_path(scale(x), y)
        centre, spread = self.heldout.mean(), max(self.heldout.std(), 1e-12)
        self.heldout = (self.heldout - centre) / spread
        self.weights, self.shift = scale.fold(w[best] / spread, (shift - centre) / spread)

    def __call__(self, x):
        return x @ self.weights + self.shift


class Gate:
    """Multinomial logistic regression; a class of n prompts counts with n^(1-BALANCE).

    weights [inputs, classes], shift [classes]: for inputs that are not scaled
    """

    def __init__(self, classes, ends):
        every, count = np.concatenate(classes), len(classes)
        label = np.repeat(range(count), [len(c) for c in classes])
        weight = (len(every) / count / np.bincount(label))[label] ** BALANCE
        scale, target = Scaler(every, ends), np.eye(count)[label]
        z = np.c_[scale(every), np.ones(len(every))]
        penalty = np.r_[np.full(z.shape[1] - 1, GATE_RIDGE), 0][:, None]

        def loss(flat):
            w = flat.reshape(-1, count)
            log_p = z @ w
            log_p -= logsumexp(log_p, axis=1, keepdims=True)
            gradient = z.T @ ((np.exp(log_p) - target) * weight[:, None]) + penalty * w
            return -(weight * (log_p * target).sum(axis=1)).sum() + (penalty * w * w).sum() / 2, gradient.ravel()

        found = minimize(loss, np.zeros(z.shape[1] * count), jac=True, method="L-BFGS-B", options={"maxiter": 1000})
        w = found.x.reshape(-1, count)
        folded = [scale.fold(w[:-1, k], w[-1, k]) for k in range(count)]
        self.weights, self.shift = np.stack([f[0] for f in folded], axis=1), np.array([f[1] for f in folded])

    def __call__(self, x):
        z = x @ self.weights + self.shift
        return np.exp(z - logsumexp(z, axis=1, keepdims=True))


class Joint:
    """One head for all sources: a ridge regression of labels in standard deviations of their source.

    All sources have about the same mean score. Grades count GRADES times: of the weights 1, 2 and 3, the one that
    keeps most of the correlation that each source's own head has.

    weights, shift: of the inputs; heldout: held-out scores by source; log: held-out measures
    """

    def __init__(self, sources, x):
        self.divisions, total = {n: [] for n in sources}, 0
        mean = {n: 0 for n in sources}
        for r in range(DIVISIONS):
            fold = {n: folds(s.norm, r) for n, s in sources.items()}
            found = {n: np.zeros((len(RIDGES), len(s.norm))) for n, s in sources.items()}
            for f in range(FOLDS):
                w, shift = joint_path(sources, x, {n: fold[n] != f for n in sources})
                for n in sources:
                    held = fold[n] == f
                    found[n][:, held] = w @ x[n][held].T + shift[:, None]
            error = sum(weight_of(n) * ((found[n] - normal(s.label)) ** 2).sum(axis=1) for n, s in sources.items())
            for n in sources:
                self.divisions[n].append((fold[n], found[n][error.argmin()]))
                mean[n] = mean[n] + found[n] / DIVISIONS
            total = total + error
        best = total.argmin()
        w, shift = joint_path(sources, x, {n: np.ones(len(s.norm), bool) for n, s in sources.items()})
        self.weights, self.shift = w[best], shift[best]
        self.heldout = {n: m[best] for n, m in mean.items()}
        self.log = {"ridge": float(RIDGES[best]), "sources": {
            n: {"prompts": len(s.norm), "file_sha256": s.file_sha256, **measured(self.divisions[n], s)}
            for n, s in sources.items()}}


def weight_of(name):
    return GRADES if name == "judge" else 1


def normal(y):
    return (y - y.mean()) / y.std()


def joint_path(sources, x, keep):
    """Return the weights [ridges, inputs] and shifts [ridges] for each of RIDGES, from the kept rows of each source."""
    means = {n: x[n][keep[n]].mean(axis=0) for n in sources}
    middle, gram, along = np.mean(list(means.values()), axis=0), 0, 0
    for n, s in sources.items():
        apart, z, weight = means[n] - middle, x[n][keep[n]] - means[n], weight_of(n)
        gram = gram + weight * (z.T @ z) + SAME_LEVEL * np.outer(apart, apart)
        along = along + weight * (z.T @ normal(s.label[keep[n]]))
    values, axes = np.linalg.eigh(gram)
    w = (axes.T @ along / (np.maximum(values, 0) + RIDGES[:, None])) @ axes.T
    return w, -w @ middle


def multinomial(score, shares):
    """Return slopes and shifts [digits] of the log-odds of each digit, from scores and shares [prompts, digits] by
    source; every source counts the same."""
    s, y = np.concatenate(list(score.values())), np.concatenate([shares[n] for n in score])
    weight = np.concatenate([np.full(len(v), 1 / len(v)) for v in score.values()])
    count = y.shape[1]

    def loss(at):
        z = s[:, None] * at[:count] + at[count:]
        log_p = z - logsumexp(z, axis=1, keepdims=True)
        return -(weight * (y * log_p).sum(axis=1)).sum() + 1e-3 * (at @ at)

    at = minimize(loss, np.zeros(2 * count), method="L-BFGS-B").x
    return at[:count], at[count:]


def platt(score, won):
    """Return slope and shift of the win rate sigmoid(slope score + shift); a weak prior keeps them finite."""

    def loss(at):
        z = at[0] * score + at[1]
        return np.logaddexp(0, z).sum() - won @ z + (at @ at) / 2

    slope, shift = minimize(loss, np.zeros(2), method="BFGS").x
    return max(float(slope), 0.05), float(shift)


class Router:
    """The heads of the labelled sources, the gate, and the win rate's slope and shift.

    sources: of labels.py; x: the inputs of each, by name; ends: those of the inputs' blocks
    log: held-out measures of each source's own head, and of all heads with the gate
    """

    def __init__(self, sources, x, ends):
        labelled = {n: s for n, s in sources.items() if s.label is not None}
        self.heads = {n: Head(x[n], s.label, s.norm, ends) for n, s in labelled.items()}
        self.gate = Gate(classes(x, labelled), ends)
        known = {n: np.isfinite(s.gain) for n, s in labelled.items()}
        self.slope, self.shift = platt(
            np.concatenate([self.heads[n].heldout[known[n]] for n in labelled]),
            np.concatenate([(s.gain[known[n]] > 0).astype(float) for n, s in labelled.items()]))
        whole = gated(labelled, x, ends)
        self.log = {"slope": self.slope, "shift": self.shift, "sources": {}}
        for n, s in labelled.items():
            self.log["sources"][n] = {
                "prompts": len(s.norm), "file_sha256": s.file_sha256, "ridge": self.heads[n].ridge,
                "own_head": measured(self.heads[n].divisions, s), "with_gate": measured(whole[n], s)}


def classes(x, labelled, keep=None):
    """Return the gate's classes: votes look like the chats of the judge. keep chooses rows of each source."""
    found = [x[n] if keep is None else x[n][keep[n]] for n in labelled]
    found[0] = np.concatenate([found[0], x["arena"]])
    return found


def gated(labelled, x, ends, divisions=1):
    """Return (fold, score) of each source's prompts in each division, from heads and a gate trained on the others."""
    found = {n: [] for n in labelled}
    for r in range(divisions):
        fold = {n: folds(s.norm, r) for n, s in labelled.items()}
        score = {n: np.zeros(len(s.norm)) for n, s in labelled.items()}
        for f in range(FOLDS):
            keep = {n: fold[n] != f for n in labelled}
            heads = [Head(x[n][keep[n]], s.label[keep[n]], [d for d, k in zip(s.norm, keep[n]) if k], ends, 1)
                     for n, s in labelled.items()]
            gate = Gate(classes(x, labelled, keep), ends)
            for n in labelled:
                held = x[n][~keep[n]]
                score[n][~keep[n]] = (gate(held) * np.stack([h(held) for h in heads], axis=1)).sum(axis=1)
        for n in labelled:
            found[n].append((fold[n], score[n]))
    return found


# Held-out measures: inside each fold, averaged over folds and divisions.


def correlation(divisions, y):
    """Return the correlation with y inside folds; rows whose y is not known are left out."""
    known, found = np.isfinite(y), []
    for fold, score in divisions:
        rows = [r for f in range(FOLDS) if len(r := np.flatnonzero((fold == f) & known))]
        s, g = (np.concatenate([v[r] - v[r].mean() for r in rows]) for v in (score, y))
        found.append((s @ g) / np.sqrt(max((s @ s) * (g @ g), 1e-30)))
    return float(np.mean(found))


def apgr(divisions, gain):
    """Return the APGR inside folds and its standard error, as training.WithinFolds does."""
    known = np.isfinite(gain)
    gain, area, influence = gain[known], 0, np.zeros(known.sum())
    for fold, score in divisions:
        fold, score, total, n = fold[known], score[known], 0, 0
        of = np.zeros(len(gain))
        for f in range(FOLDS):
            rows = np.flatnonzero(fold == f)
            if len(rows) < 2:
                continue
            size, g = len(rows), gain[rows]
            order = np.argsort(-score[rows], kind="stable")
            below, above = np.empty(size), np.empty(size)
            below[order] = (size - np.arange(size) - 0.5) / size
            above[order] = (np.cumsum(g[order]) - g[order] / 2) / size
            a = (g * (below - 0.5)).mean()
            total, n = total + a * size**2 / (size - 1), n + size
            of[rows] = (g * (below - 0.5) + above - g.mean() / 2 - 2 * a) * size / (size - 1)
        area, influence = area + total / n, influence + of
    area, influence, mean = area / len(divisions), influence / len(divisions), gain.mean()
    influence = (influence - area / mean * (gain - mean)) / mean
    return float(0.5 + area / mean), float(influence.std() / np.sqrt(len(gain)))


def measured(divisions, source):
    value, error = apgr(divisions, source.gain)
    return {"correlation": correlation(divisions, source.label), "apgr": value, "standard_error": error}
