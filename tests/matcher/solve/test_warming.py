"""After warming up, nothing is left to compile."""

import subprocess
import sys

PROGRAM = """
import importlib, pkgutil
import matcher.solve
from matcher.warming import warm_up

def compiled():
    modules = [importlib.import_module(m.name) for m in pkgutil.iter_modules(matcher.solve.__path__, "matcher.solve.")]
    kernels = {id(k): k for m in modules for k in vars(m).values() if hasattr(k, "nopython_signatures")}
    return {k.py_func.__name__: len(k.nopython_signatures) for k in kernels.values()}

warm_up()
before = compiled()
import numpy as np
from matcher import assign, count_blocking_pairs, deferred_acceptance
from matcher.solve.margins import Margins
from matcher.solve.solving import solve_graph
from tests.matcher.solve import markets
for seed in range(40):
    rng = np.random.default_rng(seed)
    worths, places = markets.market(rng)
    graph = markets.graph_of(np.minimum(worths, 1 << 20), rng)
    margins = Margins(graph, solve_graph(graph, places), places)
    margins.forbidden()
graph = markets.random_graph(np.random.default_rng(1), 400, 350, 8, 2)
places = np.ones(350, np.int32)
assign(*graph, places)
count_blocking_pairs(*graph, places, deferred_acceptance(*graph, places))
after = compiled()
assert after == before, {name: (before[name], count) for name, count in after.items() if count != before[name]}
"""


def test_warming_up_compiles_everything() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
