"""Writes what it reads as a recording for `asciinema play`: `stamp.py FILE COLUMNS ROWS`."""

import json
import os
import sys
import time

path, columns, rows = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
start, decode = time.monotonic(), __import__("codecs").getincrementaldecoder("utf-8")("replace").decode
with open(path, "w") as file:
    header = {"version": 2, "width": columns, "height": rows, "env": {"TERM": "tmux-256color"}}
    file.write(json.dumps(header) + "\n")
    while data := os.read(0, 65536):
        file.write(json.dumps([round(time.monotonic() - start, 3), "o", decode(data)]) + "\n")
        file.flush()
