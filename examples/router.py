import json, sys

HARD = {"prove", "derive", "tenant", "landlord"}

for line in sys.stdin:
    sample = json.loads(line)
    words = sample["prompt"].lower().split()
    score = len(words) + 10 * len(HARD.intersection(words))
    print(json.dumps({"id": sample["id"], "score": score}))
