from kfp import dsl


@dsl.component
def train(rows: int, rate: float, columns: list, full: bool): ...


@dsl.pipeline
def churn(rows: int, rate: float, columns: list, full: bool):
    train(rows=rows, rate=rate, columns=columns, full=full)
