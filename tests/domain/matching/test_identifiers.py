"""Check digits, phones, mail, domains and addresses as keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.matching.addresses import place
from bot.domain.matching.identifiers import (
    _extractor,
    _parsed_phone,
    email_key,
    is_abn,
    is_acn,
    is_nzbn,
    own_domain,
    phone_key,
    same_company,
    tax_key,
)
from bot.domain.records import Address


@pytest.mark.parametrize("number", ["53004085616", "51824753556", "33102417032"])
def test_real_abns_pass_their_check_digits(number):
    """Numbers from the public register."""
    assert is_abn(number)


@pytest.mark.parametrize("number", ["53004085617", "15004085616", "5300408561", "03004085616", ""])
def test_a_wrong_digit_is_no_abn(number):
    """One digit wrong, two swapped, one missing, a leading zero, nothing."""
    assert not is_abn(number)


def test_acn_and_nzbn_check_digits():
    """The register's own examples, and each with one digit wrong."""
    assert is_acn("004085616")
    assert not is_acn("004085617")
    assert is_nzbn("9429036975273")
    assert not is_nzbn("9429036975274")
    assert not is_nzbn("1234567890128")


def test_an_abn_holds_its_companys_acn():
    """The last nine digits of a company's ABN are its ACN."""
    assert same_company(tax_key("53 004 085 616"), tax_key("004 085 616"))
    assert not same_company(tax_key("51 824 753 556"), tax_key("004 085 616"))


@pytest.mark.parametrize(
    "text", ["(02) 8123 4567", "02 8123 4567", "+61 2 8123 4567", "61281234567", "0281234567 ext 3"]
)
def test_one_phone_in_many_spellings(text):
    """All become E.164."""
    assert phone_key(text) == "+61281234567"


@pytest.mark.parametrize("text", ["", "n/a", "0000000000", "12", "none"])
def test_placeholders_are_no_phone(text):
    """A field filled with nothing joins nobody."""
    assert phone_key(text) == ""


def test_american_numbers_are_told_by_their_ten_digits():
    """Without a country code."""
    assert phone_key("773-555-1234") == "+17735551234"


def test_mail_and_domains():
    """Case and tags are dropped; public mail domains are nobody's own."""
    assert email_key("Dave <Dave+Jobs@Acme.com.au>") == "dave@acme.com.au"
    assert email_key("no mail") == ""
    assert own_domain("https://www.acme.com.au/contact") == "acme.com.au"
    assert own_domain("dave@acme.com.au") == "acme.com.au"
    assert own_domain("dave@bigpond.com") == ""


@pytest.mark.parametrize(
    "street",
    ["207 Harris Lane", "Unit 8, 207 Harris Ln", "8/207 Harris Lane", "Level 2, 207 HARRIS LN"],
)
def test_units_and_street_types_do_not_make_another_address(street):
    """The building counts."""
    found = place(Address(street, "Clayton", "Victoria", "3168"))
    assert (found.number, found.street, found.state) == ("207", "harris ln", "vic")


def test_a_box_is_no_building():
    """PO boxes are compared with boxes only."""
    found = place(Address("PO Box 582", "Clayton", "VIC", "3168"))
    assert found.box == "582"
    assert not found.is_street


@given(
    prefix=st.sampled_from(["0", "+61", "61", "+61 (0)", "", "00"]),
    digits=st.text("0123456789", min_size=7, max_size=10),
    shape=st.sampled_from(["{}", "({}) {}", "{} {} {}", "{}-{}", "{}/{}", "{} ext {}"]),
)
def test_the_short_way_for_australian_numbers_says_what_phonenumbers_says(prefix, digits, shape):
    """However the number is written."""
    text = prefix + shape.format(digits[:2], digits[2:6], digits[6:])
    assert phone_key(text) == _parsed_phone(text, "AU")


@pytest.mark.parametrize("suffix", ["com", "net", "org", "com.au", "net.au", "org.au"])
def test_the_suffixes_known_by_heart_are_those_of_the_public_list(suffix):
    """A name right under one of them is registrable, and is all that is left of the address."""
    assert own_domain(f"https://www.harlow.{suffix}/") == f"harlow.{suffix}"
    assert _extractor()(f"www.harlow.{suffix}").top_domain_under_public_suffix == f"harlow.{suffix}"
