"""Times training steps of a 2-d-1 ReLU network in PyTorch: the other side of the benchmark `step`.

Usage: pytorch_step.py WIDTH BATCH THREADS float32|float64
Answers one line on standard output when ready, and then, for every number n read from standard input, the seconds of
each of n further steps. A step is: gather a batch, forward, mean squared error, backward, AdamW. Gradients are dropped
rather than zeroed between steps, which is the faster of PyTorch's ways.
"""
import sys
import time

import torch


def main() -> None:
    width, batch, threads = (int(a) for a in sys.argv[1:4])
    torch.set_num_threads(threads)
    torch.set_default_dtype(getattr(torch, sys.argv[4]))
    torch.manual_seed(1)
    count = 100_000
    inputs, targets = 2 * torch.rand(count, 2) - 1, torch.randn(count, 1)
    model = torch.nn.Sequential(torch.nn.Linear(2, width), torch.nn.ReLU(), torch.nn.Linear(width, 1))
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
    loss_of = torch.nn.MSELoss()
    order, place = torch.randperm(count), 0

    def step() -> float:
        nonlocal order, place
        if place + batch > count:
            order, place = torch.randperm(count), 0
        start = time.perf_counter()
        rows = order[place:place + batch]
        place += batch
        optimizer.zero_grad(set_to_none=True)
        loss_of(model(inputs[rows]), targets[rows]).backward()
        optimizer.step()
        return time.perf_counter() - start

    for _ in range(5):
        step()
    blas = next((line.split("BLAS_INFO=")[1].split(",")[0] for line in torch.__config__.show().splitlines() if "BLAS_INFO=" in line), "unknown")
    print(f"PyTorch {torch.__version__}, BLAS {blas}", flush=True)
    for line in sys.stdin:
        print(" ".join(repr(step()) for _ in range(int(line))), flush=True)


main()
