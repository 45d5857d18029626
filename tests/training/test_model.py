from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="training needs requirements-training.txt")

from tests.training.scenes import material
from training.export import export, imported
from training.measure import held, measured
from training.model import Corrector, Shape
from training.parity import compared, is_same
from training.parts import read_parts, write_parts
from training.train import Plan, Run
from training.windows import Window

TINY = Shape(width=64, layers=2, heads=2, hidden=96, window=31)
WINDOWS = [Window("rnany rnen", "many men"), Window("Größe 12", "Größe 12"), Window("tbe moon", "the moon")]


def run(folder, broad: int = 12, fine: int = 8) -> Run:
    return Run(folder, Plan(TINY, broad, fine, size=8))


def finished(folder, **options) -> Run:
    one = run(folder, **options)
    assert one.go(material(), held(WINDOWS, TINY.window, 8))
    return one


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    return finished(tmp_path_factory.mktemp("run"))


def test_twenty_batches_teach_it_something(tmp_path):
    before = Corrector(TINY)
    after = finished(tmp_path).model
    windows = held(WINDOWS, TINY.window, 8)
    nats = [measured(model, windows, torch.device("cpu"))["nats"] for model in (before, after)]
    assert nats[1] < nats[0]


def test_a_run_goes_on_where_it_was_stopped(tmp_path):
    stopped = run(tmp_path)
    assert stopped.go(material(), held(WINDOWS, TINY.window, 8), seconds=0) is False
    assert run(tmp_path).place.batch == 1
    assert finished(tmp_path).place.stage == "fine"


def test_a_run_that_is_done_is_not_done_again(tmp_path):
    first = finished(tmp_path).model.state_dict()
    again = finished(tmp_path).model.state_dict()
    assert all(torch.equal(first[name], again[name]) for name in first)


def test_a_run_does_not_go_on_with_another_shape(tmp_path):
    finished(tmp_path)
    with pytest.raises(ValueError, match="another shape"):
        Run(tmp_path, Plan(Shape(32, 1, 1, 32, 31), 1, 1))


def test_llama_cpp_computes_what_torch_does(trained, tmp_path):
    export(trained.model, tmp_path / "tiny.gguf", name="tiny", kind="f32")
    assert is_same(compared(trained.model, tmp_path / "tiny.gguf", WINDOWS), "f32")


def test_eight_bits_are_nearly_as_good(trained, tmp_path):
    export(trained.model, tmp_path / "tiny.gguf", name="tiny", kind="q8_0")
    found = compared(trained.model, tmp_path / "tiny.gguf", WINDOWS)
    assert found.letters
    assert found.furthest < 0.1
    assert found.same > 0.9  # a model of twenty batches hardly prefers one byte to the next


def test_another_model_is_not_taken_for_the_same(trained, tmp_path):
    export(Corrector(TINY), tmp_path / "other.gguf", name="other", kind="f32")
    assert not is_same(compared(trained.model, tmp_path / "other.gguf", WINDOWS), "f32")


def test_a_file_can_be_trained_on(trained, tmp_path):
    export(trained.model, tmp_path / "tiny.gguf", name="tiny", kind="f32")
    again = imported(tmp_path / "tiny.gguf")
    assert again.shape == TINY
    assert all(torch.equal(w, again.state_dict()[name]) for name, w in trained.model.state_dict().items())


def test_weights_travel_in_parts(trained, tmp_path, monkeypatch):
    monkeypatch.setattr("training.parts.LARGEST", 40_000)
    assert len(write_parts(trained.model, tmp_path)) > 1
    again = read_parts(tmp_path).state_dict()
    assert all(torch.allclose(w, again[name], atol=1e-2) for name, w in trained.model.state_dict().items())


def test_shape_counts_its_weights():
    assert TINY.parameters == sum(weights.numel() for weights in Corrector(TINY).parameters())
