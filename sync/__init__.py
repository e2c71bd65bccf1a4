"""Records, merge, log and exchange: pure functions of bytes, operations and `now`.

Nothing here reads a clock, draws chance, opens a file or writes a log. `sync.adapters` alone
touches storage. The bytes are specified in `docs/spec/`.
"""
