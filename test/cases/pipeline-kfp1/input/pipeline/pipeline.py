import kfp.components as comp
from kfp import dsl, onprem
from kfp.components import InputPath


def download(url: str):
    print(url)


download_op = comp.create_component_from_func(download, base_image="python:3.7")


def train_op(rows):
    return dsl.ContainerOp(name="train", image="registry.example.com/trainer:1", arguments=[rows])


def volume_op():
    return dsl.VolumeOp(name="data", resource_name="data", size="1Gi")


try:
    from kfp.dsl import PipelineParam
except ImportError:
    PipelineParam = None


@dsl.component
def evaluate():
    import kfp.gcp


@dsl.pipeline(name="churn")
def churn(rows: int = 100):
    download_op("https://example.com/data.csv")
    with dsl.Condition(rows > 10):
        train_op(rows)
    dsl.get_pipeline_conf().set_image_pull_policy("Always")
