"""Compiles a KFP 2 pipeline of a repository: `compile_pipeline.py --root REPO --file pipeline/pipeline.py …`.

This process checks what it was given and watches a second one (kfops_worker.py) that runs the repository's code. Exit codes:
0 compiled · 2 not compiled, `--error` says why · 1 a mistake of this script.
"""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import zlib

import kfops_errors as errors
from kfops_errors import CompileError

HERE = os.path.dirname(os.path.realpath(__file__))
# As large as Kubeflow Pipelines takes a pipeline.
MAX_OUTPUT = 32 * 2**20
MAX_REPORT = 2**20
# Of an archive: what holds Python files and little more.
MAX_FILES = 20_000
MAX_BYTES = 2**28
# Each thread of these libraries reserves memory, on a large machine more than is allowed in all.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
# How long the worker may take to say where its time ran out, in seconds.
GRACE = 5
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def parse_arguments(argv):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], allow_abbrev=False)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--root", help="the repository")
    source.add_argument("--archive", help="the repository as a tar.gz")
    parser.add_argument("--file", required=True, help="the Python file, from the repository's root")
    parser.add_argument("--function", help="the pipeline, where the file has several")
    parser.add_argument("--images", help="JSON file: {name: repository@sha256:…}")
    parser.add_argument(
        "--expect",
        action="append",
        default=[],
        metavar="NAME=REPOSITORY",
        help="an image that --images may name; without --images it stands for itself",
    )
    parser.add_argument("--output", required=True, help="where the compiled pipeline goes")
    parser.add_argument("--error", required=True, help="where a JSON object goes that says why it was not compiled")
    parser.add_argument("--timeout", type=int, default=120, help="seconds")
    parser.add_argument("--memory", type=int, default=4096, help="MiB of address space")
    return parser.parse_args(argv)


def read_images(path, expected):
    """The images of a build, checked: a RUN step of a build could have forged its digest."""
    if path is None:
        return dict(expected)
    try:
        with open(path, encoding="utf-8") as file:
            pairs = json.load(file, object_pairs_hook=tuple)
    except (OSError, ValueError) as error:
        raise CompileError("images", f"The images cannot be read: {error}") from None
    # A tuple is an object: unlike a dict it keeps the keys that stand there twice.
    if not isinstance(pairs, tuple):
        raise CompileError("images", "The images are not a JSON object")
    images = {}
    for name, reference in pairs:
        if name in images:
            raise CompileError("images", f"The image {name!r} stands there twice")
        if not isinstance(reference, str):
            raise CompileError("images", f"The image {name!r} is not a text")
        repository, _, digest = reference.partition("@")
        if digest == "invalid":  # what Argo has put in place of what the build reported
            raise CompileError(
                "images",
                f"The build of the image {name!r} reported a digest that isn't one",
                hint="Look for a RUN step of its Dockerfile that writes to /kaniko, and remove it.",
            )
        if not DIGEST.fullmatch(digest) or not re.fullmatch(r"[\w.:/\[\]-]+", repository, re.ASCII):
            raise CompileError("images", f"The image {name!r} is not repository@sha256:<64 hexadecimal digits>")
        if expected and name not in expected:
            raise CompileError("images", f"The image {name!r} is not one of this build")
        if expected and repository != expected[name]:
            raise CompileError("images", f"The image {name!r} is in {repository}, not in {expected[name]}")
        images[name] = reference
    return images


def variables(images):
    """One environment variable for each image."""
    result = {}
    names = {}
    for name, reference in images.items():
        variable = "KFOPS_IMAGE_" + re.sub(r"[^A-Za-z0-9]", "_", name).upper()
        if variable in result:
            raise CompileError("images", f"{names[variable]!r} and {name!r} would both be the variable {variable}")
        names[variable] = name
        result[variable] = reference
    return result


def check_file(root, file):
    path = os.path.realpath(os.path.join(root, file))
    if not path.startswith(os.path.join(root, "")):
        raise CompileError("path", f"pipeline_path {file} is outside of the repository")
    if not path.endswith(".py"):
        raise CompileError("path", f"pipeline_path {file} does not end in .py")
    if not os.path.isfile(path):
        raise CompileError("path", f"pipeline_path {file} is not in the repository")


