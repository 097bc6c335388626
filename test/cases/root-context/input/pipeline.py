from kfp import dsl


@dsl.component(base_image='ghcr.io/acme/trainer')
def train():
    pass


@dsl.pipeline(name='churn')
def churn():
    train()
