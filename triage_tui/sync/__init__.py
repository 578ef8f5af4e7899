"""Pull, push and the background worker. No Textual."""
