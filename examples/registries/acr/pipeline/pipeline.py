"""A pipeline that needs no image of its own."""

from kfp import dsl


@dsl.component(base_image="python:3.11-slim")
def say_hello(recipient: str) -> str:
    message = f"Hello, {recipient}!"
    print(message)
    return message


@dsl.pipeline(name="hello")
def hello(recipient: str = "world") -> str:
    return say_hello(recipient=recipient).output
