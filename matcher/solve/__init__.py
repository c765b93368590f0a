"""
The exact solver of sparse candidate graphs, in compiled kernels.

Importing it loads numba: `matcher` itself does so only inside functions that need it.
"""
