"""
What a certificate is counted with: points, limits and prices once more, from the columns alone.

    pairs      points and limits of listed pairs, in plain numpy
    sweeping   all pairs against the prices: those that beat them, by blocks and compiled
    claimed    all pairs against what a mode claims, by sweeps over each of its stages

Nothing here comes from scoring, limits, scan, solve or large, so that a mistake there cannot vouch for itself.
"""
