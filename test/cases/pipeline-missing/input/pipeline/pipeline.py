from kfp import dsl


@dsl.component
def train(rows: int):
    print(rows)


def churn(rows: int = 100):
    train(rows=rows)
