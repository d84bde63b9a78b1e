"""Refuses the network to the tests and to every Python that they start, which finds this module by its path.

Those that must ask a package index (the wheel, the hook, the action) start theirs without that path.
"""

from __future__ import annotations

import sys

_ASKING = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo")
_SENDING = ("socket.connect", "socket.sendto", "socket.sendmsg")


class NetworkRefused(BaseException):
    """The network was asked for something; no `except Exception` keeps it from being noticed."""


def refuse(event: str, arguments: tuple[object, ...]) -> None:
    """Ends what goes beyond this machine; the addresses of sockets between its own processes are no tuples."""
    if event in _ASKING or (event in _SENDING and isinstance(arguments[1], tuple)):
        raise NetworkRefused(f"the tests run without a network: {event} {arguments[1:] or arguments}")


sys.addaudithook(refuse)
