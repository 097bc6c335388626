"""Why a pipeline was not compiled, in words and places of its repository."""

import ast
import linecache
import os
import re
import signal
import sys
import traceback

MAX_MESSAGE = 2000
MAX_FRAMES = 20
# Of what a message is made of: a text of an exception may be larger than the memory.
MAX_RAW = 4 * MAX_MESSAGE
# Of how many causes of an error the places are looked for.
MAX_CAUSES = 100
# Characters of a part of a frame.
MAX_PART = 200
INTERNAL = "internal"
INTERNAL_HINT = "Report this as a bug of Kfops, with the output of this step."
# What the worker may say. Other kinds blame what the repository's code has no part in.
KINDS = {
    "code", "exit", "function", "import", "kfops_model", "kfp1", "memory", "no_kfp", "no_pipeline", "several_pipelines",
    "syntax", "timeout", "type",
}  # fmt: skip
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
    """The pipeline cannot be compiled. All parts are valid text of bounded length, whatever they are made of."""

    def __init__(self, kind, message, frames=(), hint=None):
        super().__init__(message)
        self.kind, self.message = kind, clean(message, MAX_MESSAGE)
        self.hint = clean(hint, MAX_MESSAGE) if hint else None
        self.frames = [clean_frame(frame) for frame in list(frames)[-MAX_FRAMES:]]

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
        """Of the worker's report, which the repository's code could have written: parts of another type are left out."""
        kind, message, hint, frames = (report.get(key) for key in ("kind", "message", "hint", "frames"))
        return cls(
            kind if isinstance(kind, str) and kind in KINDS else "code",
            message if isinstance(message, str) else "The code failed and did not say why",
            [frame for frame in (frames if isinstance(frames, list) else []) if is_frame(frame)],
            hint if isinstance(hint, str) else None,
        )


def is_frame(frame):
    return (
        isinstance(frame, dict)
        and all(isinstance(frame.get(key, ""), str) for key in ("file", "function", "code"))
        and isinstance(frame.get("line", 1), int)
        and 0 <= frame.get("line", 1) < 2**31
    )


def clean_frame(frame):
    text = {key: clean(frame.get(key, ""), MAX_PART) for key in ("file", "function", "code")}
    return {**text, "line": max(1, int(frame.get("line", 1)))}


def clean(text, longest):
    """Text that can be encoded and shown: a half of a surrogate pair and a control character are none."""
    return re.sub("[\x00-\x1f\x7f-\x9f\ud800-\udfff]", "\ufffd", re.sub("[\t\n\r]", " ", text[:longest]))


def name_of_signal(number):
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"  # a real-time one


def timeout(seconds, frames=()):
    return CompileError(
        "timeout",
        f"The code did not end within {seconds} seconds",
        frames,
        "Look for an endless loop, and for waiting on the network, in the code that runs when the file is imported.",
    )


def safely(function, *arguments, default=None):
    """What a function gives, or `default` where it fails: the repository's own exceptions have methods of their own."""
    try:
        return function(*arguments)
    except BaseException:
        return default


def described(error):
    """What an exception says of itself, in one line."""
    text = safely(str, error, default="")
    return " ".join(str.__str__(text)[:MAX_RAW].split())


def name_of(error):
    """The name of an exception's class, which a metaclass cannot change."""
    return type.__dict__["__name__"].__get__(type(error))


def module_of(error):
    module = type.__dict__["__module__"].__get__(type(error))
    return module if isinstance(module, str) else ""


def named(error):
    message = described(error)
    return f"{name_of(error)}: {message}" if message else name_of(error)


def explain(error, root, file):
    """The CompileError for anything that the repository's code raised."""
    plain = CompileError("code", name_of(error))
    return safely(explain_well, error, root, file, default=plain)


def explain_well(error, root, file):
    if isinstance(error, CompileError):
        return error
    frames = safely(frames_of, error, root, default=[])
    message = described(error).replace(os.path.join(root, ""), "")
    named = f"{name_of(error)}: {message}" if message else name_of(error)
    if isinstance(error, SystemExit):
        return CompileError("exit", f"{file} called exit({safely(repr, error.code, default='…')[:MAX_PART]})", frames, EXIT_HINT)
    if isinstance(error, MemoryError):
        return CompileError("memory", "The code needed too much memory", frames, MEMORY_HINT)
    if module_of(error) == "kfops.model":
        hint = "Write a component with a parameter `model: dsl.Output[dsl.Model]` and store the model at `model.path`."
        return CompileError("kfops_model", message, frames, hint)
    if isinstance(error, SyntaxError):
        return CompileError("syntax", f"{name_of(error)}: {error.msg}", frames)
    old = safely(kfp1_name, error, frames, root)
    if old:
        return CompileError("kfp1", f"{old} is KFP 1: {named}", frames, KFP1_HINT)
    if isinstance(error, ImportError):
        return CompileError("import", named, frames, safely(import_hint, error, root, file))
    if module_of(error) == "kfp.dsl.types.type_utils":
        return CompileError("type", named, frames)
    return CompileError("code", named, frames)


def frames_of(error, root):
    """Where in the repository's own files an error comes from, the innermost last."""
    seen = set()
    while isinstance(error, BaseException) and id(error) not in seen and len(seen) < MAX_CAUSES:
        seen.add(id(error))
        calls = traceback.walk_tb(BaseException.__traceback__.__get__(error))
        own = [(f.f_code, line) for f, line in calls if in_repository(f.f_code.co_filename, root)]
        frames = [frame_at(code.co_filename, line, code.co_name, root) for code, line in own[-MAX_FRAMES:]]
        if isinstance(error, SyntaxError) and in_repository(error.filename, root):
            line = error.lineno if isinstance(error.lineno, int) else 1
            frames.append(frame_at(error.filename, line, "", root))
        if frames:
            return frames
        error = BaseException.__cause__.__get__(error) or BaseException.__context__.__get__(error)
    return []


def frame_at(path, line, function, root):
    path = os.path.realpath(path)
    code = linecache.getline(path, line).strip()
    return {"file": os.path.relpath(path, root), "line": line, "function": function, "code": code[:MAX_PART]}


def in_repository(path, root):
    """Not what is installed: a virtual environment may be in the repository's folder."""
    if not isinstance(path, str) or path == "" or path.startswith("<"):
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
