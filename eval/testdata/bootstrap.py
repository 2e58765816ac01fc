"""APGR and CPT50 of a router on given resamples, the plain way: repeat the drawn samples,
sort them, walk the curve.

stdin:  int64 n, int64 b; float64 strong[n], weak[n], scores[n]; int32 weight[b][n], how often
        each sample was drawn
stdout: "apgr cpt50" a resample, then "seconds S", the processor time of the computing
"""

import sys
import time

import numpy as np


def metrics(strong, weak, scores):
    order = np.argsort(-scores, kind="stable")
    gain = (strong - weak)[order]
    last = np.append(np.diff(scores[order]) != 0, True)  # of each tie
    n = len(gain)
    fraction = np.append(0, (np.flatnonzero(last) + 1) / n)
    gained = np.append(0, np.cumsum(gain)[last])
    pgr = gained / gained[-1]
    i = np.argmax(pgr >= 0.5)
    share = (0.5 - pgr[i - 1]) / (pgr[i] - pgr[i - 1])
    return np.trapezoid(pgr, fraction), fraction[i - 1] + share * (fraction[i] - fraction[i - 1])


def main():
    data = sys.stdin.buffer.read()
    n, b = np.frombuffer(data, np.int64, 2)
    strong, weak, scores = np.frombuffer(data, np.float64, 3 * n, 16).reshape(3, n)
    weights = np.frombuffer(data, np.int32, b * n, 16 + 24 * n).reshape(b, n)
    start = time.process_time()
    rows = []
    for weight in weights:
        drawn = np.repeat(np.arange(n), weight)
        rows.append(metrics(strong[drawn], weak[drawn], scores[drawn]))
    seconds = time.process_time() - start
    for apgr, cpt in rows:
        print(repr(float(apgr)), repr(float(cpt)))
    print("seconds", seconds)


if __name__ == "__main__":
    main()
