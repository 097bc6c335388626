"""threat 70: whatever the repository's code does, there is a bounded report or a result, the right exit code, and an end."""

import json
import os
import subprocess
import sys
import time

import compile_pipeline
import pytest
from conftest import COMPILER, PIPELINE

FILE = "pipeline/pipeline.py"
KEYS = {"kind", "message", "hint", "file", "line", "code", "frames"}
# Far below what a wait without an end would take, far above what a slow machine needs.
PATIENCE = 120
# The work folder, and what the command line names.
PLACES = """
import json, os, signal, stat, sys, threading, time
arguments = open(f"/proc/{os.getppid()}/cmdline").read().split("\\0")
OUTPUT, ERROR = (arguments[arguments.index(name) + 1] for name in ("--output", "--error"))
request = json.loads(open("/proc/self/cmdline").read().split("\\0")[-2])
REPORT, COMPILED = request["report"], request["output"]
"""
# Enough of kfp for code that fails before it is asked for: importing kfp itself takes most of a test's time.
KFP = {"__init__.py": "__version__ = '2.0'", "compiler.py": "", "dsl.py": ""}
DEEP = "'[' * 100000 + ']' * 100000"
FAIL = "\n1 / 0\n"
COMPILES = PIPELINE.replace("\n    ", "\n")
# As the script starts itself, but for the patience with a worker that does not end.
START = """
import sys
sys.path.insert(0, sys.argv.pop(1))
import compile_pipeline
compile_pipeline.GRACE = 1
compile_pipeline.end(compile_pipeline.main())
"""


def compile_code(repository, code, timeout=60):
    """The exit code, error.json and the pipeline; what the code started has ended."""
    here = repository.root.parent
    (here / "out").mkdir()
    output, error = here / "out" / "pipeline.yaml", here / "out" / "error.json"
    repository.write({FILE: ""})
    (repository.root / FILE).write_text(code)
    arguments = ["--root", str(repository.root), "--file", FILE, "--output", str(output), "--error", str(error)]
    done = subprocess.run(
        [sys.executable, "-c", START, str(COMPILER), *arguments, "--timeout", str(timeout)],
        capture_output=True,
        timeout=PATIENCE,
        env=os.environ if code.endswith(COMPILES) else {**os.environ, "PYTHONPATH": str(small_kfp(here))},
    )
    assert b'compile_pipeline.py", line' not in done.stderr, done.stderr.decode()
    return done.returncode, read(error), read(output)


def small_kfp(folder):
    for name, text in KFP.items():
        (folder / "kfp").mkdir(exist_ok=True)
        (folder / "kfp" / name).write_text(text)
    return folder


def read(path):
    if not os.path.lexists(path):
        return None
    assert path.is_file() and not path.is_symlink()
    assert path.stat().st_size < 100_000
    return path.read_text()


def check_report(text):
    report = json.loads(text)
    assert set(report) <= KEYS
    assert isinstance(report["kind"], str) and isinstance(report["message"], str)
    json.dumps(report, ensure_ascii=False).encode()
    for frame in report["frames"]:
        assert set(frame) == {"file", "line", "function", "code"}
    return report


# What the code leaves as the worker's report, and ends its process.
REPORTS = {
    "a FIFO": "os.mkfifo(REPORT)",
    "a folder": "os.mkdir(REPORT)",
    "a link to a device": "os.symlink('/dev/zero', REPORT)",
    "a link to a file": "os.symlink('/etc/passwd', REPORT)",
    "a link to itself": "os.symlink(REPORT, REPORT)",
    "a huge sparse file": "open(REPORT, 'w').truncate(2**40)",
    "no JSON": "open(REPORT, 'w').write('{')",
    "no UTF-8": "open(REPORT, 'wb').write(b'\\xff\\xfe{}')",
    "deep JSON": f"open(REPORT, 'w').write({DEEP})",
    "a long number": "open(REPORT, 'w').write('1' * 100000)",
    "a list": "open(REPORT, 'w').write('[]')",
}


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_that_is_none(repository, name):
    code, error, output = compile_code(repository, f"{PLACES}{REPORTS[name]}\nos._exit(3)\n")
    report = check_report(error)
    assert (code, report["kind"], output) == (2, "exit", None)
    assert "exit code 3" in report["message"]


