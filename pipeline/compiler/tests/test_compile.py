"""What a pipeline's author may write."""

import subprocess
import sys

import pytest
import yaml
from conftest import COMPONENTS, PIPELINE


def images_of(compiled):
    executors = yaml.safe_load(compiled)["deploymentSpec"]["executors"]
    return {name: executor["container"]["image"] for name, executor in executors.items()}


def test_gives_the_bytes_that_kfp_gives(repository, tmp_path):
    repository.write({"pipeline/pipeline.py": PIPELINE})
    compiled = repository.compile()
    command = "from kfp.cli.__main__ import main; main()"
    arguments = ["dsl", "compile", "--py", str(repository.root / "pipeline/pipeline.py"), "--output"]
    subprocess.run([sys.executable, "-c", command, *arguments, str(tmp_path / "kfp.yaml")], check=True)
    assert compiled == (tmp_path / "kfp.yaml").read_text()


def test_imports_what_stands_beside_the_file_and_at_the_root(repository):
    repository.write(
        {
            "pipeline/pipeline.py": "from steps import train\nfrom libs.names import NAME\nfrom kfp import dsl\n"
            "@dsl.pipeline(name=NAME)\ndef iris():\n    train(rows=1)\n",
            "pipeline/steps.py": COMPONENTS,
            "libs/names.py": "NAME = 'by-name'\n",
        }
    )
    assert "name: by-name" in repository.compile()


def test_imports_a_package_by_its_dotted_name(repository):
    repository.write(
        {
            "src/flowers/__init__.py": "",
            "src/flowers/ml/__init__.py": "",
            "src/flowers/steps.py": COMPONENTS,
            "src/flowers/ml/pipeline.py": "from ..steps import train\nfrom kfp import dsl\n"
            "@dsl.pipeline\ndef iris():\n    train(rows=1)\n",
        }
    )
    assert "name: iris" in repository.compile("src/flowers/ml/pipeline.py")


def test_a_file_may_have_the_name_of_a_module_of_python(repository):
    repository.write({"types.py": PIPELINE, "queue.py": "raise Exception('not Python’s')"})
    assert "name: iris" in repository.compile("types.py")


def test_modules_of_the_compiler_are_not_in_the_way(repository):
    text = PIPELINE.replace("from kfp import dsl", "import errors, worker\n    from kfp import dsl")
    repository.write({"pipeline/pipeline.py": text, "pipeline/errors.py": "", "pipeline/worker.py": ""})
    assert "name: iris" in repository.compile()


@pytest.mark.parametrize(
    "line",
    [
        "import os; IMAGE = os.environ['KFOPS_IMAGE_TRAINER']",
        "import json, os; IMAGE = json.load(open(os.environ['KFOPS_IMAGES_FILE']))['trainer']",
        "import kfops; IMAGE = kfops.images()['trainer']",
        "import kfops; IMAGE = kfops.image('trainer')",
        "from kfops.tagger import versioned_image; IMAGE = versioned_image('trainer')",
    ],
)
def test_a_pipeline_may_ask_for_its_images(repository, tmp_path, line):
    reference = "registry.example/team/trainer@sha256:" + "1" * 64
    (tmp_path / "images.json").write_text('{"trainer": "%s"}' % reference)
    text = PIPELINE.replace("from kfp import dsl", f"from kfp import dsl\n    {line}")
    repository.write({"pipeline/pipeline.py": text.replace('"registry.example/team/trainer"', "IMAGE")})
    env = {"KFOPS_IMAGES_FILE": str(tmp_path / "images.json"), "KFOPS_IMAGE_TRAINER": reference}
    assert images_of(repository.compile(env=env)) == {"exec-train": reference}


def test_takes_the_function_that_is_named(repository):
    other = "\n    @dsl.pipeline(name='second')\n    def second():\n        train(rows=1)\n"
    repository.write({"pipeline/pipeline.py": PIPELINE + other})
    assert "name: second" in repository.compile(function="second")
    # A component is a pipeline of one step.
    assert "name: train" in repository.compile(function="train")


def test_a_pipeline_of_another_file_is_a_part_of_the_one_here(repository):
    text = "from part import iris\nfrom kfp import dsl\n@dsl.pipeline(name='whole')\ndef whole():\n    iris(rows=1)\n"
    repository.write({"pipeline/part.py": PIPELINE, "pipeline/pipeline.py": text})
    assert "name: whole" in repository.compile()


def test_one_pipeline_with_two_names_is_one(repository):
    repository.write({"pipeline/pipeline.py": PIPELINE + "\n    other = iris\n"})
    assert "name: iris" in repository.compile()


def test_threads_and_exit_handlers_do_not_keep_it_waiting(repository):
    text = """
    import atexit, threading, time
    threading.Thread(target=time.sleep, args=[600]).start()
    atexit.register(time.sleep, 600)
    """
    repository.write({"pipeline/pipeline.py": PIPELINE + text})
    assert "name: iris" in repository.compile()
