"""The work behind the hub's commands; `hub.cli` names it and loads it late."""
