"""The images of a build, for a pipeline that names them itself.

A pipeline does not need this module: images that stand in it by their repository are pinned after it was compiled.
"""

import json
import os
from typing import Dict

__all__ = ["image", "images"]


def images() -> Dict[str, str]:
    """Name of each image of config.yaml -> where it is, `registry/team/name@sha256:…`. Empty outside of Kfops."""
    path = os.environ.get("KFOPS_IMAGES_FILE")
    if path is None:
        return {}
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def image(name: str) -> str:
    """Where the image `name` of config.yaml is."""
    known = images()
    if name not in known:
        there = ", ".join(sorted(known)) or "none (is this compiled with Kfops?)"
        raise LookupError(f"config.yaml has no image {name!r}; there are: {there}")
    return known[name]
