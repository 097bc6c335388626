"""What the tests in TypeScript read is what kfp writes today."""

from pathlib import Path

import pytest

FIXTURES = Path(__file__).parents[3] / "test/fixtures/pipelines"


@pytest.mark.parametrize("name", ["flowers"])
def test_recorded_pipelines_are_what_kfp_writes(repository, name):
    repository.write({f"{name}.py": (FIXTURES / f"{name}.py").read_text()})
    assert repository.compile(f"{name}.py", function=name) == (FIXTURES / f"{name}.yaml").read_text()
