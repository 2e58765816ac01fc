#!/usr/bin/env python3
"""Measure the time of RouterBench's way to evaluate a router of 365 prompts and 11 models.

It does what RouterBench's published program does (withmartian/routerbench cc67d10), written anew with
numpy: it chooses a model per prompt at each of 32 values of the willingness to pay, measures these 32
points, lifts each point to the highest line between two others by three nested loops, and takes the
area. It prints the CPU time per evaluation. The data are drawn; the time depends on their size alone.

Compare with this program's exact path, which has every operating point:

    go test -run '^$' -bench '(Sweep|Resample)/365x11' ./eval/pool
"""

import time

import numpy as np

PROMPTS, MODELS, REPEATS = 365, 11, 5
PAY = np.array([1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 5e-3, 0.01, 0.1, 0.5, 1, 1.5, 2, 10, 50, 100, 500,
                1000, 2000, 3000, 4000, 5000, 7500, 1e4, 25e3, 5e4, 75e3, 1e5, 1e6, 1e9])


def points(quality, cost, predicted, prices):
    """Return the summed cost and the mean quality at each willingness to pay, one row per value."""
    rows, out = np.arange(len(quality)), []
    for pay in PAY:
        model = np.argmax(pay * predicted - prices, axis=1)
        out.append((cost[rows, model].sum(), quality[rows, model].mean()))
    return np.array(out)


def lifted(path):
    """Return the points between the cheapest and the dearest, lifted to the highest line between two others."""
    path = path[np.argsort(path[:, 0], kind="stable")]
    best = {}
    for i in range(len(path)):
        for j in range(i, len(path)):
            for x, y in path:
                if path[i, 0] < x < path[j, 0]:
                    line = np.interp(x, path[[i, j], 0], path[[i, j], 1])
                    best[x] = max(best.get(x, -np.inf), y, line)
    inner = [(x, best[x]) for x in sorted(best)]
    return np.array([tuple(path[0])] + inner + [tuple(path[-1])])


def area(path):
    """Return the area below a path over its highest cost."""
    return ((path[1:, 0] - path[:-1, 0]) * (path[1:, 1] + path[:-1, 1]) / 2).sum() / path[-1, 0]


def main():
    rng = np.random.default_rng(1)
    hard = rng.random((PROMPTS, 1))
    price = 1e-7 * 3.0 ** (np.arange(MODELS) / 2)
    ability = np.linspace(0.2, 0.9, MODELS)
    predicted = 1 / (1 + np.exp(6 * (hard - ability)))
    quality = (rng.random((PROMPTS, MODELS)) < predicted).astype(float)
    cost = price * rng.uniform(500, 1500, (PROMPTS, 1))
    begin = time.process_time()
    for _ in range(REPEATS):
        path = points(quality, cost, predicted, price)
        aiq = area(lifted(path))
    spent = (time.process_time() - begin) / REPEATS
    print(f"{spent * 1000:.1f} ms per evaluation at {len(np.unique(path[:, 0]))} points (AIQ {aiq:.4f})")


if __name__ == "__main__":
    main()
