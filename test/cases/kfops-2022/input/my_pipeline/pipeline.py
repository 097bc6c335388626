from kfp import dsl


@dsl.pipeline
def my_pipeline_func(): ...
