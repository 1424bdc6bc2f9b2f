"""One thread for the matrix products: same bits every run, and faster for small networks."""

from threadpoolctl import threadpool_limits


def one_blas_thread():
    """Limit NumPy's matrix products to one thread, in this process from now on.

    Returns
    -------
    threadpool_limits
        Its `restore_original_limits()` undoes it; it also works as a context manager.
    """
    return threadpool_limits(1, user_api="blas")
