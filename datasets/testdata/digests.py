"""Reads a JSON list of prompts from stdin and prints the digests of the normalised prompts, by the formula in the documentation of NormSHA256Hex."""
import hashlib
import json
import sys
import unicodedata

print(json.dumps([hashlib.sha256(" ".join(unicodedata.normalize("NFC", p).casefold().split()).encode()).hexdigest()
                  for p in json.load(sys.stdin)]))
