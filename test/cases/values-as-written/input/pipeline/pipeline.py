from kfp import dsl


@dsl.pipeline
def train(from_set: str = ""): ...
