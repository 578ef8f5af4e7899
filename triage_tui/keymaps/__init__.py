"""Which key does what: the standard keys, the maps that come along, and a nurse's own.

The actions themselves stand in `screens/actions.py`; a keymap only gives some of them other keys. Nothing is
imported here: with the standard keys the console paints without a reader of TOML.
"""
