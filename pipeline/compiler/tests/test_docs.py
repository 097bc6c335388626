"""The snippets of docs/pipelines.md compile as they stand there."""

import re
from pathlib import Path

import pytest

TEXT = (Path(__file__).parents[3] / "docs/pipelines.md").read_text()
SNIPPETS = re.findall(r"^```python\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
REFERENCE = "registry.example.com/data-science/trainer@sha256:" + "1" * 64


@pytest.mark.parametrize("number", range(len(SNIPPETS)))
def test_snippets_compile(repository, tmp_path, number):
    (tmp_path / "images.json").write_text('{"trainer": "%s"}' % REFERENCE)
    env = {"KFOPS_IMAGES_FILE": str(tmp_path / "images.json"), "KFOPS_IMAGE_TRAINER": REFERENCE}
    compiled = repository.write({"pipeline.py": SNIPPETS[number]}).compile("pipeline.py", env=env)
    assert "# Name: iris\n" in compiled
    image = REFERENCE if "kfops" in SNIPPETS[number].lower() else REFERENCE.split("@")[0]
    assert f"image: {image}\n" in compiled


def test_there_are_snippets():
    assert len(SNIPPETS) == 3
