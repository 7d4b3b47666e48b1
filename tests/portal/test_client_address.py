"""Whom a limit counts: the client behind the trusted proxies, whatever it writes about itself."""

import pytest
from django.test import RequestFactory

from portal.client_address import client_address, client_network

PROXY = "10.0.0.1"


def request_from(forwarded=None, nearest=PROXY):
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    return RequestFactory().get("/", REMOTE_ADDR=nearest, headers=headers)


@pytest.mark.parametrize("forwarded", [None, "", "198.51.100.7", "198.51.100.7, 203.0.113.9", "nonsense"])
def test_without_a_proxy_it_is_the_machine_at_the_socket_whatever_the_header_says(forwarded):
    assert client_address(request_from(forwarded, nearest="203.0.113.5")) == "203.0.113.5"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (1, "203.0.113.5", "203.0.113.5"),
        (1, "198.51.100.7, 203.0.113.5", "203.0.113.5"),  # the first entry is the client's own invention
        (2, "203.0.113.5, 10.0.0.2", "203.0.113.5"),
        (2, "198.51.100.7,198.51.100.8 ,203.0.113.5, 10.0.0.2", "203.0.113.5"),
        (1, "203.0.113.5:49152", "203.0.113.5"),
        (1, "::ffff:203.0.113.5", "203.0.113.5"),
        (1, "2001:DB8:0:0::5", "2001:db8::5"),
        (1, "[2001:db8::5]:443", "2001:db8::5"),
        (1, "fe80::5%eth0", "fe80::5"),
    ],
)
def test_behind_proxies_it_is_the_entry_that_the_outermost_of_them_wrote(settings, proxies, forwarded, address):
    settings.TRUSTED_PROXIES = proxies

    assert client_address(request_from(forwarded)) == address


@pytest.mark.parametrize("forwarded", [None, "", "198.51.100.7", "unknown, 10.0.0.2", "' OR 1=1, x"])
def test_what_came_past_fewer_proxies_or_names_no_address_counts_as_the_machine_at_the_socket(settings, forwarded):
    settings.TRUSTED_PROXIES = 2

    assert client_address(request_from(forwarded)) == PROXY


def test_a_request_through_a_socket_file_has_the_address_that_its_proxy_names(settings):
    settings.TRUSTED_PROXIES = 1

    assert client_address(request_from("203.0.113.5", nearest="")) == "203.0.113.5"
    assert client_address(request_from(nearest="")) == "0.0.0.0"  # noqa: S104


def test_all_addresses_of_one_household_are_one_client():
    first, second, neighbour = (request_from(nearest=f"2001:db8:0:{net}") for net in ("1::5", "1:ffff::6", "2::5"))

    assert client_network(first) == client_network(second) == "2001:db8:0:1::"
    assert client_network(neighbour) == "2001:db8:0:2::"
    assert client_network(request_from(nearest="203.0.113.5")) == "203.0.113.5"
