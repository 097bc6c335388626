import kfp.dsl as d
from kfp.dsl import pipeline


@d.pipeline(name="training")
def training(): ...


@pipeline
def scoring(): ...
