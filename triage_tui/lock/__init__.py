"""When a console locks, and what opens it again. No Textual."""
