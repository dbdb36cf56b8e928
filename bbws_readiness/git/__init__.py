"""Asks git about a checkout, without letting the checkout run anything."""
