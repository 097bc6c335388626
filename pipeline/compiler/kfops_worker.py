"""Runs the repository's code and compiles its pipeline; started by compile_pipeline.py, which watches it."""

import importlib
import importlib.util
import json
import os
import resource
import signal
import sys
import warnings
from os import _exit  # the code could replace that of `os`

import kfops_errors as errors
from kfops_errors import CompileError

HERE = os.path.dirname(os.path.realpath(__file__))
# How long it may take to say what went wrong, in seconds: less than the parent's grace.
EXPLAINING = 3


class TimeIsUp(BaseException):
    """No Exception, so that the code's own `except Exception` does not swallow it."""


def time_is_up(*_):
    raise TimeIsUp


def import_kfp():
    """kfp before anything of the repository, so that a `types.py` there is not taken for Python's."""
    warnings.simplefilter("ignore", FutureWarning)
    try:
        import kfp
        from kfp import compiler, dsl  # noqa: F401
    except ImportError as error:
        raise CompileError("no_kfp", f"{sys.executable} has no kfp: {error}") from None
    if not kfp.__version__.startswith("2."):
        raise CompileError("no_kfp", f"{sys.executable} has kfp {kfp.__version__}, and KFP 2 is needed")


def import_file(root, file):
    """The repository's module, by its dotted name where it is part of a package, so that its relative imports work."""
    path = os.path.join(root, file)
    here = top = os.path.dirname(path)
    package = []
    while top != root and os.path.isfile(os.path.join(top, "__init__.py")):
        package.insert(0, os.path.basename(top))
        top = os.path.dirname(top)
    others = [entry for entry in sys.path if os.path.realpath(entry) != HERE]
    sys.path[:] = [top, root, here, os.path.join(HERE, "lib"), *others]
    if package:
        return importlib.import_module(".".join([*package, os.path.basename(path)[: -len(".py")]]))
    spec = importlib.util.spec_from_file_location("kfops_user_pipeline", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def find_pipeline(module, root, file, function):
    from kfp.dsl import base_component, graph_component

    pipelines = {}
    for name, value in vars(module).items():
        if isinstance(value, graph_component.GraphComponent) and value not in pipelines.values():
            pipelines[name] = value
    names = ", ".join(pipelines) or "none"
    if function is not None:
        found = getattr(module, function, None)
        if isinstance(found, base_component.BaseComponent):
            return found
        problem = "is not decorated with @dsl.pipeline" if callable(found) else "is not there"
        raise CompileError("function", f"{function} of {file} {problem}; its pipelines: {names}")
    own = {k: v for k, v in pipelines.items() if v.pipeline_func.__module__ == module.__name__}
    if len(own or pipelines) == 1:
        return next(iter((own or pipelines).values()))
    if not pipelines:
        hint = "Decorate the pipeline's function with @dsl.pipeline."
        raise CompileError("no_pipeline", f"{file} has no pipeline", hint=hint)
    hint = "Say which with pipeline_function_name."
    lines = [value.pipeline_func.__code__.co_firstlineno for value in own.values()]
    frames = [errors.frame_at(module.__file__, line, "", root) for line in lines]
    raise CompileError("several_pipelines", f"{file} has {len(own or pipelines)} pipelines: {names}", frames, hint)


def compile_pipeline(request):
    root, file = request["root"], request["file"]
    signal.signal(signal.SIGALRM, time_is_up)
    signal.alarm(request["timeout"])
    lift = limit_memory(request["memory"])
    try:
        import_kfp()
        from kfp import compiler

        pipeline = find_pipeline(import_file(root, file), root, file, request["function"])
        compiler.Compiler().compile(pipeline, package_path=request["output"])
        return {}
    except BaseException as error:  # exit() and all that the code may raise
        lift()
        return explain(error, request).report()


def explain(error, request):
    """What the code raised, within a time of its own: its exceptions may have methods that do not end."""
    root = request["root"]
    try:
        signal.alarm(EXPLAINING)
        if isinstance(error, TimeIsUp):
            return errors.timeout(request["timeout"], errors.safely(errors.frames_of, error, root, default=[]))
        return errors.explain(error, root, request["file"])
    except TimeIsUp:
        return CompileError("code", errors.name_of(error))


def limit_memory(size):
    """Returns what takes the limit off again: saying that memory ran out needs some, too."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (size, hard))
    except (ValueError, OSError):
        pass  # macOS knows no such limit
    # The code could have lowered it for good.
    return lambda: errors.safely(resource.setrlimit, resource.RLIMIT_AS, (soft, hard))


def main():
    request = json.loads(sys.argv[1])
    sys.argv[1:] = []
    report = compile_pipeline(request)
    signal.alarm(0)
    with open(request["report"], "w", encoding="utf-8") as file:
        json.dump(report, file)
    errors.safely(sys.stdout.flush)
    errors.safely(sys.stderr.flush)
    # Threads that the code started, and what it registered for the end, have no say in it.
    _exit(0)


if __name__ == "__main__":
    main()
