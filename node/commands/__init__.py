"""The work behind the commands that both programs have; their `cli` modules name it."""
