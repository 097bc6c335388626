"""The smallest pipeline: it shows that the new images compile one and pin it."""

from kfp import dsl


@dsl.component(base_image="registry.example.com/kfops/kfops-compiler")
def check() -> str:
    return "compiled and pinned"


@dsl.pipeline(name="kfops-images")
def images() -> str:
    return check().output
