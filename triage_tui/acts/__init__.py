"""What a nurse does, each act a file: its effect, its outbox row and its line in the log, in one commit."""
