"""Compiles a KFP 2 pipeline of a repository: `compile_pipeline.py --root REPO --file pipeline/pipeline.py …`.

This process checks what it was given and watches a second one (kfops_worker.py) that runs the repository's code. It never
runs any itself, and reads what the code leaves only after everything that the code started has ended. Exit codes:
0 compiled · 2 not compiled · 1 a mistake of this script. With 2 and 1 `--error` says why.
"""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tarfile
import tempfile
import zlib

import kfops_errors as errors
import kfops_files as files
import kfops_processes as processes
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
        help="an image that --images may name; without --images it is used as it is",
    )
    parser.add_argument("--output", required=True, help="where the compiled pipeline goes")
    parser.add_argument("--error", required=True, help="where a JSON object goes that says why it was not compiled")
    parser.add_argument("--quiet", action="store_true", help="say what is wrong in --error only")
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
            raise CompileError("images", f"Duplicate image {name!r}")
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
    # A session of its own, so that the terminal's signals reach this process alone. What it prints is for people.
    worker = subprocess.Popen(
        [sys.executable, os.path.join(HERE, "kfops_worker.py"), json.dumps(request)],
        cwd=root,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=2,
        start_new_session=True,
    )
    try:
        code = worker.wait(arguments.timeout + GRACE)
    except subprocess.TimeoutExpired:
        code = None
    finally:
        processes.end_all(worker)
    return take_result(request, code)


def take_result(request, code):
    """The compiled pipeline. `code` is None where the worker had to be ended."""
    report = read_report(request["report"])
    if report:
        raise CompileError.from_report(report)
    if report is None and code is None:
        raise errors.timeout(request["timeout"])
    if report is None and code < 0:
        name = errors.name_of_signal(-code)
        raise CompileError("killed", f"The process was ended by {name}", hint=errors.MEMORY_HINT)
    if report is None:
        raise CompileError("exit", f"The code ended its process with exit code {code}", hint=errors.EXIT_HINT)
    try:
        return files.read_regular(request["output"], MAX_OUTPUT)
    except OSError:
        raise CompileError("exit", "The code removed the compiled pipeline") from None
    except files.TooLarge as error:
        raise CompileError(
            "size",
            f"The compiled pipeline has {error.size} bytes, and Kubeflow Pipelines takes {MAX_OUTPUT} at most",
            hint="Load large values at run time instead of writing them into the pipeline.",
        ) from None


def read_report(path):
    """What the worker said: None where it did not get that far, {} where all is well."""
    try:
        report = json.loads(files.read_regular(path, MAX_REPORT))
    except (OSError, ValueError, RecursionError, files.TooLarge):
        return None
    return report if isinstance(report, dict) else None


def compile_in(work, arguments):
    root = arguments.root or unpack(arguments.archive, os.path.join(work, "repository"))
    return run_worker(arguments, os.path.realpath(root), work)


def compile_or_explain(arguments):
    """The compiled pipeline, or why there is none. Nothing that the code left is there any more."""
    work = tempfile.mkdtemp(prefix="kfops-")
    try:
        return compile_in(work, arguments)
    except CompileError as error:
        return error
    except Exception as error:
        return CompileError(errors.INTERNAL, f"Kfops failed: {errors.named(error)}", hint=errors.INTERNAL_HINT)
    finally:
        files.remove(work)


def say(text):
    """For people. The code could have closed what is written to, or made it one that does not wait."""
    try:
        os.set_blocking(2, True)
        os.write(2, f"{text}\n".encode())
    except OSError:
        pass


def end(code):
    """Without what Python does at the end, which could fail on a closed stderr and change the exit code."""
    os._exit(code)


def open_streams():
    """Where one is closed, the next file that is opened would take its number, and the worker's output."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def main(argv=None):
    open_streams()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        # So that `finally` ends the worker when this process is told to end.
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    arguments = parse_arguments(argv)
    processes.adopt_orphans()
    result = compile_or_explain(arguments)
    if not isinstance(result, CompileError):
        result = save(result, arguments) or result
    if not isinstance(result, CompileError):
        return 0
    # What the code itself put there must not be taken for a pipeline, nor keep waiting what reads it.
    files.remove(arguments.output)
    report = json.dumps(result.report(), indent=1, ensure_ascii=False)
    told = False
    try:
        files.write_new(arguments.error, report.encode())
        told = arguments.quiet
    finally:
        if not told:
            say(result.text())
    return 1 if result.kind == errors.INTERNAL else 2


def save(compiled, arguments):
    """Returns why it could not be saved."""
    try:
        files.remove(arguments.error)
        files.write_new(arguments.output, compiled)
    except OSError as error:
        return CompileError(errors.INTERNAL, f"The compiled pipeline cannot be written: {error}", hint=errors.INTERNAL_HINT)
    return None


if __name__ == "__main__":
    end(main())
