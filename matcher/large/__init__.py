"""
Pools of any size: nothing of n x m is ever kept.

    floor        locks and quotas as rows and columns of a candidate graph
    pricing      candidates, the exact optimum on them, and its proof over all pairs
    reasons      what each pair is worth, who else would do, why somebody is left
    waiters      what is told of those who are left
    running      the phases of a run, one after the other
    weighing     the optimum of any weighing of pairs: people alone, or people before points
    aims         people first, and the worst off first
    stable       the stable matching, from lists that are made anew among those who are still open
    steady       a run of it, and what is told of it
"""
