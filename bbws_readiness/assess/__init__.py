"""Turns findings into one assessment: verdict, score, actions, schedule, cost; every figure is computed here, once."""
