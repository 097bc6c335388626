"""Reads YAML as PyYAML's safe loader does: one text as a line of JSON in, what it holds as a line of JSON out."""

import json
import sys

import yaml

for line in sys.stdin:
    try:
        print(json.dumps({"json": yaml.safe_load(json.loads(line))}, default=repr))
    except yaml.YAMLError as error:
        print(json.dumps({"error": str(error)}))
