"""Which hidden size and which learning rate?  A sweep over both.  Lesson 08.

Networks 784-h-10 with ReLU, softmax and He's start, trained by plain gradient descent in
mini-batches of 32 on 3,200 digits of the sample, judged on 800 others of its training set
(`nnlib.sweep.choosing_split`); the test set is not touched. A seed draws start values and batches.

    python -m benchmarks.makers.knobs             36 settings, 3 seeds, 20 epochs, about a minute
    python -m benchmarks.makers.knobs --quick     two settings, one seed, 3 epochs; writes nothing

prints a table and writes data/records/knobs.csv: for seed 0 one row an epoch, for the others the
last epoch. train_loss is the mean over the epoch's batches, accuracies are between 0 and 1; all
rounded to 4 digits.
"""

import numpy as np

from benchmarks.makers.frame import RECORDS, read_options, write
from nnlib.sweep import grid, sweep, train_once

RECORD = RECORDS / "knobs.csv"
HIDDEN = (4, 8, 16, 32, 64, 128)
RATES = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
SEEDS = (0, 1, 2)
EPOCHS = 20


def run(hidden, lr, seed, epochs=EPOCHS):
    """Train once; every epoch for seed 0, the last one for the others, rounded to 4 digits."""
    rows = train_once(hidden, lr, seed=seed, epochs=epochs)
    kept = rows if seed == 0 else rows[-1:]
    return [{name: round(value, 4) for name, value in row.items()} for row in kept]


def print_table(rows):
    """Print the mean of the last validation accuracies in %, and their spread over the seeds."""
    last = {(row["hidden"], row["lr"], row["seed"]): row for row in rows}
    seeds = sorted({row["seed"] for row in rows})
    rates = sorted({row["lr"] for row in rows})
    print("hidden" + "".join(f"{rate:>14g}" for rate in rates))
    for hidden in sorted({row["hidden"] for row in rows}):
        print(f"{hidden:6}", end="")
        for rate in rates:
            found = [100 * last[hidden, rate, seed]["validation_accuracy"] for seed in seeds]
            print(f"{np.mean(found):8.1f} ± {np.ptp(found) / 2:3.1f}", end="")
        print()


def main(arguments=None):
    """Run the sweep, print the table, write the record."""
    quick = read_options(__doc__, arguments, "--quick").quick
    if quick:
        settings = [{**cell, "epochs": 3} for cell in grid(hidden=[16, 32], lr=[0.1], seed=[0])]
        print_table(sweep(run, settings, n_jobs=2))
        return
    rows = sweep(run, grid(hidden=HIDDEN, lr=RATES, seed=SEEDS), n_jobs=2)
    print_table(rows)
    write(RECORD.name, rows)


if __name__ == "__main__":
    main()
