"""What is measured, every figure with its baseline in the same run: `python -m bench [names]`."""
