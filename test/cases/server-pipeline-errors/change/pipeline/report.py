from kfp import dsl


@dsl.component
def report()
    print("done")
