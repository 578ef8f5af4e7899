"""Loading many resources at once."""
