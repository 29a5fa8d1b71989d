"""Whom we trust over HTTPS."""

import ssl
from functools import cache

import httpx


@cache
def trusted() -> ssl.SSLContext:
    """The authorities that ``certifi`` lists, or what SSL_CERT_FILE or SSL_CERT_DIR names.

    Reading them takes as long as importing a hundred modules, but not the interpreter: who starts
    a process can have it done beside everything else.
    """
    return httpx.create_ssl_context()
