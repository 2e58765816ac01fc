"""Reference of package logged: reads a log as JSON, writes its estimates at some thresholds.

Input: {"s": scores, "a": 1 for strong, "p": propensities, "y": outcomes, "fold": parts, "t": thresholds}.
Output: one line per threshold: ips snips dr sndr ess.
"""

import json
import sys

import numpy as np

RIDGE = 4

d = json.load(sys.stdin)
s, a, p, y, fold = (np.array(d[k], float) for k in ("s", "a", "p", "y", "fold"))
n = len(s)
# Midranks of falling scores, from 1 to -1.
above = (s[None, :] > s[:, None]).sum(1)
tied = (s[None, :] == s[:, None]).sum(1)
x = 1 - (2 * above + tied) / n


def model(side, part):
    """Weighted least squares of the side's outcomes in the other parts, with a ridge on the slope."""
    use = (a == side) & (fold != part)
    if not use.any():
        w = np.where(fold != part, 1 / p, 0)
        return (w @ y / w.sum(), 0.0)
    w = 1 / p[use] / (1 / p[use]).sum()
    mean, at = w @ y[use], w @ x[use]
    slope = (w * (x[use] - at)) @ y[use] / (w @ (x[use] - at) ** 2 + RIDGE * (w @ w))
    return (mean - slope * at, slope)


def predict(side):
    lines = np.array([model(side, f) for f in range(5)])[fold.astype(int)]
    return np.clip(lines[:, 0] + lines[:, 1] * x, y.min(), y.max())


q = {side: predict(side) for side in (0, 1)}
own = np.where(a == 1, q[1], q[0])
for t in d["t"]:
    want = (s >= t).astype(int)
    w = (a == want) / p
    m = np.where(want == 1, q[1], q[0])
    r = w * (y - own)
    print((w @ y) / n, (w @ y) / w.sum(), m.mean() + r.sum() / n, m.mean() + r.sum() / w.sum(), w.sum() ** 2 / (w @ w))
