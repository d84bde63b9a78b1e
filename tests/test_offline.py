"""The whole suite runs with the network refused, so whatever it calls asks none; here the refusal itself is tested."""

from __future__ import annotations

import subprocess
import sys

import pytest

ATTEMPTS = [
    "import socket; socket.create_connection(('127.0.0.1', 9), timeout=1)",
    "import socket; socket.socket().connect(('127.0.0.1', 9))",
    "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
    "import socket; socket.gethostbyname('localhost')",
    "import urllib.request; urllib.request.urlopen('http://localhost:9/')",
]


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # of the sockets that were refused
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_nothing_that_the_tests_call_reaches_a_network(attempt: str) -> None:
    """An attempt ends the test that makes it, even where all exceptions are caught."""
    with pytest.raises(BaseException, match="the tests run without a network") as refused:
        exec(f"try:\n    {attempt}\nexcept Exception:\n    pass")
    assert not isinstance(refused.value, Exception)


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_nothing_that_the_tests_start_reaches_a_network(attempt: str) -> None:
    """The same in another process."""
    done = subprocess.run([sys.executable, "-c", attempt], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "the tests run without a network" in done.stderr
