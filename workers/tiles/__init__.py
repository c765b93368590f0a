"""
Large scans, shared among all processes of numbers.

    board      where a run lays its pool and questions out, sealed, and finds the answers
    leading    the process that has the run: asks, answers itself what nobody has taken, joins
    helping    any other: one tile for each message
    presence   who is ready

One process alone loses nothing: while nobody else is ready it shares nothing. What a message, an
answer or the whole board is lost for, the leader does itself.
"""
