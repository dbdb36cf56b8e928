"""What checks conclude from a model is concluded once, and from each model by itself."""

import pytest
from msgspec.structs import replace

from bbws_readiness.model.model import Model
from bbws_readiness.model.once import once

MODEL = Model("sit", ("sit",), files=("main.tf",))


class Counting:
    """The files of a model, and how often somebody looked; the first look may fail."""

    def __init__(self, *, failing: bool = False) -> None:
        self.looks = 0
        self.failing = failing

    def files(self, model: Model) -> tuple[str, ...]:
        self.looks += 1
        if self.failing and self.looks == 1:
            raise OSError("not now")
        return model.files


def test_each_model_is_asked_once() -> None:
    counting = Counting()
    files = once(counting.files)
    model, other = replace(MODEL), replace(MODEL, files=("other.tf",))
    answers = [files(one) for one in (model, other, model, other)]
    assert answers == [("main.tf",), ("other.tf",)] * 2
    assert counting.looks == 2


def test_two_questions_have_two_answers() -> None:
    model = replace(MODEL)
    assert once(lambda asked: asked.environment)(model) == "sit"
    assert once(lambda asked: asked.files)(model) == ("main.tf",)


def test_what_was_concluded_is_no_part_of_the_model() -> None:
    model = replace(MODEL)
    once(Counting().files)(model)
    assert model.told
    assert model == MODEL
    assert not replace(model).told


def test_what_fails_is_asked_again() -> None:
    files = once(Counting(failing=True).files)
    model = replace(MODEL)
    with pytest.raises(OSError, match="not now"):
        files(model)
    assert files(model) == ("main.tf",)
