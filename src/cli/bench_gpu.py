"""A SpectralNet step in PyTorch on CUDA, for `eigenscope bench gpu`: the same network, batch, loss and optimiser on numbers at random.

Arguments: rows, hidden and output widths from the input on with commas, pairs in a step. Prints a name and steps a second.
"""

import sys
import time

try:
    import torch
except ImportError:
    sys.exit("PyTorch is not installed")
if not torch.cuda.is_available():
    sys.exit("PyTorch finds no CUDA device")

rows, pairs = int(sys.argv[1]), int(sys.argv[3])
sizes = [int(size) for size in sys.argv[2].split(",")]
torch.manual_seed(0)
kept = torch.randn(rows, sizes[0], device="cuda")
layers = []
for at, (wide, narrow) in enumerate(zip(sizes, sizes[1:])):
    layers.append(torch.nn.Linear(wide, narrow))
    if at + 2 < len(sizes):
        layers.append(torch.nn.LeakyReLU())
net = torch.nn.Sequential(*layers).cuda()
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
identity = torch.eye(sizes[-1], device="cuda")


def step():
    drawn = torch.randint(rows, (2 * pairs,)).cuda()
    y = net(kept[drawn])
    gram = y.T @ y / (2 * pairs) + 1e-6 * identity
    difference = y[:pairs] - y[pairs:]
    energy = difference.T @ difference / (2 * pairs)
    loss = torch.cholesky_solve(energy, torch.linalg.cholesky_ex(gram)[0]).trace()
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()


for _ in range(30):
    step()
torch.cuda.synchronize()
started, count = time.perf_counter(), 300
for _ in range(count):
    step()
torch.cuda.synchronize()
print(f"{torch.cuda.get_device_name()}\t{count / (time.perf_counter() - started)}")
