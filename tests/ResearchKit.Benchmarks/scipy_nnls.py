"""Times scipy.optimize.nnls on cells of points: the other side of the small cells of the benchmark `limits`.

Usage: scipy_nnls.py FILE COUNT M K
FILE holds the cells' points one after another, float64, row-major, COUNT points of M coordinates to a cell. Answers one line
on standard output when ready and then, for every line read, the seconds per cell and the largest moment residual relative
to the mass. A cell is: the total-degree Legendre basis of its box, orthogonalised over its points, and the nonnegative
weights with the same moments. The time is that of nnls alone.
"""
import itertools
import sys
import time

import numpy as np
import scipy
from scipy.optimize import nnls


def orthogonal(points: np.ndarray, degree: int) -> np.ndarray:
    low, high = points.min(axis=0), points.max(axis=0)
    t = 2 * (points - low) / (high - low) - 1
    one = [np.polynomial.legendre.legvander(t[:, j], degree) for j in range(points.shape[1])]
    rows = [e for e in itertools.product(range(degree + 1), repeat=points.shape[1]) if sum(e) <= degree]
    values = np.column_stack([np.prod([one[j][:, n] for j, n in enumerate(e)], axis=0) for e in rows])
    return np.ascontiguousarray(np.linalg.qr(values)[0].T)


def main() -> None:
    count, m, degree = (int(a) for a in sys.argv[2:5])
    cells = np.fromfile(sys.argv[1]).reshape(-1, count, m)
    matrices = [orthogonal(c, degree) for c in cells]
    wanted = [a.sum(axis=1) for a in matrices]
    print(f"SciPy {scipy.__version__}, NumPy {np.__version__}", flush=True)
    for _ in sys.stdin:
        start, found = time.perf_counter(), []
        for a, b in zip(matrices, wanted):
            found.append(nnls(a, b)[0])
        seconds = (time.perf_counter() - start) / len(matrices)
        # The values of an orthonormal row are of size 1 / sqrt(count).
        worst = max(np.abs(a @ w - b).max() * np.sqrt(count) / count for a, b, w in zip(matrices, wanted, found))
        print(f"{seconds!r} {worst!r}", flush=True)


main()
