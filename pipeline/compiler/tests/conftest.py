"""Compiles small repositories. kfp is imported once; each compile runs in a fork of this process."""

import json
import os
import sys
import textwrap
from pathlib import Path

import pytest

COMPILER = Path(__file__).parent.parent
sys.path.insert(0, str(COMPILER))
sys.dont_write_bytecode = True

import kfops_worker  # noqa: E402

kfops_worker.import_kfp()

COMPONENTS = """
    from kfp import dsl

    @dsl.component(base_image="registry.example/team/trainer")
    def train(rows: int) -> str:
        return str(rows)

"""
PIPELINE = (
    COMPONENTS
    + """
    @dsl.pipeline(name="iris", description="Flowers")
    def iris(rows: int = 3):
        train(rows=rows)
"""
)


class Repository:
    def __init__(self, root):
        self.root = Path(os.path.realpath(root))

    def write(self, files):
        for path, text in files.items():
            file = self.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(textwrap.dedent(text))
        return self

    def compile(self, file="pipeline/pipeline.py", function=None, timeout=60, memory=4096, env=None):
        """The compiled pipeline, or the report that says why not; None where the process ended before it could."""
        output, report = self.root.parent / "out.yaml", self.root.parent / "report.json"
        for path in (output, report):
            path.unlink(missing_ok=True)
        request = {
            "root": str(self.root),
            "file": file,
            "function": function,
            "output": str(output),
            "report": str(report),
            "timeout": timeout,
            "memory": memory * 2**20,
        }
        child = os.fork()
        if child == 0:
            try:
                os.chdir(self.root)
                os.environ.update(env or {})
                sys.path[:] = [entry for entry in sys.path if "tests" not in entry]
                sys.argv[:] = ["kfops_worker.py", json.dumps(request)]
                kfops_worker.main()
            finally:
                os._exit(9)
        os.waitpid(child, 0)
        if not report.exists():
            return None
        said = json.loads(report.read_text())
        return said or output.read_text()


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path / "repository")
