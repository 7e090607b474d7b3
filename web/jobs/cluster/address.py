"""
Where a cluster is, and how it may be spoken to.

Dask runs what its peers send it, so whoever reaches a scheduler can run code on its workers.
Off this computer only mutual TLS is spoken; on it, plain TCP as well.
"""

import ipaddress
from pathlib import Path
from urllib.parse import urlsplit

from distributed.security import Security

TLS_FILES = ("ca.pem", "cert.pem", "key.pem")


class ClusterUnusable(Exception):
    """A cluster that cannot be used from the start, with what to do about it; one line."""


def require_safe(address: str) -> None:
    """
    Raise ClusterUnusable unless the address is one that may be spoken to.

    Examples
    --------
    >>> require_safe("tcp://127.0.0.1:8786")
    >>> require_safe("tcp://10.1.2.3:8786")
    Traceback (most recent call last):
    ...
    web.jobs.cluster.address.ClusterUnusable: tcp://10.1.2.3:8786 is another computer and not \
encrypted; anybody on the way could run code there and here. Use tls://10.1.2.3:8786 with \
--cluster-tls.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or not port or parts.scheme not in ("tcp", "tls"):
        raise ClusterUnusable(
            f"{address} is not an address of a Dask scheduler. "
            "Write tcp://127.0.0.1:8786 or tls://HOST:8786."
        )
    if parts.scheme == "tcp" and not _is_this_computer(host):
        raise ClusterUnusable(
            f"{address} is another computer and not encrypted; anybody on the way could run code "
            f"there and here. Use tls://{host}:{port} with --cluster-tls."
        )


def _is_this_computer(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def security_of(address: str, folder: Path | None) -> Security | None:
    """
    Read how to be known to the cluster, and to know it.

    Parameters
    ----------
    address
        A safe address.
    folder
        Holds ``ca.pem``, ``cert.pem`` and ``key.pem``; None for plain TCP.
    """
    if not address.startswith("tls://"):
        if folder is not None:
            raise ClusterUnusable(f"--cluster-tls goes with a tls:// address, not {address}.")
        return None
    if folder is None:
        raise ClusterUnusable(f"{address} needs --cluster-tls, a folder of {', '.join(TLS_FILES)}.")
    missing = [name for name in TLS_FILES if not (folder / name).is_file()]
    if missing:
        raise ClusterUnusable(f"{folder} lacks {', '.join(missing)}.")
    ca, certificate, key = (str(folder / name) for name in TLS_FILES)
    return Security(
        tls_ca_file=ca,
        tls_client_cert=certificate,
        tls_client_key=key,
        require_encryption=True,
    )
