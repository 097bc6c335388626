"""Python files as JSON, each with whether Python takes it: `corpus.py SEED FILES CHANGED`.

FILES of Python's library and of kfp are as they are; CHANGED ones are changed in one place.
"""

import glob
import io
import json
import os
import random
import sys
import tokenize
import warnings

import kfp

warnings.simplefilter("ignore")
TOKENS = (tokenize.NAME, tokenize.OP, tokenize.NUMBER, tokenize.STRING)
ROOTS = (os.path.dirname(os.__file__), os.path.dirname(kfp.__file__))


def read(path):
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return file.read()
    except (OSError, ValueError):
        return None


def is_valid(text):
    try:
        compile(text, "x", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


def changed(text, chance):
    """The text with one token removed, doubled or replaced, or a bracket, quote or indentation too many."""
    try:
        tokens = [token for token in tokenize.generate_tokens(io.StringIO(text).readline) if token.type in TOKENS]
    except (tokenize.TokenError, SyntaxError):
        return None
    if not tokens:
        return None
    token = chance.choice(tokens)
    lines = text.splitlines(keepends=True)
    start = sum(map(len, lines[: token.start[0] - 1])) + token.start[1]
    end = sum(map(len, lines[: token.end[0] - 1])) + token.end[1]
    row = sum(map(len, lines[: token.start[0] - 1]))
    return chance.choice(
        [
            text[:start] + text[end:],
            text[:end] + " " + text[start:],
            text[:start] + chance.choice(tokens).string + text[end:],
            text[:start] + chance.choice("()[]{}:,=.'") + text[start:],
            text[:row] + " " + text[row:],
            text[:end],
        ]
    )


def main():
    seed, files, changes = map(int, sys.argv[1:])
    chance = random.Random(seed)
    paths = sorted({path for root in ROOTS for path in glob.glob(root + "/**/*.py", recursive=True)})
    small = [path for path in paths if 100 < os.path.getsize(path) < 20_000]
    result = []
    for path in chance.sample(paths, min(files, len(paths))):
        text = read(path)
        if text is not None and len(text) < 200_000:
            result.append({"name": path, "text": text.removeprefix("\ufeff"), "valid": is_valid(text)})
    while changes > 0:
        path = chance.choice(small)
        text = changed(read(path) or "", chance)
        if text is not None:
            result.append({"name": "changed " + path, "text": text, "valid": is_valid(text)})
            changes -= 1
    json.dump(result, sys.stdout)


main()
