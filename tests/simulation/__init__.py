"""The seeded swarm: a small county of real nodes, everything that can go wrong, and an oracle.

Read in this order: `plan` (what a seed is), `county` (the nodes), `deeds` and `faults` (what
happens), `healing` and `oracle` (what must hold in the end).
"""
