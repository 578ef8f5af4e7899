"""Pure judging of a patient's readings by her plan: the same on server and console."""