def unpack(archive, folder):
    """The archive's files in a new folder; nothing outside of it is written, whatever the archive says."""
    if not hasattr(tarfile, "data_filter"):
        raise CompileError("archive", "This Python is too old to unpack an archive safely: use 3.11.4 or newer")
    os.mkdir(folder)
    try:
        with tarfile.open(archive, "r:gz") as tar:
            files = size = 0
            for member in tar:
                files, size = files + 1, size + member.size
                if files > MAX_FILES or size > MAX_BYTES:
                    raise CompileError("archive", f"The archive has more than {MAX_FILES} files or {MAX_BYTES} bytes")
                tar.extract(member, folder, filter="data")
    except (OSError, EOFError, tarfile.TarError, zlib.error) as error:
        raise CompileError("archive", f"The archive cannot be unpacked: {error}") from None
    return folder


def run_worker(arguments, root, work):
    expected = dict(item.partition("=")[::2] for item in arguments.expect)
    images = read_images(arguments.images, expected)
    check_file(root, arguments.file)
    images_file = os.path.join(work, "images.json")
    with open(images_file, "w", encoding="utf-8") as file:
        json.dump(images, file)
    request = {
        "root": root,
        "file": arguments.file,
        "function": arguments.function,
        "output": os.path.join(work, "pipeline.yaml"),
        "report": os.path.join(work, "report.json"),
        "timeout": arguments.timeout,
        "memory": arguments.memory * 2**20,
    }
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("KFOPS_IMAGE")}
    environment = {**ONE_THREAD, **inherited}
    environment.update(variables(images), KFOPS_IMAGES_FILE=images_file, PYTHONDONTWRITEBYTECODE="1")
    # A session of its own, so that nothing that the code starts outlives it. What it prints is for people.
    worker = subprocess.Popen(
        [sys.executable, os.path.join(HERE, "kfops_worker.py"), json.dumps(request)],
        cwd=root,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        start_new_session=True,
    )
    try:
        code = worker.wait(arguments.timeout + GRACE)
    except subprocess.TimeoutExpired:
        raise errors.timeout(arguments.timeout) from None
    finally:
        try:
            os.killpg(worker.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        worker.wait()
    return take_result(request, code, arguments.output)


def take_result(request, code, output):
    report = read_report(request["report"])
    if report is None:
        if code < 0:
            name = signal.Signals(-code).name
            raise CompileError("killed", f"The process was ended by {name}", hint=errors.MEMORY_HINT)
        raise CompileError("exit", f"The code ended its process with exit code {code}", hint=errors.EXIT_HINT)
    if report:
        raise CompileError.from_report(report)
    if not os.path.isfile(request["output"]):
        raise CompileError("exit", "The code removed the compiled pipeline")
    size = os.path.getsize(request["output"])
    if size > MAX_OUTPUT:
        raise CompileError(
            "size",
            f"The compiled pipeline has {size} bytes, and Kubeflow Pipelines takes {MAX_OUTPUT} at most",
            hint="Load large values at run time instead of writing them into the pipeline.",
        )
    shutil.copyfile(request["output"], output)


def read_report(path):
    """What the worker said: None where it did not get that far, {} where all is well."""
    try:
        with open(path, encoding="utf-8") as file:
            report = json.loads(file.read(MAX_REPORT))
    except (OSError, ValueError):
        return None
    return report if isinstance(report, dict) else None


def main(argv=None):
    # So that `finally` ends the worker when this process is told to end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    arguments = parse_arguments(argv)
    try:
        with tempfile.TemporaryDirectory(prefix="kfops-") as work:
            root = arguments.root or unpack(arguments.archive, os.path.join(work, "repository"))
            run_worker(arguments, os.path.realpath(root), work)
    except CompileError as error:
        with open(arguments.error, "w", encoding="utf-8") as file:
            json.dump(error.report(), file, indent=1)
        print(error.text(), file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
