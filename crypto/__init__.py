"""Seals, signs and opens what travels, and keeps what must stay secret at rest.

Pure: bytes and the time go in, bytes and values come out; `crypto.entropy` is the only draw of
chance of our own. The wire formats are written down in `docs/spec/envelope.md`, which a stranger
can implement without reading this package.
"""
