"""What the model costs, measured on this machine in this run: `uv run python -m benchmarks`.

Each module measures one thing and returns lines of the table (`measure(effort)`). What is compared runs in
turns (A B A B ...), so that a busy machine is as busy for one as for the other; a line gives the median and
the range. `targets` holds what issue 5 asks for. These are no tests: nothing fails for being slow.
"""
