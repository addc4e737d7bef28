"""Prints the first of two adjacent free ports. `podium dev` gives its two companies neighbouring ports.

Between the look and the use another program could take one; then the pod fails to start, and says so.
"""

import socket

while True:
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        port = first.getsockname()[1]
        try:
            second.bind(("127.0.0.1", port + 1))
        except (OSError, OverflowError):
            continue
        print(port)
        break
