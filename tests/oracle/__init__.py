"""A second, naive implementation of clocks.md, written from its text: nothing here is of `app`.

Everything is counted in whole minutes since an arbitrary Monday; a clock is told anew from the
first happening each time somebody asks. Slow, plain, and therefore the judge of the quick one.
"""
