"""The name that Kfops of 2022 had: its pipelines keep working."""

from . import image as versioned_image

__all__ = ["versioned_image"]
