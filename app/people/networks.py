"""Where a request came from, as far as limits count it."""

import ipaddress


def network_of(address: str) -> str:
    """An IPv4 address as it is, an IPv6 one as its /64: whoever has one has all of those."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if ip.version == 6:
        return str(ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)
