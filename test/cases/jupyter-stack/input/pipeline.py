from kfp import dsl


@dsl.pipeline
def many(): ...
