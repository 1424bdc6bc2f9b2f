"""Python imports this at its start: from here on, connections other than loopback are refused."""

import socket

LOOPBACK = {"localhost", "127.0.0.1", "::1", "", None}
connect, connect_ex, getaddrinfo = (
    socket.socket.connect,
    socket.socket.connect_ex,
    socket.getaddrinfo,
)


def refuse(host):
    """Raise unless a host is this machine itself."""
    host = host.decode() if isinstance(host, bytes) else host
    if host not in LOOPBACK and not str(host).startswith("127."):
        raise OSError(f"no lesson may need the network; this one wanted {host}")


def guarded_connect(self, address):
    """socket.connect, to loopback only (local sockets have no host and pass)."""
    if self.family in (socket.AF_INET, socket.AF_INET6):
        refuse(address[0])
    return connect(self, address)


def guarded_connect_ex(self, address):
    """socket.connect_ex, to loopback only."""
    if self.family in (socket.AF_INET, socket.AF_INET6):
        refuse(address[0])
    return connect_ex(self, address)


def guarded_getaddrinfo(host, *args, **kwargs):
    """socket.getaddrinfo, for loopback only."""
    refuse(host)
    return getaddrinfo(host, *args, **kwargs)


socket.socket.connect = guarded_connect
socket.socket.connect_ex = guarded_connect_ex
socket.getaddrinfo = guarded_getaddrinfo
