"""Why a pipeline was not compiled, in words and places of its repository."""

import ast
import linecache
import os
import sys
import traceback

MAX_MESSAGE = 2000
MAX_FRAMES = 20
EXIT_HINT = "Remove exit() from the code that runs when the file is imported."
MEMORY_HINT = "Perhaps it needed too much memory. Load data in the pipeline's steps, not when the file is imported."
KFP1_HINT = "This Kfops compiles KFP 2 only: https://www.kubeflow.org/docs/components/pipelines/user-guides/migration/"
# What KFP 1 had and KFP 2 has not.
KFP1_NAMES = {
    "ContainerOp", "ResourceOp", "VolumeOp", "VolumeSnapshotOp", "PipelineVolume", "PipelineParam", "Sidecar",
    "UserContainer", "InitContainer", "BaseOp", "ExitHandlerOp", "get_pipeline_conf", "graph_component",
    "create_component_from_func", "create_component_from_func_v2", "create_graph_component_from_pipeline_func",
    "func_to_container_op", "func_to_component_text", "build_python_component", "create_run_from_pipeline_func_v1",
    "InputPath", "OutputPath", "InputTextFile", "OutputTextFile", "InputBinaryFile", "OutputBinaryFile",
}  # fmt: skip
KFP1_MODULES = {"kfp.onprem", "kfp.gcp", "kfp.aws", "kfp.azure", "kfp.notebook", "kfp.containers"}


class CompileError(Exception):
    """The pipeline cannot be compiled, for a reason on the repository's side."""

    def __init__(self, kind, message, frames=(), hint=None):
        super().__init__(message)
        self.kind, self.message, self.hint = kind, message[:MAX_MESSAGE], hint
        self.frames = list(frames)[-MAX_FRAMES:]

    def report(self):
        """As error.json has it; the place is that of the innermost frame."""
        last = self.frames[-1] if self.frames else {}
        return {
            "kind": self.kind,
            "message": self.message,
            **({"hint": self.hint} if self.hint else {}),
            **{key: last[key] for key in ("file", "line", "code") if key in last},
            "frames": self.frames,
        }

    def text(self):
        lines = [f"  {f['file']}:{f['line']}: {f['code']}" for f in self.frames]
        return "\n".join([f"{self.kind}: {self.message}", *lines, *([self.hint] if self.hint else [])])

    @classmethod
    def from_report(cls, report):
        """Of the worker's report, which the repository's code could have written."""
        frames = [
            {key: type_(frame.get(key, type_())) for key, type_ in FRAME.items()}
            for frame in report.get("frames", [])
            if isinstance(frame, dict) and isinstance(frame.get("line", 0), int)
        ]
        hint = report.get("hint")
        return cls(str(report.get("kind", "code")), str(report.get("message", "")), frames, hint and str(hint))


FRAME = {"file": str, "line": int, "function": str, "code": str}


def timeout(seconds, frames=()):
    return CompileError(
        "timeout",
        f"The code did not end within {seconds} seconds",
        frames,
        "Look for an endless loop, and for waiting on the network, in the code that runs when the file is imported.",
    )


def explain(error, root, file):
    """The CompileError for anything that the repository's code raised."""
    if isinstance(error, CompileError):
        return error
    frames = frames_of(error, root)
    message = " ".join(str(error).split()).replace(os.path.join(root, ""), "")
    named = f"{type(error).__name__}: {message}" if message else type(error).__name__
    if isinstance(error, SystemExit):
        return CompileError("exit", f"{file} called exit({error.code!r})", frames, EXIT_HINT)
    if isinstance(error, MemoryError):
        return CompileError("memory", "The code needed too much memory", frames, MEMORY_HINT)
    if type(error).__module__ == "kfops.model":
        hint = "Write a component with a parameter `model: dsl.Output[dsl.Model]` and store the model at `model.path`."
        return CompileError("kfops_model", message, frames, hint)
    if isinstance(error, SyntaxError):
        return CompileError("syntax", f"{type(error).__name__}: {error.msg}", frames)
    old = kfp1_name(error, frames, root)
    if old:
        return CompileError("kfp1", f"{old} is KFP 1: {named}", frames, KFP1_HINT)
    if isinstance(error, ImportError):
        return CompileError("import", named, frames, import_hint(error, root, file))
    if type(error).__module__ == "kfp.dsl.types.type_utils":
        return CompileError("type", named, frames)
    return CompileError("code", named, frames)


def frames_of(error, root):
    """Where in the repository's own files an error comes from, the innermost last."""
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        frames = [
            frame_at(f.filename, f.lineno, f.name, root)
            for f in traceback.extract_tb(error.__traceback__)
            if in_repository(f.filename, root)
        ]
        if isinstance(error, SyntaxError) and in_repository(error.filename, root):
            frames.append(frame_at(error.filename, error.lineno or 1, "", root))
        if frames:
            return frames
        error = error.__cause__ or error.__context__
    return []


def frame_at(path, line, function, root):
    path = os.path.realpath(path)
    code = linecache.getline(path, line).strip()[:200]
    return {"file": os.path.relpath(path, root), "line": line, "function": function, "code": code}


def in_repository(path, root):
    """Not what is installed: a virtual environment may be in the repository's folder."""
    if not path or path.startswith("<"):
        return False
    path = os.path.realpath(path)
    if not path.startswith(os.path.join(root, "")):
        return False
    inside = os.path.relpath(path, root).split(os.sep)
    installed = os.path.realpath(sys.prefix)
    return not {"site-packages", "dist-packages"} & set(inside) and not path.startswith(os.path.join(installed, ""))


def kfp1_name(error, frames, root):
    """What of KFP 1 the line uses on which an import or an attribute failed, if that is why."""
    if not isinstance(error, (ImportError, AttributeError)) or not frames:
        return None
    module = getattr(error, "name", None) or ""
    if isinstance(error, ModuleNotFoundError):
        return next((name for name in KFP1_MODULES if f"{module}.".startswith(f"{name}.")), None)
    place = frames[-1]
    try:
        with open(os.path.join(root, place["file"]), encoding="utf-8") as file:
            tree = ast.parse(file.read())
    except (OSError, ValueError, SyntaxError):
        return None
    for node in ast.walk(tree):
        if not getattr(node, "lineno", 0) <= place["line"] <= (getattr(node, "end_lineno", 0) or 0):
            continue
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "kfp":
            for alias in node.names:
                if alias.name in KFP1_NAMES or f"{node.module}.{alias.name}" in KFP1_MODULES:
                    return f"{node.module}.{alias.name}"
        if isinstance(node, ast.Attribute) and node.attr in KFP1_NAMES and node.attr == module:
            return ast.unparse(node)
    return None


def import_hint(error, root, file):
    name = (getattr(error, "name", None) or "").split(".")[0]
    for folder in (os.path.dirname(os.path.join(root, file)), root):
        own = os.path.join(folder, f"{name}.py")
        if name in sys.modules and os.path.isfile(own):
            own = os.path.relpath(own, root)
            return f"{own} has the name of a module of Python or of a package: give it another name."
    if isinstance(error, ModuleNotFoundError):
        return (
            "Import it inside of the component that uses it, or name an image that has it in pipeline.compiler_image."
        )
    return None
