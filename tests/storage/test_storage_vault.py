"""Secrets, keys, and the sentences about wrong ones."""

import pytest

from bot.storage.vault import SecretKeyError, Vault

OLD, NEW = Vault.new_key(), Vault.new_key()


def test_what_goes_in_comes_out() -> None:
    """Up to, at and beyond a block of the cipher, of characters of one to four bytes."""
    vault = Vault(OLD)
    for text in ("", " ", "xoxb-1", "a\n\x00\x7f", "é建\u202e\U0001f600", "é" * 9_000):
        assert vault.decrypt(vault.encrypt(text)) == text
    for length in (15, 16, 17, 31, 32):
        assert vault.decrypt(vault.encrypt("x" * length)) == "x" * length


def test_the_same_secret_looks_different_each_time() -> None:
    vault = Vault(OLD)
    assert vault.encrypt("token") != vault.encrypt("token")


def test_the_first_key_encrypts_and_every_key_reads() -> None:
    both = Vault(f" {NEW} , {OLD},")
    assert both.decrypt(Vault(OLD).encrypt("token")) == "token"
    assert Vault(NEW).decrypt(both.encrypt("token")) == "token"


def test_a_rotated_secret_needs_the_new_key_only() -> None:
    rotated = Vault(f"{NEW},{OLD}").rotate(Vault(OLD).encrypt("token"))
    assert Vault(NEW).decrypt(rotated) == "token"
    with pytest.raises(SecretKeyError):
        Vault(OLD).decrypt(rotated)
    assert Vault(NEW).rotate("") == ""


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [("", "is empty"), (" , ", "is empty"), (f"{OLD},abc", "Key 2 of"), ("ключ", "Key 1 of")],
    ids=["none", "only a comma", "second is none", "not even ASCII"],
)
def test_a_bad_key_is_named_and_not_shown(keys: str, sentence: str) -> None:
    with pytest.raises(SecretKeyError, match=sentence) as error:
        Vault(keys)
    assert OLD not in str(error.value)
    assert "abc" not in str(error.value)


def test_a_secret_of_another_key_says_what_to_do() -> None:
    for secret in ("nonsense", Vault(NEW).encrypt("token")):
        with pytest.raises(SecretKeyError, match="put the earlier one back"):
            Vault(OLD).decrypt(secret)


def test_a_signature_is_ours_under_any_of_our_keys_and_nobody_elses() -> None:
    signature = Vault(OLD).sign("state")
    assert Vault(f"{NEW},{OLD}").signed("state", signature)
    assert not Vault(NEW).signed("state", signature)
    assert not Vault(OLD).signed("other state", signature)
    assert not Vault(OLD).signed("state", "é")
