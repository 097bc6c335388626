from kfp import dsl


@dsl.pipeline(name="training")
def training(): ...


@dsl.pipeline(name="scoring")
def scoring(): ...
