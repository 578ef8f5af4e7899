"""Writing resources, checked, stamped in the order of commits."""
