#!/usr/bin/env python3
"""Defaults on generated sets of many kinds, beside scikit-learn: adjusted Rand indices, the number of clusters that `auto` takes, seconds.

    python3 benches/kinds.py --program target/release/eigenscope --seeds 0,1 > kinds.md

Needs NumPy and scikit-learn. Each set is made from a seed alone. The program gets a CSV and `--clusters K`, and once more nothing but the
features, to see which number it takes. scikit-learn gets the same table, standardised.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from sklearn import datasets
from sklearn.cluster import HDBSCAN, KMeans, SpectralClustering
from sklearn.metrics import adjusted_rand_score
from sklearn.preprocessing import StandardScaler


def blobs(sizes, centres, spreads, seed):
    return datasets.make_blobs(sizes, centers=centres, cluster_std=spreads, random_state=seed)


def ring(centre, radius, n, noise, rng):
    angle = rng.uniform(0, 2 * np.pi, n)
    return np.c_[np.cos(angle), np.sin(angle)] * radius + centre + rng.normal(0, noise, (n, 2))


def parts(*pieces):
    return np.vstack(pieces), np.repeat(np.arange(len(pieces)), [len(piece) for piece in pieces])


def spirals(n, rng):
    a = np.linspace(0.8, 2.6 * np.pi, n)
    turned = [np.c_[a * np.cos(a + p), a * np.sin(a + p)] for p in (0, np.pi)]
    x, y = parts(*turned)
    return x + rng.normal(0, 0.15, x.shape), y


def cloud(n, k, d, spread, seed):
    return datasets.make_blobs(n, centers=k, n_features=d, cluster_std=spread, random_state=seed)


def with_noise(made, columns, rng):
    x, y = made
    return np.hstack([x, rng.normal(0, x.std(), (len(x), columns))]), y


def outliers(made, n, rng):
    x, y = made
    middle, reach = x.mean(0), np.ptp(x, axis=0)
    far = middle + rng.uniform(-1.5, 1.5, (n, x.shape[1])) * reach
    nearest = ((far[:, None] - x[None]) ** 2).sum(2).argmin(1)
    return np.vstack([x, far]), np.r_[y, y[nearest]]


def answers(n, k, questions, levels, sharp, numbers, apart, rng, spread=True):
    """A table of questions whose answers hang on the cluster, and of numbers that do."""
    y = rng.integers(k, size=n)
    chances = rng.dirichlet(np.full(levels, sharp), (k, questions))
    chosen = np.array([[rng.choice(levels, p=chances[c, j]) for j in range(questions)] for c in y])
    if spread:
        columns = [(chosen[:, [j]] == np.arange(levels)).astype(float) for j in range(questions)]
    else:
        columns = [chosen.astype(float)]
    if numbers:
        columns.append((rng.normal(size=(k, numbers)) * apart)[y] + rng.normal(size=(n, numbers)))
    x = np.hstack(columns)
    return x[:, x.std(0) > 0], y


def counts(n, rng):
    rates = ([2, 2, 8, 1, 3, 5], [8, 2, 2, 5, 3, 1], [3, 9, 3, 1, 8, 1])
    return parts(*[rng.poisson(rate, (n, 6)).astype(float) for rate in rates])


def grid(spread, rng):
    places = np.array([[i % 4 * 3, i // 4 * 3] for i in range(15)]) + rng.normal(0, 0.4, (15, 2))
    return parts(*[rng.normal(place, spread, (80, 2)) for place in places])


def swiss(seed):
    x, t = datasets.make_swiss_roll(1200, noise=0.1, random_state=seed)
    cuts = np.quantile(t, [0.3, 0.36, 0.64, 0.7])
    kept = ~(((t > cuts[0]) & (t < cuts[1])) | ((t > cuts[2]) & (t < cuts[3])))
    return x[kept], np.digitize(t[kept], [cuts[0], cuts[2]])


def mixture(k, seed):
    return datasets.make_classification(
        800, n_features=10, n_informative=6, n_redundant=2, n_classes=k, n_clusters_per_class=1, class_sep=1.8, random_state=seed
    )


def copies(made, times):
    return np.repeat(made[0], times, 0), np.repeat(made[1], times)


def scaled(made, factors):
    return made[0] * factors, made[1]


def sentinel(made, value, n, rng):
    x, y = made
    x = x.copy()
    x[rng.choice(len(x), n, replace=False), rng.integers(0, x.shape[1], n)] = value
    return x, y


def mixed(made, columns, rng):
    """More columns, each a mixture of the first ones."""
    x, y = made
    return np.hstack([x, x @ rng.normal(size=(x.shape[1], columns)) + rng.normal(0, 0.1, (len(x), columns))]), y


def gaps(made, share, rng):
    return np.where(rng.random(made[0].shape) < share, np.nan, made[0]), made[1]


def genes(n, p, k, told, rng):
    """Counts of genes in samples of unlike depth, a share of which tell the kind of sample."""
    y = rng.integers(k, size=n)
    expressed = np.tile(rng.normal(0.8, 1.3, p), (k, 1))
    for kind in expressed:
        kind[rng.choice(p, int(told * p), replace=False)] += rng.normal(0, 1.5, int(told * p))
    mean = np.exp(expressed[y]) * rng.lognormal(0, 0.4, (n, 1))
    x = rng.negative_binomial(4, 4 / (4 + mean)).astype(float)
    return x[:, x.std(0) > 0], y


def texts(n, words, own, k, rng):
    """Counts of words by Zipf's law, of which `own` are of 150 words of the text's topic."""
    chances = np.arange(1, words + 1) ** -0.9
    x = np.array([np.bincount(rng.choice(words, 85, p=chances / chances.sum()), minlength=words) for _ in range(n)])
    y = np.arange(n) % k
    for row, topic in zip(x, y):
        np.add.at(row, 200 + 150 * topic + rng.choice(150, own), 1)
    return x.astype(float), y


def islands(groups, each, rng):
    """Groups of islands: more parts of the graph than clusters."""
    pieces = []
    for group in range(groups):
        middle = np.array([60.0 * np.cos(2.1 * group), 60.0 * np.sin(2.1 * group)])
        places = [middle + 9 * np.array([np.cos(2 * j), np.sin(2 * j)]) for j in range(each)]
        pieces.append(np.vstack([rng.normal(place, 0.6, (rng.integers(40, 100), 2)) for place in places]))
    return parts(*pieces)


KINDS = {
    "clouds of unequal size": lambda s, r: blobs([400, 100, 30], [[0, 0], [6, 0], [3, 5]], [1, 0.7, 0.5], s),
    "clouds of unequal density": lambda s, r: blobs([600, 60, 60, 60], [[0, 0], [9, 0], [0, 9], [-8, -6]], [2.5, 0.3, 0.3, 0.3], s),
    "one in fifty": lambda s, r: blobs([980, 20], [[0] * 4, [5] * 4], 1.0, s),
    "fifteen clouds": lambda s, r: grid(0.35, r),
    "fifteen that touch": lambda s, r: grid(0.7, r),
    "clouds of strays": lambda s, r: outliers(cloud(400, 3, 2, 1.0, s), 20, r),
    "two rows far away": lambda s, r: outliers(cloud(300, 3, 2, 1.0, s), 2, r),
    "stretched": lambda s, r: scaled(cloud(400, 3, 2, 1.0, s), [1, 1e5]),
    "long tails": lambda s, r: (np.exp(cloud(500, 3, 3, 1.0, s)[0] / 2), cloud(500, 3, 3, 1.0, s)[1]),
    "one column": lambda s, r: parts(r.normal(0, 1, (150, 1)), r.normal(6, 0.5, (100, 1)), r.normal(12, 1.5, (150, 1))),
    "five copies of each row": lambda s, r: copies(cloud(120, 3, 2, 1.0, s), 5),
    "whole numbers": lambda s, r: (np.round(cloud(400, 3, 2, 1.2, s)[0]), cloud(400, 3, 2, 1.2, s)[1]),
    "counts": lambda s, r: counts(130, r),
    "moons, noisy": lambda s, r: datasets.make_moons(400, noise=0.12, random_state=s),
    "moons, 80 rows": lambda s, r: datasets.make_moons(80, noise=0.06, random_state=s),
    "moons and noise columns": lambda s, r: with_noise(datasets.make_moons(500, noise=0.05, random_state=s), 3, r),
    "circles, 200 rows": lambda s, r: datasets.make_circles(200, noise=0.04, factor=0.6, random_state=s),
    "circles, 500 rows": lambda s, r: datasets.make_circles(500, noise=0.08, factor=0.5, random_state=s),
    "spirals, 200 rows": lambda s, r: spirals(100, r),
    "a roll in pieces": lambda s, r: swiss(s),
    "a ring around a cloud": lambda s, r: parts(r.normal(0, 0.3, (300, 2)), ring((0, 0), 2.2, 300, 0.12, r)),
    "15 rows": lambda s, r: cloud(15, 3, 3, 0.9, s),
    "40 rows": lambda s, r: cloud(40, 4, 3, 0.9, s),
    "60 rows": lambda s, r: cloud(60, 3, 2, 0.9, s),
    "2 clouds in 20 columns": lambda s, r: cloud(180, 2, 20, 4.0, s),
    "10 clouds in 30 columns": lambda s, r: cloud(500, 10, 30, 4.0, s),
    "20 clouds in 50 columns": lambda s, r: cloud(900, 20, 50, 4.0, s),
    "clouds and noise columns": lambda s, r: with_noise(cloud(300, 3, 4, 1.0, s), 4, r),
    "2 skewed clouds": lambda s, r: mixture(2, s),
    "4 skewed clouds": lambda s, r: mixture(4, s),
    "flags": lambda s, r: answers(350, 4, 20, 2, 0.25, 0, 0, r, spread=False),
    "questions, spread": lambda s, r: answers(400, 3, 8, 4, 0.35, 0, 0, r),
    "numbers and flags": lambda s, r: answers(400, 3, 3, 2, 1.0, 4, 2.0, r, spread=False),
    "numbers and flags, 1,600 rows": lambda s, r: answers(1600, 3, 3, 2, 1.0, 4, 2.0, r, spread=False),
    "numbers and one flag, 1,600 rows": lambda s, r: answers(1600, 3, 1, 2, 0.5, 4, 2.0, r, spread=False),
    "numbers and sharp flags, 1,600 rows": lambda s, r: answers(1600, 3, 4, 2, 0.3, 2, 1.5, r, spread=False),
    "numbers and questions": lambda s, r: answers(400, 3, 4, 4, 1.0, 4, 2.0, r),
    "numbers and questions that tell nothing": lambda s, r: answers(400, 3, 2, 6, 50.0, 5, 2.0, r),
    "sentinels of 1e20": lambda s, r: sentinel(cloud(300, 3, 4, 1.0, s), 1e20, 4, r),
    "sentinels of -9999": lambda s, r: sentinel(cloud(300, 3, 4, 1.0, s), -9999.0, 4, r),
    "gaps in moons, 3 %": lambda s, r: gaps(mixed(datasets.make_moons(800, noise=0.05, random_state=s), 4, r), 0.03, r),
    "gaps in circles, 10 %": lambda s, r: gaps(mixed(datasets.make_circles(800, noise=0.04, factor=0.4, random_state=s), 4, r), 0.1, r),
    "gaps in clouds, 10 %": lambda s, r: gaps(cloud(800, 4, 6, 1.0, s), 0.1, r),
    "gaps in what nothing tells, 10 %": lambda s, r: gaps(answers(400, 3, 6, 2, 0.3, 2, 3.0, r, spread=False), 0.1, r),
    "rounded, 3 columns": lambda s, r: (np.round(0.7 * cloud(240, 3, 3, 1.2, s)[0]), cloud(240, 3, 3, 1.2, s)[1]),
    "genes": lambda s, r: genes(80, 1500, 3, 0.05, r),
    "texts of six topics": lambda s, r: texts(600, 3000, 25, 6, r),
    "thirty clouds": lambda s, r: parts(*[r.normal([i % 6 * 7, i // 6 * 7], 1.0, (50, 2)) for i in range(30)]),
    "islands of two groups": lambda s, r: islands(2, 3, r),
    "far from 0": lambda s, r: (cloud(300, 3, 3, 1.0, s)[0] + [1e6, 1e8, 1e10], cloud(300, 3, 3, 1.0, s)[1]),
    "no clusters": lambda s, r: datasets.make_gaussian_quantiles(n_samples=600, n_features=4, n_classes=3, random_state=s),
}


def run(program, file, *flags):
    command = [program, "run", str(file), "--device", "cpu", "--json", "--quiet", *flags]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{done.stderr}")
    return json.loads(done.stdout)


def others(x, y, k):
    z = StandardScaler().fit_transform(np.where(np.isnan(x), np.nanmedian(x, 0), x))
    methods = {
        "k-means": KMeans(k, n_init=10, random_state=0),
        "spectral, neighbours": SpectralClustering(k, affinity="nearest_neighbors", n_neighbors=min(10, len(z) - 1), random_state=0),
        "spectral, rbf": SpectralClustering(k, random_state=0),
        "HDBSCAN": HDBSCAN(min_cluster_size=max(5, len(z) // 50), copy=True),
    }
    return [adjusted_rand_score(y, method.fit_predict(z)) for method in methods.values()]


def measured(program, make, seed, folder, exact):
    x, y = make(seed, np.random.default_rng(seed))
    mixed = np.random.default_rng(1).permutation(len(x))
    x, y = x[mixed], np.unique(y[mixed], return_inverse=True)[1]
    k = int(y.max()) + 1
    names = [f"{chr(97 + j % 26)}{j}v" for j in range(x.shape[1])]
    whole, bare = folder / "whole.csv", folder / "bare.csv"
    np.savetxt(whole, np.c_[x, y], delimiter=",", header=",".join([*names, "label"]), comments="", fmt="%.9g")
    np.savetxt(bare, x, delimiter=",", header=",".join(names), comments="", fmt="%.9g")
    told = run(program, whole, "--clusters", str(k), *(["--no-learn"] if exact else []))
    alone = run(program, bare, "--no-learn")
    learned = [np.nan, np.nan] if exact else [told["learned"]["ari"], told["agreement"]["grassmann_per_dimension"]]
    scores = [told["exact"]["ari"], *learned]
    return x.shape, k, alone["clusters"], scores, told["seconds"], others(x, y, k)


def main():
    asked = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    asked.add_argument("--program", default="eigenscope")
    asked.add_argument("--seeds", default="0,1")
    asked.add_argument("--only", default="", help="kinds whose names hold this")
    asked.add_argument("--exact", action="store_true", help="train no network")
    given = asked.parse_args()
    print("| kind | rows × columns | clusters, `auto` | exact | learned | distance | seconds | k-means | spectral, neighbours | spectral, rbf | HDBSCAN |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    right = total = 0
    sums = []
    with tempfile.TemporaryDirectory() as folder:
        for name, make in KINDS.items():
            if given.only not in name:
                continue
            runs = [measured(given.program, make, int(seed), Path(folder), given.exact) for seed in given.seeds.split(",")]
            (n, d), k = runs[0][0], runs[0][1]
            taken = ", ".join(str(found) for _, _, found, *_ in runs)
            right, total = right + sum(found == k for _, k, found, *_ in runs), total + len(runs)
            mean = np.mean([[*scores, seconds, *rest] for *_, scores, seconds, rest in runs], axis=0)
            sums.append(mean)
            cells = [f"{v:.3f}" for v in mean[:2]] + [f"{mean[2]:.4f}", f"{mean[3]:.1f}"] + [f"{v:.3f}" for v in mean[4:]]
            print(f"| {name} | {n} × {d} | {k}: {taken} | {' | '.join(cells)} |", flush=True)
    mean = np.mean(sums, axis=0)
    cells = [f"{v:.3f}" for v in mean[:2]] + [f"{mean[2]:.4f}", f"{mean[3]:.1f}"] + [f"{v:.3f}" for v in mean[4:]]
    print(f"| mean | | {right} of {total} right | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
