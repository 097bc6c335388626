"""What training and serving share: the classes of the flowers and the model's file."""

from pathlib import Path

CLASSES = ("setosa", "versicolor", "virginica")
MODEL_FILE = Path("/model/iris.joblib")


def class_name(index: int) -> str:
    return CLASSES[int(index)]
