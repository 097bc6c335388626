"""What a pipeline's author is told: file, line and code of the repository only."""

import pytest
from conftest import COMPONENTS, PIPELINE

FILE = "pipeline/pipeline.py"


def line_of(text, code):
    return next(i for i, line in enumerate(text.split("\n"), 1) if code in line)


# What is wrong -> kind, what stands in the message, the line that it points at.
CASES = {
    "syntax": (PIPELINE + "\n    def broken(:\n", "syntax", "SyntaxError", "def broken("),
    "indentation": (PIPELINE + "\n      x = 1\n    y = 2\n", "syntax", "IndentationError", "x = 1"),
    "no such module": ("import numpyy\n", "import", "numpyy", "import numpyy"),
    "no such name": ("from kfp.dsl import pipelines\n", "import", "pipelines", "from kfp.dsl import pipelines"),
    "type of an argument": (
        COMPONENTS + "\n    @dsl.pipeline\n    def iris(name: str):\n        train(rows=name)\n",
        "type",
        "Incompatible argument",
        "train(rows=name)",
    ),
    "argument missing": (
        COMPONENTS + "\n    @dsl.pipeline\n    def iris():\n        train()\n",
        "code",
        "missing 1 required argument: rows",
        "train()",
    ),
    "no step": (COMPONENTS + "\n    @dsl.pipeline\n    def iris():\n        pass\n", "code", "Task is missing", "@dsl.pipeline"),
    "any exception": ("def f():\n    return 1 / 0\nf()\n", "code", "ZeroDivisionError", "return 1 / 0"),
    "exit": ("import sys\nsys.exit(3)\n", "exit", "exit(3)", "sys.exit(3)"),
    "exit 2": ("exit(2)\n", "exit", "exit(2)", "exit(2)"),
    "ContainerOp": ("from kfp import dsl\nx = dsl.ContainerOp(name='x', image='y')\n", "kfp1", "dsl.ContainerOp", "dsl.ContainerOp"),
    "ContainerOp imported": ("from kfp.dsl import (\n  ContainerOp)\n", "kfp1", "kfp.dsl.ContainerOp", "from kfp.dsl"),
    "create_component_from_func": (
        "import kfp.components as comp\nx = comp.create_component_from_func(print)\n",
        "kfp1",
        "comp.create_component_from_func",
        "x = comp",
    ),
    "kfp.onprem": ("from kfp import onprem\n", "kfp1", "kfp.onprem", "from kfp"),
    "kfp.gcp": ("import kfp.gcp\n", "kfp1", "kfp.gcp", "import kfp.gcp"),
    "InputPath": ("from kfp.components import InputPath\n", "kfp1", "kfp.components.InputPath", "InputPath"),
    "kfops.model": (
        "from kfops.model import materialize_model\n",
        "kfops_model",
        "materialize_model",
        "from kfops.model",
    ),
    "unknown image": ("import kfops\nkfops.image('tainer')\n", "code", "'tainer'", "kfops.image"),
    "recursion": ("def f():\n    return f() + 1\nf()\n", "code", "RecursionError", "return f()"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_says_where(repository, name):
    text, kind, message, code = CASES[name]
    repository.write({FILE: text})
    report = repository.compile()
    assert isinstance(report, dict), report
    assert (report["kind"], report["file"]) == (kind, FILE)
    assert message in report["message"]
    assert code in report["code"]
    assert report["line"] == line_of(text, code)
    assert len(report["frames"]) <= 20
    assert all(not frame["file"].startswith(("/", "..")) for frame in report["frames"])


def test_shows_every_step_of_the_way(repository):
    repository.write({FILE: "import steps\nsteps.make()\n", "pipeline/steps.py": "def make():\n    raise ValueError('no')\n"})
    report = repository.compile()
    assert [(f["file"], f["line"], f["code"]) for f in report["frames"]] == [
        (FILE, 2, "steps.make()"),
        ("pipeline/steps.py", 2, "raise ValueError('no')"),
    ]
    assert report["file"] == "pipeline/steps.py"


def test_shows_the_place_of_a_cause(repository):
    text = "import json\ntry:\n    json.loads('{')\nexcept ValueError as e:\n    raise RuntimeError('outer') from e\n"
    repository.write({FILE: text})
    assert repository.compile()["line"] == 5


def test_a_syntax_error_in_an_imported_file_is_shown_there(repository):
    repository.write({FILE: "import steps\n", "pipeline/steps.py": "\nx = = 1\n"})
    report = repository.compile()
    assert (report["kind"], report["file"], report["line"]) == ("syntax", "pipeline/steps.py", 2)


def test_installed_packages_are_not_the_repository(repository):
    repository.write(
        {
            FILE: "import sys\nsys.path.append('.venv/lib/site-packages')\nimport other\n",
            ".venv/lib/site-packages/other.py": "raise ValueError('deep')\n",
        }
    )
    assert repository.compile()["file"] == FILE


def test_says_that_a_file_hides_a_module_of_python(repository):
    repository.write({FILE: "from types import Flower\n", "pipeline/types.py": "Flower = str\n"})
    report = repository.compile()
    assert report["kind"] == "import"
    assert report["hint"].startswith("pipeline/types.py has the name")


@pytest.mark.parametrize(
    ("text", "function", "kind", "message"),
    [
        (COMPONENTS, None, "no_pipeline", "has no pipeline"),
        (PIPELINE + "\n    @dsl.pipeline\n    def other():\n        train(rows=1)\n", None, "several_pipelines", "2 pipelines: iris, other"),
        (PIPELINE, "irris", "function", "is not there; its pipelines: iris"),
        (PIPELINE + "\n    def plain():\n        pass\n", "plain", "function", "is not decorated"),
    ],
)  # fmt: skip
def test_says_which_pipelines_there_are(repository, text, function, kind, message):
    repository.write({FILE: text})
    report = repository.compile(function=function)
    assert report["kind"] == kind
    assert message in report["message"]


def test_an_endless_loop_ends_and_is_shown(repository):
    repository.write({FILE: "while True:\n    try:\n        sum(range(1000))\n    except Exception:\n        pass\n"})
    report = repository.compile(timeout=1)
    assert report["kind"] == "timeout"
    assert report["file"] == FILE


def test_too_much_memory_is_shown(repository):
    repository.write({FILE: "x = []\nwhile True:\n    x.append(bytearray(2**26))\n"})
    report = repository.compile(memory=1024)
    assert (report["kind"], report["line"]) == ("memory", 3)


def test_paths_of_the_machine_are_not_shown(repository):
    repository.write({FILE: "open(__file__ + 'x')\n"})
    report = repository.compile()
    assert str(repository.root) not in str(report)


def test_long_messages_are_cut(repository):
    repository.write({FILE: "raise ValueError('x' * 10**6)\n"})
    assert len(repository.compile()["message"]) == 2000
