"""
Pools of any size: nothing of n x m is ever kept.

    floor        locks and quotas as rows and columns of a candidate graph
    pricing      candidates, the exact optimum on them, and its proof over all pairs
    reasons      what each pair is worth, who else would do, why somebody is left
    running      the phases of a run, one after the other
"""
