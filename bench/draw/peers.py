"""What the draw is measured against, one program a command; bench/draw/run calls it in the virtual environment.

Each ends with the same line as bench-draw: `bench name=seconds … check=…`.
"""

import hashlib
import hmac
import sys
from heapq import nsmallest
from pathlib import Path
from time import perf_counter

KEY = bytes([7]) * 32


def report(check, **times):
    print("bench", *(f"{name}={seconds:.6f}" for name, seconds in times.items()), f"check={check}")


def check_of(ids):
    return hashlib.sha256("\n".join(ids).encode()).hexdigest()


def read_ids(file):
    start = perf_counter()
    ids = Path(file).read_text().splitlines()
    return ids, perf_counter() - start


def consistent_sampler(file, k):
    """Rivest's sampler, as Arlo uses it: SHA-256 of seed and id, as a decimal fraction."""
    from consistent_sampler import sampler

    ids, read = read_ids(file)
    start = perf_counter()
    drawn = list(sampler(ids, seed=KEY.hex(), take=int(k), with_replacement=False, output="id"))
    report(check_of(drawn), read=read, draw=perf_counter() - start)


def hashing(file, k):
    """The least that Python can do: one SHA-256 an id, the k smallest. Not a draw of mcd1."""
    ids, read = read_ids(file)
    start = perf_counter()
    sha256 = hashlib.sha256
    drawn = nsmallest(int(k), ids, key=lambda id: sha256(KEY + id.encode()).digest())
    report(check_of(drawn), read=read, draw=perf_counter() - start)


def tickets(file, k):
    """The tickets of mcd1, so the same sample as ours."""
    ids, read = read_ids(file)
    start = perf_counter()
    keyed = hmac.new(KEY, b"\x00\x00\x00\x0bmcd1/ticket", "sha256")

    def ticket(id):
        mac = keyed.copy()
        mac.update(len(id).to_bytes(4, "big") + id.encode())
        return mac.digest()

    drawn = nsmallest(int(k), ids, key=ticket)
    report(check_of(drawn), read=read, draw=perf_counter() - start)


def numpy_choice(weights, k):
    """numpy's weighted sample without replacement: from a generator's state, not from ids; nobody can check it."""
    import numpy as np

    start = perf_counter()
    w = np.fromfile(weights, dtype="<u4")
    read = perf_counter() - start
    start = perf_counter()
    drawn = np.random.default_rng(7).choice(len(w), size=int(k), replace=False, p=w / w.sum())
    report(hashlib.sha256(drawn.tobytes()).hexdigest(), read=read, draw=perf_counter() - start)


def arcs(folder, lots):
    """The network as arcs (tails, heads, capacities, costs), its number of nodes, and the slots.

    Nodes: source, sink, inspectors, (target, team). Whoever is of several teams of the slots also needs a node for
    each target, so that nobody takes two slots of it.
    """
    import numpy as np

    def read(name, dtype):
        return np.fromfile(Path(folder) / name, dtype=dtype).astype(np.int32)

    slots, teams, caps = read("slots.u8", "u1"), read("teams.u8", "u1"), read("caps.u32", "<u4")
    targets = int(np.fromfile(Path(folder) / "lines.u32", dtype="<u4")[0])
    line = read("elig.u32", "<u4").reshape(targets, -1)
    inspector, target = line.ravel(), np.repeat(np.arange(targets, dtype=np.int32), line.shape[1])
    different = np.unique(slots)
    first_inspector, first_node = 2, 2 + len(caps)
    pairs_from = first_node + targets * len(different)
    fits = (teams[inspector][:, None] & different[None, :]) != 0
    several = fits.sum(axis=1) > 1
    pair = np.full(len(inspector), -1, dtype=np.int64)
    pair[several] = pairs_from + np.arange(several.sum())
    cost = np.random.default_rng(7).integers(0, 1 << 20, len(inspector)) if lots else np.zeros(len(inspector), int)

    everyone = np.arange(len(caps))
    parts = [(np.zeros(len(caps), int), first_inspector + everyone, caps, np.zeros(len(caps), int))]
    parts.append((first_inspector + inspector[several], pair[several], np.ones(several.sum(), int), cost[several]))
    for at, team in enumerate(different):
        node = first_node + np.arange(targets) * len(different) + at
        of_team = fits[:, at]
        tail = np.where(several, pair, first_inspector + inspector)[of_team]
        ones = np.ones(of_team.sum(), int)
        parts.append((tail, node[target[of_team]], ones, np.where(several, 0, cost)[of_team]))
        wanted = np.full(targets, (slots == team).sum())
        parts.append((node, np.ones(targets, int), wanted, np.zeros(targets, int)))
    tails, heads, capacities, costs = (np.concatenate(column) for column in zip(*parts))
    return tails, heads, capacities, costs, pairs_from + int(several.sum()), targets * len(slots)


def max_flow(folder, rounds):
    """OR-tools' greatest flow: any assignment that fills as many slots as can be."""
    from ortools.graph.python.max_flow import SimpleMaxFlow

    for _ in range(int(rounds)):
        start = perf_counter()
        tails, heads, capacities, _, _, _ = arcs(folder, lots=False)
        flow = SimpleMaxFlow()
        flow.add_arcs_with_capacity(tails, heads, capacities)
        built = perf_counter()
        status = flow.solve(0, 1)
        solved = perf_counter()
        if status != flow.OPTIMAL:
            raise SystemExit(f"status {status}")
        report(flow.optimal_flow(), build=built - start, assign=solved - built)


def min_cost_flow(folder, costs, rounds):
    """OR-tools' cheapest greatest flow; costs are 0, or a number for each pair in the place of its lot."""
    import numpy as np
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    for _ in range(int(rounds)):
        start = perf_counter()
        tails, heads, capacities, unit_costs, nodes, slots = arcs(folder, lots=costs == "lots")
        flow = SimpleMinCostFlow()
        flow.add_arcs_with_capacity_and_unit_cost(tails, heads, capacities, unit_costs)
        supplies = np.zeros(nodes, int)
        supplies[:2] = slots, -slots
        flow.set_nodes_supplies(np.arange(nodes), supplies)
        built = perf_counter()
        status = flow.solve_max_flow_with_min_cost()
        solved = perf_counter()
        if status != flow.OPTIMAL:
            raise SystemExit(f"status {status}")
        report(flow.maximum_flow(), build=built - start, assign=solved - built)


if __name__ == "__main__":
    commands = {f.__name__: f for f in (consistent_sampler, hashing, tickets, numpy_choice, max_flow, min_cost_flow)}
    commands[sys.argv[1]](*sys.argv[2:])
