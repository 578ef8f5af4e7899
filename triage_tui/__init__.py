"""The console of a follow-up centre."""
