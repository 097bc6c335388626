from kfp import dsl


@dsl.component
def train(rows: int):
    print("training", rows
