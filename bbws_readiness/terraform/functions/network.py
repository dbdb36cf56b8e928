"""Functions on IP addresses and prefixes."""

from __future__ import annotations

import ipaddress
import re
from typing import TypeAlias

from bbws_readiness.terraform.functions.spec import Function, FunctionError, NotEvaluated, Parameter, whole
from bbws_readiness.terraform.limits import check_elements
from bbws_readiness.terraform.numbers import Number
from bbws_readiness.terraform.types import LIST_OF_STRING, NUMBER, STRING

_Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
_ADDRESSES = {4: ipaddress.IPv4Address, 6: ipaddress.IPv6Address}
_NETWORKS = {4: ipaddress.IPv4Network, 6: ipaddress.IPv6Network}
_MAX_NEW_BITS = 32
"""What `cidrsubnets` extends a prefix by, at most."""


def _network(prefix: str) -> _Network:
    # Terraform accepts zeros in front of the parts of an IPv4 address.
    address, slash, length = prefix.partition("/")
    if "%" in address or not slash or not length.isdecimal():
        raise FunctionError("not a network prefix such as 10.0.0.0/16")
    if ":" not in address:
        address = re.sub(r"\b0+(?=\d)", "", address)
    try:
        network = ipaddress.ip_network(f"{address}/{length}", strict=False)
    except ValueError:
        raise FunctionError("not a network prefix such as 10.0.0.0/16") from None
    if isinstance(network, ipaddress.IPv6Network) and network.network_address.ipv4_mapped:
        raise NotEvaluated("Terraform takes IPv4 addresses inside IPv6 for something else")
    return network


def _cidrhost(prefix: str, number: Number) -> str:
    network, offset = _network(prefix), whole(number, "hostnum")
    if not -network.num_addresses <= offset < network.num_addresses:
        raise FunctionError(f"the prefix has no host {offset}")
    base = network.network_address if offset >= 0 else network.broadcast_address + 1
    return str(_ADDRESSES[network.version](int(base) + offset))


def _cidrnetmask(prefix: str) -> str:
    network = _network(prefix)
    if network.version == 6:
        raise FunctionError("IPv6 prefixes have no netmask")
    return str(network.netmask)


def _cidrsubnet(prefix: str, new_bits: Number, number: Number) -> str:
    network, bits, offset = _network(prefix), whole(new_bits, "newbits"), whole(number, "netnum")
    length = network.prefixlen + bits
    if bits < 0 or offset < 0:
        raise NotEvaluated("a subnet with a negative number is not evaluated")
    if length > network.max_prefixlen:
        raise FunctionError(f"a prefix of {network.prefixlen} bits cannot be extended by {bits}")
    if offset >= 1 << bits:
        raise FunctionError(f"{bits} more bits cannot hold the number {offset}")
    start = int(network.network_address) + (offset << (network.max_prefixlen - length))
    return str(_NETWORKS[network.version]((start, length)))


def _cidrsubnets(prefix: str, *new_bits: Number) -> list[str]:
    network = _network(prefix)
    check_elements(len(new_bits))
    current, end = int(network.network_address), int(network.broadcast_address)
    found = []
    for more in new_bits:
        bits = whole(more, "newbits")
        length = network.prefixlen + bits
        if not 1 <= bits <= _MAX_NEW_BITS or length > network.max_prefixlen:
            raise FunctionError(f"a prefix of {network.prefixlen} bits cannot be extended by {bits}")
        size = 1 << (network.max_prefixlen - length)
        start = -(-current // size) * size
        if start + size - 1 > end:
            raise FunctionError("the prefix has not enough room for all subnets")
        found.append(str(_NETWORKS[network.version]((start, length))))
        current = start + size
    return found


_PREFIX = Parameter("prefix", STRING)
_BITS = Parameter("newbits", NUMBER)

NETWORK_FUNCTIONS = (
    Function("cidrhost", (_PREFIX, Parameter("hostnum", NUMBER)), _cidrhost, STRING),
    Function("cidrnetmask", (_PREFIX,), _cidrnetmask, STRING),
    Function("cidrsubnet", (_PREFIX, _BITS, Parameter("netnum", NUMBER)), _cidrsubnet, STRING),
    Function("cidrsubnets", (_PREFIX,), _cidrsubnets, LIST_OF_STRING, variadic=_BITS),
)
