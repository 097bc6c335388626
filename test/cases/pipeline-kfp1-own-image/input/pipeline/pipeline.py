import kfp
from kfp import dsl


@kfp.dsl.pipeline(name="churn")
def churn(rows: int = 100):
    dsl.ContainerOp(name="train", image="registry.example.com/trainer:1", arguments=[rows])
