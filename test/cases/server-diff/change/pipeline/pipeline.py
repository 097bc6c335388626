"""Trains on the iris data set, then says how good the model is. Kubeflow Pipelines 2."""

from kfp import dsl

REGISTRY = "registry.example.com/data-science"


@dsl.container_component
def train(test_share: float, model: dsl.Output[dsl.Model]):
    return dsl.ContainerSpec(
        image=f"{REGISTRY}/iris_train",
        args=["--test-share", test_share, "--model", model.path],
    )


@dsl.component(base_image=f"{REGISTRY}/iris_train")
def evaluate(model: dsl.Input[dsl.Model]) -> float:
    import joblib
    from sklearn.datasets import load_iris

    features, classes = load_iris(return_X_y=True)
    return float(joblib.load(model.path).score(features, classes))


@dsl.pipeline(name="sklearn-iris", description="Trains and checks a classifier of flowers")
def iris(test_share: float = 0.3) -> float:
    trained = train(test_share=test_share)
    return evaluate(model=trained.outputs["model"]).output
