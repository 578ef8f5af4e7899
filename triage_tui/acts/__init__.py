"""What a nurse does: a file for each act. No Textual, no network."""
