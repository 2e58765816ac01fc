"""Reads a JSON list of prompts on stdin and prints the digests of their normalised form, computed as NormSHA256Hex documents."""
import hashlib
import json
import sys
import unicodedata

print(json.dumps([hashlib.sha256(" ".join(unicodedata.normalize("NFC", p).casefold().split()).encode()).hexdigest()
                  for p in json.load(sys.stdin)]))
