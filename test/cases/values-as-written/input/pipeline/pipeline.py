from kfp import dsl


@dsl.pipeline
def train(): ...
