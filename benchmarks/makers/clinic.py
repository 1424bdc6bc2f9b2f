"""What becomes of a training run if one of its parts is broken?  Lesson 14.

Networks 784-10-10 with ReLU and He start (unless the start is the patient), plain descent with
learning rate 0.1, 300 steps, all 4,000 training digits of the sample in each step (unless the
patient needs small batches), float32, one BLAS thread. Seeds 0 to 2 draw the order of the digits,
the start values and the batches; each patient is trained sick and cured from each seed.

    python -m benchmarks.makers.clinic            about 2 minutes
    python -m benchmarks.makers.clinic --quick    one seed, 20 steps, writes nothing

prints a table and writes three records:

- data/records/clinic.csv: the loss of a step, before it, as the patient computes it (a probability
  of 0 counts as the smallest normal one, so no more than 87.3), and the accuracies after it, 0…1,
  on the digits trained with and on the test set, both as the patient reads them; empty where they
  cannot be computed.
- data/records/clinic_words.csv: for each run its steps, the error that ended it, the sentence of
  the training doctor, and its second opinion on the first step (full-batch runs from a fresh
  start).
- data/records/clinic_tuning.csv: 30 networks (10 seeds, 3 learning rates, 100 steps on 500 digits);
  after so many tried, the accuracy reported by the broken and the right way to choose one, and that
  of the chosen one on 800 fresh digits, 0…1, mean over 200 ways to deal the test digits into 100
  for validation, 100 for the test, and those 800.
"""

import functools

import numpy as np

from benchmarks.makers.frame import read_options, write
from nnlib.clinic.doctor import diagnose, second_opinion
from nnlib.clinic.examine import (
    LR,
    N_STEPS,
    admit,
    as_table,
    begin,
    history_of,
    predict_with,
    train_with,
)
from nnlib.clinic.patients import PATIENTS, Parts, choose_by_test
from nnlib.data import load_mnist, split_stratified
from nnlib.metrics import accuracy

SEEDS = range(3)
STEPS = (1, 2, 3, 5, 7, 10, 15, 20, 30, 40, 60, 80, 100, 125, 150, 175, 200, 225, 250, 275, 300)
N_SPLITS = 200
COLUMNS = {
    "clinic.csv": ("patient", "run", "seed", "step", "loss", "train", "test"),
    "clinic_words.csv": ("patient", "run", "seed", "steps", "stopped", "doctor", "second"),
    "clinic_tuning.csv": ("tried", "sick", "sick_fresh", "cured", "cured_fresh"),
}


@functools.cache
def tables():
    """The training and the test digits as rows: label, bytes."""
    return tuple(as_table(*digits) for digits in load_mnist())


def share(parts, params, X, y):
    """The accuracy as text, or nothing if these parameters cannot read so many digits."""
    try:
        return f"{accuracy(predict_with(parts, params, X), y):.4f}"
    except ValueError:
        return ""


def one_run(name, run, seed, n_steps=N_STEPS):
    """Train a patient, "sick" or "cured": rows of the first two records."""
    patient, who = PATIENTS[name], {"patient": name, "run": run, "seed": seed}
    parts = patient.parts(run == "cured")
    train, test = tables()
    seen, new, rows = admit(parts, train, seed), parts.read(test), []

    def watch(record):
        if record.step in STEPS:
            shares = {"train": share(parts, record.params, *seen)}
            shares["test"] = share(parts, record.params, *new)
            rows.append(who | {"step": record.step, "loss": f"{record.loss:.4f}"} | shares)

    case = history_of(name, train, seed, n_steps, run == "cured", watch)
    words = who | {"steps": len(case.history), "stopped": case.stopped, "second": ""}
    words["doctor"] = diagnose(case.history, case.X, case.y, start=case.start)
    if patient.batch_size is None and patient.runs_before == 0:
        first = case.history[0].params
        words["second"] = second_opinion(case.start, first, case.X, case.y, LR)
    return rows, words


@functools.cache
def candidates():
    """What 30 networks answer to the test digits: arrays of classes."""
    parts = Parts()
    few = split_stratified(load_mnist()[0], 50)[1]
    X, y = admit(parts, as_table(*few), 0)
    new, _ = parts.read(tables()[1])
    answers = []
    for seed in range(10):
        for lr in (0.1, 0.2, 0.4):
            *_, last = train_with(parts, begin(parts, seed), X, y, seed, 100, lr=lr)
            answers.append(predict_with(parts, last.params, new))
    return answers


def tuning(n_splits=N_SPLITS):
    """The rows of the third record."""
    answers, y = candidates(), Parts().read(tables()[1])[1]
    networks = [answer.__getitem__ for answer in answers]  # digits are named by their place
    found = np.zeros((len(networks), 4))
    for split in range(n_splits):
        order = np.random.default_rng(split).permutation(y.size)
        valid, test, fresh = ((places, y[places]) for places in np.split(order, (100, 200)))
        for n in range(len(networks)):
            for column, way in enumerate((choose_by_test, Parts().choose)):
                best, reported = way(networks[: n + 1], valid, test)
                found[n, 2 * column] += reported / n_splits
                found[n, 2 * column + 1] += accuracy(best(fresh[0]), fresh[1]) / n_splits
    names = COLUMNS["clinic_tuning.csv"]
    return [
        dict(zip(names, [n, *(f"{share:.4f}" for share in row)], strict=True))
        for n, row in enumerate(found, start=1)
    ]


def main(arguments=None):
    """Train everyone, print a line a run, write the records."""
    quick = read_options(__doc__, arguments, "--quick").quick
    curves, words = [], []
    for name in PATIENTS:
        for run in ("sick", "cured"):
            for seed in SEEDS[:1] if quick else SEEDS:
                rows, said = one_run(name, run, seed, 20 if quick else N_STEPS)
                curves, words = curves + rows, [*words, said]
                end = rows[-1]
                numbers = f"{end['loss']:>8} {end['train']:>7} {end['test']:>7}"
                print(f"{name:29}{run:6}{seed} {numbers}  {said['doctor']}", flush=True)
    chosen = tuning(2 if quick else N_SPLITS)
    print("30 tried:", chosen[-1])
    if not quick:
        for name, rows in zip(COLUMNS, (curves, words, chosen), strict=True):
            write(name, rows, columns=COLUMNS[name])


if __name__ == "__main__":
    main()
