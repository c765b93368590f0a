"""Stand-ins for quotas in a candidate graph: few more edges, and the optimum keeps the quotas by itself."""

import numpy as np

from matcher.columns import I16, I32, Pool
from matcher.quotas import Floor
from matcher.solve.graph import Graph, order_edges


def stand_ins(f: Floor, pool: Pool) -> Graph:
    """The edges of stand-ins alone: rows and columns as in `Floor`, real people first."""
    columns = np.zeros(f.mentees, np.int64)
    has_one = np.zeros(f.mentees, np.bool_)
    for organisation, _, column in f.mentee_quota:
        here = f.free & (pool.mentees.organisation == organisation)
        columns[here], has_one[here] = column, True
    own = [columns[has_one]]
    counts = [has_one.astype(np.int64)]
    for organisation in f.stand_in_of.tolist():
        places = np.flatnonzero(pool.mentors.organisation == organisation)
        own.append(places)
        counts.append(np.array([len(places)], np.int64))
    indptr = np.concatenate([[0], np.cumsum(np.concatenate(counts))]).astype(np.int64)
    indices = np.concatenate(own).astype(np.int32)
    return Graph(indptr, indices, np.full(len(indices), f.steep, np.int32))


def on_floor(f: Floor, real: Graph) -> Graph:
    """Real candidates as rows of the floor: locked mentees lose theirs, stand-ins have none."""
    if f.free.all():
        return real._replace(indptr=np.pad(real.indptr, (0, len(f.stand_in_of)), mode="edge"))
    rows = np.repeat(np.arange(f.mentees, dtype=np.int32), np.diff(real.indptr))
    kept = f.free[rows]
    counts = np.bincount(rows[kept], minlength=f.mentees + len(f.stand_in_of))
    indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return Graph(indptr, real.indices[kept], real.score[kept])


def graph_of(rows: I32, columns: I32, score: I16 | I32, mentees: int) -> Graph:
    """Pairs in any order as a graph, rows sorted as engines need them."""
    if (rows[1:] < rows[:-1]).any():
        order = np.argsort(rows, kind="stable")
        rows, columns, score = rows[order], columns[order], score[order]
    counts = np.bincount(rows, minlength=mentees)
    indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return in_order(Graph(indptr, columns.astype(np.int32), score.astype(np.int32)))


def in_order(graph: Graph) -> Graph:
    """The same arrays, sorted within each row."""
    widest = int(np.diff(graph.indptr).max(initial=0))
    order_edges(graph.indptr, graph.indices, graph.score, np.empty(widest, np.int64))
    return graph
