"""python3 rows.py FOLDER: as rows.mjs, read by python-hl7."""
import json
import os
import sys

import hl7


def text(segment, field):
    return str(segment[field]) if field < len(segment) else ""


def first(segment, field):
    if field >= len(segment):
        return ""
    part = segment[field]
    while isinstance(part, hl7.Container):
        part = part[0] if len(part) else ""
    return str(part)


for name in sorted(os.listdir(sys.argv[1])):
    with open(os.path.join(sys.argv[1], name), encoding="latin-1", newline="") as file:
        message = hl7.parse(file.read())
    rows = [[first(s, 3), text(s, 5), first(s, 6), text(s, 14)] for s in message if str(s[0]) == "OBX"]
    print(json.dumps([name, rows]))
