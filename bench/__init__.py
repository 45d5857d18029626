"""Benchmarks: what is measured, and with which command, stands in README.md."""
