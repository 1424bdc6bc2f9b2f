"""The equations of lesson 13 see mistakes that would hide."""

import numpy as np
import pytest

from nnlib.checks import lesson_13, registry
from nnlib.network import Layer
from nnlib.optimizers import Adam, RMSProp, each_array

registry.load_all()


class RMSPropInside(RMSProp):
    """With ε inside the root."""

    def step(self, params, grads):
        self.epsilon, kept = 0, self.epsilon
        super().step(params, grads)
        self.epsilon = kept
        roots = each_array(lambda s: np.sqrt(s + kept), self.mean_square)
        return each_array(lambda p, g, r: p - self.lr * g / r, params, grads, roots)


class AdamInside(Adam):
    """With ε inside the root."""

    def step(self, params, grads):
        super().step(params, grads)
        c1, c2 = 1 - self.beta1**self.t, 1 - self.beta2**self.t

        def move(p, m, s):
            return p - self.lr * (m / c1) / np.sqrt(s / c2 + self.epsilon)

        return each_array(move, params, self.mean, self.mean_square)


def add_l2_to_all(grads, params, strength):
    return [Layer(dW + strength * W, db + strength * b) for (dW, db), (W, b) in zip(grads, params)]


def mask_of_ones(shape, rate, rng, dtype=np.float32):
    return (rng.random(shape) >= rate).astype(dtype)


@pytest.mark.filterwarnings("ignore:divide by zero", "ignore:invalid value")
@pytest.mark.parametrize(
    ("id", "name", "wrong"),
    [
        ("13.6", "RMSProp", RMSPropInside),
        ("13.9", "Adam", AdamInside),
        ("13.11", "add_l2", add_l2_to_all),
        ("13.12", "dropout_mask", mask_of_ones),
    ],
)
def test_an_equation_sees_the_mistake(monkeypatch, id, name, wrong):
    monkeypatch.setattr(lesson_13, name, wrong)
    sides = registry.EQUATIONS[id].sides(np.random.default_rng(0))
    assert registry.equation_error(*sides) > registry.BAR
