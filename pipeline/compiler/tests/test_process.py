"""compile_pipeline.py as the workflow and the command line start it."""

import io
import json
import subprocess
import sys
import tarfile

import compile_pipeline
import kfops_files
import pytest
from conftest import COMPILER, PIPELINE
from kfops_errors import CompileError

FILE = "pipeline/pipeline.py"
DIGEST = "sha256:" + "1" * 64


def run(repository, *arguments, file=FILE):
    here = repository.root.parent
    error = here / "error.json"
    command = [sys.executable, str(COMPILER / "compile_pipeline.py"), "--root", str(repository.root), "--file", file]
    command += ["--output", str(here / "pipeline.yaml"), "--error", str(error), *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    return done, json.loads(error.read_text()) if error.exists() else None


def test_compiles(repository, tmp_path):
    repository.write({FILE: "print('for people')\n" + PIPELINE.replace("\n    ", "\n")})
    done, error = run(repository)
    assert (done.returncode, done.stdout, error) == (0, "", None)
    assert "for people" in done.stderr
    assert "name: iris" in (tmp_path / "pipeline.yaml").read_text()
    assert not list(repository.root.rglob("__pycache__"))


def test_says_why_not(repository, tmp_path):
    repository.write({FILE: "1 / 0\n"})
    done, error = run(repository)
    assert done.returncode == 2
    assert (error["kind"], error["file"], error["line"], error["code"]) == ("code", FILE, 1, "1 / 0")
    assert "pipeline/pipeline.py:1: 1 / 0" in done.stderr
    assert not (tmp_path / "pipeline.yaml").exists()


def test_quiet_says_why_not_in_the_report_only(repository):
    repository.write({FILE: "print('for people')\n1 / 0\n"})
    done, error = run(repository, "--quiet")
    assert (done.returncode, error["kind"]) == (2, "code")
    assert done.stderr == "for people\n"


def test_quiet_says_what_it_cannot_report(repository):
    repository.write({FILE: "1 / 0\n"})
    done, error = run(repository, "--quiet", "--error", str(repository.root / FILE / "below-a-file.json"))
    assert error is None
    assert "pipeline/pipeline.py:1: 1 / 0" in done.stderr


@pytest.mark.parametrize(
    ("text", "kind", "timeout"),
    [
        ("import os\nos._exit(0)\n", "exit", "100"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n", "killed", "100"),
        ("import signal\nsignal.alarm(0)\nwhile True: pass\n", "timeout", "4"),
    ],
)
def test_survives_what_the_worker_cannot_report(repository, monkeypatch, text, kind, timeout):
    repository.write({FILE: text})
    monkeypatch.setattr(compile_pipeline, "GRACE", 1)
    arguments = compile_pipeline.parse_arguments(
        ["--root", str(repository.root), "--file", FILE, "--output", "o", "--error", "e", "--timeout", timeout]
    )
    with pytest.raises(CompileError) as raised:
        compile_pipeline.run_worker(arguments, str(repository.root), str(repository.root.parent))
    assert raised.value.kind == kind


def test_what_the_code_started_does_not_outlive_it(repository, tmp_path):
    text = "import subprocess\nprocess = subprocess.Popen(['sleep', '600'])\nprint('started', process.pid)\n1 / 0\n"
    repository.write({FILE: text})
    done, _ = run(repository)
    pid = next(line.split()[1] for line in done.stderr.splitlines() if line.startswith("started"))
    state = subprocess.run(["ps", "-o", "stat=", "-p", pid], capture_output=True, text=True).stdout.strip()
    assert state in ("", "Z", "Zs")


def archive_of(path, members):
    with tarfile.open(path, "w:gz") as tar:
        for name, content in members:
            member = tarfile.TarInfo(name)
            if content.startswith("->"):
                member.type, member.linkname = tarfile.SYMTYPE, content[2:]
                tar.addfile(member)
            else:
                member.size = len(content.encode())
                tar.addfile(member, io.BytesIO(content.encode()))
    return str(path)


def test_compiles_an_archive(tmp_path):
    archive = archive_of(tmp_path / "a.tar.gz", [(FILE, PIPELINE.replace("\n    ", "\n")), ("link.py", "->" + FILE)])
    output, error = tmp_path / "pipeline.yaml", tmp_path / "error.json"
    arguments = ["--archive", archive, "--file", FILE, "--output", str(output), "--error", str(error)]
    subprocess.run([sys.executable, str(COMPILER / "compile_pipeline.py"), *arguments], check=True)
    assert "name: iris" in output.read_text()


@pytest.mark.parametrize(
    "members",
    [
        [("../outside.py", "x")],
        [("/outside.py", "x")],
        [("link", "->.."), ("link/outside.py", "x")],
        [("link", "->/etc/passwd")],
    ],
)
def test_an_archive_writes_nothing_outside(tmp_path, members):
    folder = tmp_path / "work" / "repository"
    folder.parent.mkdir()
    archive = archive_of(tmp_path / "a.tar.gz", members)
    try:
        compile_pipeline.unpack(archive, str(folder))
    except CompileError as error:
        assert error.kind == "archive"
    assert not list(tmp_path.glob("outside.py")) + list(folder.parent.glob("outside.py"))
    assert not any(path.is_symlink() for path in folder.iterdir())


@pytest.mark.parametrize("content", [b"", b"no archive", None])
def test_an_archive_that_is_none_is_said(tmp_path, content):
    path = tmp_path / "a.tar.gz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CompileError, match="cannot be unpacked"):
        compile_pipeline.unpack(str(path), str(tmp_path / "work"))


def test_an_old_python_unpacks_nothing(tmp_path, monkeypatch):
    monkeypatch.delattr("tarfile.data_filter")
    with pytest.raises(CompileError, match="too old"):
        compile_pipeline.unpack(archive_of(tmp_path / "a.tar.gz", []), str(tmp_path / "work"))


def test_an_archive_has_limits(tmp_path, monkeypatch):
    monkeypatch.setattr(compile_pipeline, "MAX_FILES", 1)
    archive = archive_of(tmp_path / "a.tar.gz", [("a", ""), ("b", "")])
    with pytest.raises(CompileError, match="more than 1 files"):
        compile_pipeline.unpack(archive, str(tmp_path / "work"))


@pytest.mark.parametrize(
    "file", ["../pipeline.py", "/etc/hosts.py", "pipeline/none.py", "pipeline/data.txt", "pipeline/link.py"]
)
def test_takes_files_of_the_repository_only(repository, tmp_path, file):
    (tmp_path / "pipeline.py").write_text("print('outside')")
    repository.write({FILE: PIPELINE, "pipeline/data.txt": ""})
    (repository.root / "pipeline/link.py").symlink_to(tmp_path / "pipeline.py")
    with pytest.raises(CompileError) as raised:
        compile_pipeline.check_file(str(repository.root), file)
    assert raised.value.kind == "path"


GOOD = {"trainer": f"registry.example:5000/team/trainer@{DIGEST}"}
EXPECTED = {"trainer": "registry.example:5000/team/trainer", "server": "registry.example:5000/team/server"}


@pytest.mark.parametrize("text", [json.dumps(GOOD), "{}"])
def test_takes_images_of_this_build(tmp_path, text):
    (tmp_path / "images.json").write_text(text)
    assert compile_pipeline.read_images(str(tmp_path / "images.json"), EXPECTED) == json.loads(text)


def test_without_digests_images_stand_for_themselves():
    assert compile_pipeline.read_images(None, EXPECTED) == EXPECTED


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '[["trainer", "x"]]',
        '"text"',
        "null",
        '{"trainer": 1}',
        '{"trainer": {"a": "b"}}',
        '{"trainer": "registry.example:5000/team/trainer:tag"}',
        '{"trainer": "registry.example:5000/team/trainer@sha256:1"}',
        f'{{"trainer": "registry.example:5000/team/trainer@{DIGEST}\\n"}}',
        f'{{"trainer": "registry.example:5000/team/trainer@{DIGEST.upper()}"}}',
        f'{{"trainer": "evil.example/trainer@{DIGEST}"}}',
        f'{{"other": "registry.example:5000/team/trainer@{DIGEST}"}}',
        json.dumps(GOOD)[:-1] + f', "trainer": "registry.example:5000/team/trainer@sha256:{"2" * 64}"}}',
        json.dumps(GOOD)[:-1] + f', "tr\\u0061iner": "registry.example:5000/team/trainer@{DIGEST}"}}',
    ],
)
def test_refuses_images_that_somebody_forged(tmp_path, text):
    (tmp_path / "images.json").write_text(text)
    with pytest.raises(CompileError) as raised:
        compile_pipeline.read_images(str(tmp_path / "images.json"), EXPECTED)
    assert raised.value.kind == "images"


