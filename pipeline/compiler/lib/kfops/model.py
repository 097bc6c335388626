"""Kfops of 2022 had a component for models here. It was made of KFP 1, which this Kfops does not compile."""

from typing import NoReturn


class ModelModuleRemoved(Exception):
    """`kfops.model` was used."""


def __getattr__(name: str) -> NoReturn:
    if name.startswith("__"):
        raise AttributeError(name)
    raise ModelModuleRemoved(f"kfops.model.{name} used KFP 1 and no longer exists")
