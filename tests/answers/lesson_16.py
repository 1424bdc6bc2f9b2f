"""Wrong answers to the exercises of lesson 16: (name, answer, a fragment of the message)."""

import numpy as np


class OwnDerivativeOnly:
    def forward(self, Z):
        self.A = np.tanh(Z)
        return self.A

    def backward(self, G):
        return 1 - self.A**2


class TanhTwice:
    def forward(self, Z):
        self.A = np.tanh(Z)
        return self.A

    def backward(self, G):
        return G * (1 - np.tanh(self.A) ** 2)


class TimesTheOutput:
    def forward(self, Z):
        self.A = np.tanh(Z)
        return self.A

    def backward(self, G):
        return G * self.A


WRONG_ANSWERS = {
    "16-1": [
        ("without the chain rule", OwnDerivativeOnly, "multiplies it by G"),
        ("tanh of the output", TanhTwice, "tanh twice"),
        ("times the output", TimesTheOutput, "needs the derivative"),
    ],
    "16-2": [
        (
            "not transposed",
            lambda params: ([W for W, b in params], [b[:, 0] for W, b in params]),
            "has our shape",
        ),
        (
            "reshaped",
            lambda params: (
                [W.reshape(W.shape[::-1]) for W, b in params],
                [b[:, 0] for _, b in params],
            ),
            "wrong order",
        ),
        (
            "bias still a column",
            lambda params: ([W.T for W, b in params], [b for W, b in params]),
            "intercepts of layer 1",
        ),
    ],
}
