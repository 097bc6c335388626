from kfp import dsl

from steps import train


@dsl.pipeline(name="churn")
def churn(rows: int = 100)
    train(rows=rows)
