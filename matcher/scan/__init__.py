"""
Every pair is scored and few are kept: the scan over mentees x mentors, at any size.

Limits become bits and points become rows of int16 over the mentors, 32 at a time; what a pair scores
and whether it is legal are the same bits as `matcher.scoring` and `matcher.limits` say. Only
`scanning` and `counting` import kernels, and they do so when they are first asked.
"""