# What the code writes as the worker's report.
FORGED = {
    "wrong types": {"kind": ["x"], "message": {"a": 1}, "frames": 5, "hint": 7},
    "no frames": {"kind": "code", "message": "m", "frames": None},
    "wrong frames": {"kind": "code", "message": "m", "frames": [1, None, [], {"line": "x"}, {"line": 2**40}, {"line": True}, {"file": {}}]},
    "many frames": {"kind": "code", "message": "m", "frames": [{"file": "f" * 9000, "line": 1, "code": "\x00" * 900}] * 50},
    "large": {"kind": "code", "message": "m" * 500_000, "hint": "h" * 500_000, "frames": []},
    "half of a pair": {"kind": "code", "message": "a\ud800b", "hint": "\udfff", "frames": [{"file": "\ud800", "code": "\x1b[2J"}]},
    "another's fault": {"kind": "images", "message": "m", "frames": []},
    "NaN": {"kind": "code", "message": "m", "frames": [{"line": float("nan")}, {"line": -5}]},
    "nothing": {"a": 1},
}  # fmt: skip


@pytest.mark.parametrize("name", FORGED)
def test_a_report_that_the_code_wrote(repository, name):
    code = f"{PLACES}open(REPORT, 'w').write({json.dumps(FORGED[name])!r})\nos._exit(0)\n"
    code, error, output = compile_code(repository, code)
    assert (code, check_report(error)["kind"], output) == (2, "code", None)


# What the code puts where the result goes. Each with a code that fails, and with one that compiles.
PLACED = {
    "a FIFO": "for path in (OUTPUT, ERROR): os.mkfifo(path)",
    "a folder": "for path in (OUTPUT, ERROR): os.makedirs(path + '/a/b'); os.chmod(path + '/a', 0); os.chmod(path, 0)",
    "a link": "for path in (OUTPUT, ERROR): os.symlink('/dev/full', path)",
    "a file that is read-only": "for path in (OUTPUT, ERROR): open(path, 'w').write('forged'); os.chmod(path, 0)",
    "no folder": "os.rmdir(os.path.dirname(OUTPUT))",
    "a folder without rights": "os.chmod(os.path.dirname(OUTPUT), 0)",
}


@pytest.mark.parametrize("name", PLACED)
def test_what_stands_in_the_place_of_the_result(repository, name):
    code, error, output = compile_code(repository, f"{PLACES}{PLACED[name]}{FAIL}")
    assert (code, check_report(error)["kind"], output) == (2, "code", None)


@pytest.mark.parametrize("name", PLACED)
def test_what_stands_in_the_place_of_the_error(repository, name):
    code, error, output = compile_code(repository, f"{PLACES}{PLACED[name]}\n{COMPILES}")
    assert (code, error) == (0, None)
    assert "name: iris" in output


# What the code leaves as the compiled pipeline, after it said that all is well.
OUTPUTS = {
    "nothing": ("pass", "exit"),
    "a FIFO": ("os.mkfifo(COMPILED)", "exit"),
    "a folder": ("os.mkdir(COMPILED)", "exit"),
    "a link to a device": ("os.symlink('/dev/zero', COMPILED)", "exit"),
    "a huge sparse file": ("open(COMPILED, 'w').truncate(2**40)", "size"),
}


@pytest.mark.parametrize("name", OUTPUTS)
def test_a_compiled_pipeline_that_is_none(repository, name):
    leave, kind = OUTPUTS[name]
    code = f"{PLACES}{leave}\nopen(REPORT, 'w').write('{{}}')\nos._exit(0)\n"
    code, error, output = compile_code(repository, code)
    assert (code, check_report(error)["kind"], output) == (2, kind, None)


