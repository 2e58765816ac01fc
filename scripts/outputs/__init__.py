"""The parts of compare_outputs.py."""
