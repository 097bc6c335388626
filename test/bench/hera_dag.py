"""Writes the DAG of Kfops for many images with Hera: `hera_dag.py FILE IMAGES BATCH`. Nothing is packed or looked up."""

import json
import sys

from hera.workflows import DAG, Container, Parameter, RawArtifact, S3Artifact, Task, Workflow
from hera.workflows.models import SecretKeySelector, ValueFrom

STORE = {
    "endpoint": "minio-service.kubeflow.svc.cluster.local:9000",
    "insecure": True,
    "bucket": "image-build-artifacts",
    "access_key_secret": SecretKeySelector(name="mlpipeline-minio-artifact", key="accesskey"),
    "secret_key_secret": SecretKeySelector(name="mlpipeline-minio-artifact", key="secretkey"),
}
REGISTRY = "ghcr.io/acme"


def kaniko() -> Container:
    return Container(
        name="kaniko",
        image="ghcr.io/osscontainertools/kaniko:v1.28.3",
        command=["/kaniko/executor"],
        args=[
            "--context=tar:///kaniko/ctx/context.tar.gz",
            "--dockerfile={{inputs.parameters.dockerfile}}",
            f"--destination={REGISTRY}/{{{{inputs.parameters.image}}}}:{{{{inputs.parameters.tag}}}}",
            "--digest-file=/kaniko/digest",
        ],
        inputs=[
            Parameter(name="context"),
            Parameter(name="dockerfile", value="Dockerfile"),
            Parameter(name="image"),
            Parameter(name="tag"),
            S3Artifact(
                name="context",
                path="/kaniko/ctx/context.tar.gz",
                key="ctx/{{inputs.parameters.context}}.tar.gz",
                **STORE,
            ),
        ],
        outputs=[Parameter(name="digest", value_from=ValueFrom(path="/kaniko/digest"))],
    )


def step(name: str, images: list[str]) -> Container:
    return Container(
        name=name,
        image="ghcr.io/kfops/kfops-compiler:0.1.0",
        command=["python", f"/opt/kfops/{name}.py"],
        args=[f"--expect={image}={REGISTRY}/{image}" for image in images],
        inputs=[Parameter(name="source"), RawArtifact(name="images", path="/kfops/images.json", data="")],
    )


def digest_of(batch: str, place: int) -> str:
    value = f"tasks['{batch}'].outputs.parameters['d{place}']"
    return f"{{{{={value} matches '^sha256:[a-f0-9]{{64}}$' ? {value} : 'invalid'}}}}"


def write(file: str, count: int, size: int) -> None:
    images = [f"image-{i}" for i in range(count)]
    batches = [images[i : i + size] for i in range(0, count, size)]
    digests: dict[str, str] = {}
    with Workflow(generate_name="kfops-churn-", namespace="kfops", entrypoint="main") as workflow:
        build = kaniko()
        last = [step(name, images) for name in ("compile-pipeline", "publish-pipeline")]
        dags = []
        for number, batch in enumerate(batches, 1):
            name = f"batch-{number}"
            outputs = []
            for place, image in enumerate(batch, 1):
                digests[image] = f"{REGISTRY}/{image}@{digest_of(name, place)}"
                value = f"{{{{tasks.build-{image}.outputs.parameters.digest}}}}"
                outputs.append(Parameter(name=f"d{place}", value_from=ValueFrom(parameter=value)))
            with DAG(name=name, outputs=outputs) as dag:
                for image in batch:
                    arguments = {"context": image.rjust(64, "0"), "image": image, "tag": image.rjust(12, "0")}
                    Task(name=f"build-{image}", template=build, arguments=arguments)
            dags.append(dag)
        with DAG(name="main"):
            built = [Task(name=dag.name, template=dag) for dag in dags]
            data = json.dumps(digests)
            steps = [
                Task(
                    name=each.name,
                    template=each,
                    arguments=[
                        Parameter(name="source", value="0" * 64),
                        RawArtifact(name="images", data=data),
                    ],
                )
                for each in last
            ]
            built >> steps[0] >> steps[1]
    with open(file, "w", encoding="utf-8") as out:
        out.write(workflow.to_yaml())


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
