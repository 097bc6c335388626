"""Trains a classifier of wines, then says how good it is. Kubeflow Pipelines 2."""

from kfp import dsl

REGISTRY = "registry.example.com/data-science"


@dsl.container_component
def train(trees: int, model: dsl.Output[dsl.Model]):
    return dsl.ContainerSpec(
        image=f"{REGISTRY}/wine_train",
        args=["--trees", trees, "--model", model.path],
    )


@dsl.component(base_image=f"{REGISTRY}/wine_base")
def evaluate(model: dsl.Input[dsl.Model]) -> float:
    import joblib
    from sklearn.datasets import load_wine

    features, classes = load_wine(return_X_y=True)
    return float(joblib.load(model.path).score(features, classes))


@dsl.pipeline(name="wine", description="Trains and checks a classifier of wines")
def wine(trees: int = 100) -> float:
    trained = train(trees=trees)
    return evaluate(model=trained.outputs["model"]).output