def test_says_which_build_forged_its_digest(tmp_path):
    (tmp_path / "images.json").write_text('{"trainer": "registry.example:5000/team/trainer@invalid"}')
    with pytest.raises(CompileError, match="build of the image 'trainer' reported a digest that isn't one") as raised:
        compile_pipeline.read_images(str(tmp_path / "images.json"), EXPECTED)
    assert raised.value.kind == "images"
    assert "/kaniko" in raised.value.hint


def test_two_images_have_two_variables():
    assert compile_pipeline.variables({"a-b": "x"}) == {"KFOPS_IMAGE_A_B": "x"}
    with pytest.raises(CompileError, match="'a-b' and 'a_b' would both be the variable KFOPS_IMAGE_A_B"):
        compile_pipeline.variables({"a-b": "x", "a_b": "y"})


def test_parts_of_a_report_that_have_another_type_are_left_out():
    frames = [1, {"line": "x"}, {"file": 3, "line": 1}, {"file": "a.py", "line": 0, "code": "x\ty"}]
    report = {"kind": ["x"], "message": {"a": 1}, "frames": frames, "hint": 7}
    assert CompileError.from_report(report).report() == {
        "kind": "code",
        "message": "The code failed and did not say why",
        "file": "a.py",
        "line": 1,
        "code": "x y",
        "frames": [{"file": "a.py", "line": 1, "function": "", "code": "x y"}],
    }


@pytest.mark.parametrize("size", [0, 1, 10])
def test_reads_a_regular_file_up_to_its_limit(tmp_path, size):
    (tmp_path / "file").write_bytes(b"x" * size)
    assert kfops_files.read_regular(str(tmp_path / "file"), 10) == b"x" * size


def test_reads_no_file_that_is_larger(tmp_path):
    (tmp_path / "file").write_bytes(b"x" * 11)
    with pytest.raises(kfops_files.TooLarge) as raised:
        kfops_files.read_regular(str(tmp_path / "file"), 10)
    assert raised.value.size == 11
