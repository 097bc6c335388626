# What a pipeline's code finds when it looks for credentials; the test puts this above a pipeline. What is looked for is
# written so that this file itself does not match.
import base64
import os
import re
import ssl
import urllib.error
import urllib.request


def readable(folders):
    for folder in folders:
        for at, _, names in os.walk(folder):
            for name in names:
                path = os.path.join(at, name)
                try:
                    if os.path.isfile(path) and os.path.getsize(path) < 2**20:
                        with open(path, "rb") as file:
                            yield path, file.read()
                except OSError:
                    pass


def environments():
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:
                yield f"/proc/{pid}/environ", file.read()
        except OSError:
            pass


def answers(url, **headers):
    """The status, where there is an answer at all."""
    try:
        request = urllib.request.Request(url, headers=headers)
        with urllib.request.urlopen(request, timeout=2, context=ssl._create_unverified_context()) as answer:
            return str(answer.status)
    except urllib.error.HTTPError as error:
        return "refused" if error.code in (401, 403) else str(error.code)
    except OSError:
        return "unreachable"


EVERYWHERE = [f"/{name}" for name in sorted(os.listdir("/")) if name not in ("proc", "sys", "usr", "dev")]
EVERYWHERE = [folder for folder in EVERYWHERE if not os.path.islink(folder)]
FOUND = [*readable(EVERYWHERE), *environments()]
KEY = base64.b64decode("@KEY@")
TOKEN = re.compile(rb"ey" + rb"J[\w-]{10,}\.ey" + rb"J[\w-]{10,}\.[\w-]{10,}")
API = f"https://{os.environ['KUBERNETES_SERVICE_HOST']}:{os.environ['KUBERNETES_SERVICE_PORT']}"
SECRETS = "/run/secrets", "/var/run/secrets"

print("LOOK ran as", os.getuid())
print("LOOK secrets:", [folder for folder in SECRETS if os.path.exists(folder)])
print("LOOK tokens:", [path for path, text in FOUND if TOKEN.search(text)])
print("LOOK keys:", [path for path, text in FOUND if KEY in text])
print("LOOK variables:", [n for n in os.environ if re.search("TOKEN|SECRET|PASSW|CREDENTIAL|ACCESS_?KEY", n, re.I)])
print("LOOK metadata:", answers("http://169.254.169.254/computeMetadata/v1/", **{"Metadata-Flavor": "Google"}))
print("LOOK Kubernetes:", answers(API + "/api/v1/namespaces/kfops/secrets"))
print("LOOK Kubeflow Pipelines:", answers("@KFP@/apis/v2beta1/pipelines"))
