"""Batches and transactions."""
