"""A neural network that reads handwritten digits, built with NumPy alone.

Floor 1, the mathematics (what the lessons build):

- `activations`     bend a sum: relu, sigmoid, tanh, softmax, and their derivatives
- `losses`          how wrong a prediction is: cross_entropy, squared_error, one_hot
- `network`         parameters and the forward pass: Layer, init_params, forward, predict
- `backprop`        the gradient of the loss: backward
- `gradient_check`  is that gradient right? central differences
- `optimizers`      from a gradient to a step: SGD, Momentum, RMSProp, Adam; schedules
- `regularization`  against learning by heart: L2, dropout
- `training`        the loop: minibatches, train
- `metrics`         how good it is: accuracy, confusion_matrix, recall_per_class, wilson_interval

A folder is everything else. Floor 2, the doors: `data` (digits come in: the sample, the full set,
your own; bent a little; the vault of the test set), `storage` (networks go out and come in),
`checks` (equations and exercises), `clinic` (sixteen broken networks and a training doctor),
`sweep` (many runs side by side), `views` (numbers that a picture shows and no lesson derives),
`system` (files, errors, threads). Floor 3, the pictures: `plots`. Floor 4, the screens: `widgets`,
and `lesson`, what a page calls.

An import only ever points down. Importing `nnlib` itself reads no file and loads nothing else.
"""

import sys

from nnlib.system import old_pages

sys.meta_path.append(old_pages)  # the last to be asked, so only for what is not found
