"""The command line: a command group a file."""
