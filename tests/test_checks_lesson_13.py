"""The checks of lesson 13: mistakes that would hide are seen, and named."""

import numpy as np
import pytest

from nnlib.checks import lesson_13, registry
from nnlib.checks.registry import verdict
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


def momentum_step(W, velocity, dW, lr, momentum):
    new = momentum * velocity + dW
    return W - lr * new, new


def in_lr(W, velocity, dW, lr, momentum):
    new = momentum * velocity + lr * dW
    return W - new, new


def plus_lr(W, velocity, dW, lr, momentum):
    new = momentum * velocity - dW
    return W + lr * new, new


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (momentum_step, "✓"),
        (lambda W, v, dW, lr, _: momentum_step(W, v, dW, lr, 0.9), "you calculate with 0.9"),
        (lambda W, v, dW, _, beta: momentum_step(W, v, dW, 0.05, beta), "the step is not lr times"),
        (lambda *given: momentum_step(*given)[::-1], "in the wrong order"),
        (in_lr, "holds lr * dW"),
        (plus_lr, "points downhill"),
    ],
)
def test_a_step_of_momentum(answer, words):
    assert words in verdict("13-1", answer)


def adam(start=1, epsilon=1e-8, shared=False):
    """Adam in place; m and s in one array if shared."""

    def answer(gradients, lr):
        theta = np.zeros_like(gradients[0])
        m = np.zeros_like(theta)
        s = m if shared else np.zeros_like(theta)
        for t, g in enumerate(gradients, start=start):
            m *= 0.9
            m += 0.1 * g
            s *= 0.999
            s += 0.001 * g**2
            theta -= lr * (m / (1 - 0.9**t)) / (np.sqrt(s / (1 - 0.999**t)) + epsilon)
        return theta

    return answer


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (adam(), "✓ 13-2 is right. The first step is almost exactly lr long"),
        (adam(epsilon=0), "ε is missing"),
        (adam(start=0), "does t start at 1"),
        (adam(shared=True), "Are m and s two arrays?"),
    ],
)
def test_adam(answer, words):
    assert words in verdict("13-2", answer)
