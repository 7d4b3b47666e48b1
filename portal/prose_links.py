"""Where the links of a prose text may lead: to pages, to somebody's mail, and to the paths of this site."""

import re

import nh3
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

SCHEMES = {"http", "https", "mailto"}
LONGEST_ADDRESS = 2000

_IGNORED_BY_BROWSERS = re.compile(r"[\0-\x20\x7f-\xa0]+")
_OF_NO_ADDRESS = re.compile(r'["<>\\^`{|}]')


def address_of(href) -> str:
    """The address that a link written as `href` may lead to; empty where it may lead nowhere."""
    address = _IGNORED_BY_BROWSERS.sub("", href)
    address = _OF_NO_ADDRESS.sub(lambda character: f"%{ord(character[0]):02X}", address)
    return address if _is_allowed(address) and _is_left_by_the_sanitizer(address) else ""


def _is_allowed(address) -> bool:
    if len(address) > LONGEST_ADDRESS:
        return False
    if address.startswith("/"):
        return not address.startswith("//")  # another site
    try:
        if address.lower().startswith("mailto:"):
            validate_email(address[len("mailto:") :].partition("?")[0])
        else:
            URLValidator(schemes=["http", "https"])(address)
    except ValidationError:
        return False
    return True


def _is_left_by_the_sanitizer(address) -> bool:
    link = f'<a href="{address}"></a>'
    return "href" in nh3.clean(link, tags={"a"}, attributes={"a": {"href"}}, url_schemes=SCHEMES, link_rel=None)