# What an exception can be. Each is raised; the report is one of kind "code" unless it says another.
EXCEPTIONS = {
    "its text raises": "class E(Exception):\n    def __str__(self): raise SystemExit(7)\n",
    "its text is none": "class E(Exception):\n    def __str__(self): return 5\n",
    "its text is large": "class E(Exception):\n    def __str__(self): return 'x ' * 50_000_000\n",
    "its text is half of a pair": "class E(Exception):\n    def __str__(self): return '\\ud800'\n",
    "its text is a class of its own": (
        "class T(str):\n    def __getitem__(self, key): raise ValueError\n    def split(self): return 5\n"
        "class E(Exception):\n    def __str__(self): return T('x')\n"
    ),
    "its class has no name": (
        "class M(type):\n    __name__ = property(lambda self: 1 / 0)\n    __module__ = property(lambda self: 1 / 0)\n"
        "class E(Exception, metaclass=M): pass\n"
    ),
    "its module is a number": "class E(Exception): pass\nE.__module__ = 5\n",
    "its cause is no exception": "class E(Exception):\n    __cause__ = 5\n    __context__ = property(lambda self: 1 / 0)\n",
    "its traceback is none": "class E(Exception):\n    __traceback__ = 7\n",
    "it causes itself": "class E(Exception): pass\nE = E()\nE.__cause__ = E\nE.__context__ = E\n",
    "many causes": (
        "E = Exception('last')\nfor i in range(100_000):\n    n = Exception(str(i))\n    n.__cause__ = E\n    E = n\n"
    ),
    "a deep group": "E = Exception()\nfor i in range(100_000): E = ExceptionGroup('x', [E])\n",
    "a syntax error of strange parts": (
        "class E(SyntaxError): pass\nE = E('m')\nE.filename, E.lineno, E.msg = 7, 'x', object()\n"
    ),
    "no Exception": "class E(BaseException): pass\n",
    "deep recursion": "import sys\nsys.setrecursionlimit(10**6)\ndef f(n):\n    if n == 0: raise ValueError('deep')\n    f(n - 1)\nf(20_000)\n",
    "the recursion's own": "def E(): return E()\n",
}  # fmt: skip


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_an_exception_of_any_kind(repository, name):
    code, error, output = compile_code(repository, EXCEPTIONS[name] + "raise E if isinstance(E, BaseException) else E()\n")
    assert (code, output) == (2, None)
    assert check_report(error)["kind"] in ("code", "syntax")


def test_exit_with_anything(repository):
    code = "class C:\n    def __repr__(self): raise KeyboardInterrupt\nraise SystemExit(C())\n"
    code, error, _ = compile_code(repository, code)
    assert (code, check_report(error)["kind"]) == (2, "exit")


