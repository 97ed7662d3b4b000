"""What holds for every test: examples that are made up are the same in each run.

So a red suite is about the change at hand. `HYPOTHESIS=explore make test` makes up new ones.
"""

import os

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, print_blob=True)
settings.register_profile("explore", print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS", "repeatable"))
