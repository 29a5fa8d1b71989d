"""Times the cost codes once, in a process of its own: see ``costs.seconds_alone``."""

import json

from benchmarks.matching.costs import labelled, seconds

if __name__ == "__main__":
    labelled()
    print(json.dumps(seconds()))