# What else the code does to its process. The report is one of these kinds.
PROCESSES = {
    "closes its streams": (f"for i in range(256):\n    try: os.close(i)\n    except OSError: pass{FAIL}", ("code",)),
    "makes the shared stderr one that does not wait": (f"os.set_blocking(2, False){FAIL}", ("code",)),
    "replaces the streams": (f"sys.stdout = sys.stderr = None{FAIL}", ("code",)),
    "raises at a flush": (f"class S:\n    def flush(self): raise KeyboardInterrupt\nsys.stdout = S(){FAIL}", ("code",)),
    "is killed by a real-time signal": ("os.kill(os.getpid(), 40)\ntime.sleep(600)", ("killed",)),
    "stops itself": ("os.kill(os.getpid(), signal.SIGSTOP)", ("timeout",)),
    "ignores the alarm": ("signal.signal(signal.SIGALRM, signal.SIG_IGN)\ntime.sleep(600)", ("timeout",)),
    "catches everything for ever": (
        "while True:\n    try: time.sleep(600)\n    except BaseException: pass", ("timeout",)
    ),
    "raises what never says what it is": (
        "class E(Exception):\n    def __str__(self):\n        while True:\n            try: time.sleep(600)\n"
        "            except BaseException: pass\nraise E",
        ("timeout",),
    ),
    "replaces json": (f"import json\njson.dump = json.dumps = None{FAIL}", ("exit",)),
    "replaces builtins": (
        f"import builtins\nbuiltins.open = builtins.str = builtins.isinstance = builtins.type = None{FAIL}",
        ("exit", "code"),
    ),
    "replaces os._exit": ("import atexit\nos._exit = lambda code: None\natexit.register(time.sleep, 600)" + FAIL, ("code",)),
    "replaces traceback": (f"import traceback\ntraceback.walk_tb = traceback.extract_tb = None{FAIL}", ("code",)),
    "leaves threads": (f"threading.Thread(target=time.sleep, args=[600]).start(){FAIL}", ("code",)),
    "removes its folder": (f"import shutil\nshutil.rmtree(os.path.dirname(REPORT)){FAIL}", ("exit",)),
    "lowers its limits": (
        f"import resource\nresource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30)){FAIL}", ("code",)
    ),
    "allows itself no files": (f"import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)){FAIL}", ("exit", "killed")),
    "makes a deep folder": (
        f"os.chdir(os.path.dirname(REPORT))\nfor i in range(1200):\n    os.mkdir('d')\n    os.chdir('d'){FAIL}", ("code",)
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PROCESSES)
def test_what_the_code_does_to_its_process(repository, name):
    what, kinds = PROCESSES[name]
    code, error, output = compile_code(repository, PLACES + what + "\n", timeout=2 if kinds == ("timeout",) else 60)
    report = check_report(error)
    assert (code, output) == (2, None)
    assert report["kind"] in kinds, report


def test_nothing_that_left_the_workers_group_outlives_it(repository):
    pid = repository.root.parent / "pid"
    code = f"""
{PLACES}
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        open({str(pid)!r}, "w").write(str(os.getpid()))
        while True:
            for path in (OUTPUT, ERROR):
                try: os.unlink(path)
                except OSError: pass
    os._exit(0)
while not os.path.exists({str(pid)!r}): time.sleep(0.01)
1 / 0
"""
    code, error, _ = compile_code(repository, code)
    assert (code, check_report(error)["kind"]) == (2, "code")
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


def test_leaves_nothing_in_the_temporary_folder(repository, tmp_path, monkeypatch):
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    code = f"{PLACES}os.makedirs(os.path.dirname(REPORT) + '/a/b')\nos.chmod(os.path.dirname(REPORT) + '/a', 0){FAIL}"
    assert compile_code(repository, code)[0] == 2
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("closed", [1, 2])
def test_closed_streams_change_nothing(repository, closed):
    here = repository.write({FILE: FAIL}).root.parent
    env = {**os.environ, "PYTHONPATH": str(small_kfp(here))}
    command = f'exec "$@" {closed}>&-'
    script = [sys.executable, str(COMPILER / "compile_pipeline.py"), "--root", str(repository.root), "--file", FILE]
    script += ["--output", str(here / "o"), "--error", str(here / "e")]
    done = subprocess.run(["/bin/sh", "-c", command, "sh", *script], timeout=PATIENCE, stderr=subprocess.DEVNULL, env=env)
    assert (done.returncode, check_report((here / "e").read_text())["kind"]) == (2, "code")


def test_a_mistake_of_the_script_is_reported(repository, tmp_path, monkeypatch):
    monkeypatch.setattr(compile_pipeline, "run_worker", lambda *_: 1 / 0)
    monkeypatch.setattr(compile_pipeline.signal, "signal", lambda *_: None)
    arguments = ["--root", str(repository.root), "--file", FILE, "--output", str(tmp_path / "o")]
    assert compile_pipeline.main([*arguments, "--error", str(tmp_path / "e")]) == 1
    report = check_report((tmp_path / "e").read_text())
    assert report["kind"] == "internal"
    assert report["message"] == "Kfops failed: ZeroDivisionError: division by zero"


def test_a_result_that_cannot_be_written_is_reported(repository, tmp_path, monkeypatch):
    monkeypatch.setattr(compile_pipeline, "run_worker", lambda *_: b"name: iris")
    monkeypatch.setattr(compile_pipeline.signal, "signal", lambda *_: None)
    (tmp_path / "file").write_text("")
    arguments = ["--root", str(repository.root), "--file", FILE, "--output", str(tmp_path / "file" / "o")]
    assert compile_pipeline.main([*arguments, "--error", str(tmp_path / "e")]) == 1
    assert "cannot be written" in check_report((tmp_path / "e").read_text())["message"]


def test_waits_no_longer_than_its_limit(repository):
    start = time.monotonic()
    code, error, _ = compile_code(repository, f"{PLACES}os.mkfifo(REPORT)\nopen(REPORT)\n", timeout=3)
    assert (code, check_report(error)["kind"]) == (2, "timeout")
    assert time.monotonic() - start < PATIENCE / 2
