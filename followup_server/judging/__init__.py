"""Judging patients over the store, and what is kept between two judgings."""
