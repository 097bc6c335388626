"""What training and serving share: the names of the wines and the model's file."""

from pathlib import Path

CLASSES = ("barolo", "grignolino", "barbera")
MODEL_FILE = Path("/model/wine.joblib")


def class_name(index: int) -> str:
    return CLASSES[int(index)]
