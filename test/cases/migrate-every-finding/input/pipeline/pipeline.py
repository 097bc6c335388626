import kfp
from kfops.model import materialize_model
from kfops.tagger import versioned_image


def train(epochs: int): ...


train_op = kfp.components.create_component_from_func(
    func=train, base_image=versioned_image("trainer")
)


@kfp.dsl.pipeline(name="Iris")
def iris(version_id: "str"):
    train_op(10)
    kfp.dsl.ContainerOp(name="report", image="busybox")
