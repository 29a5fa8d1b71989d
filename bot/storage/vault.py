"""Encryption of tokens and external ids at rest (Fernet: AES-128-CBC with HMAC-SHA256).

The key lives outside the database, in ``ONBOARD_SECRET_KEY``. To rotate: put a new key in front
of the old one, separated by a comma, run ``onboard keys rotate``, then take the old one away.
"""

import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class SecretKeyError(Exception):
    """The secret key is missing, malformed or not the one; the message is for an operator."""

    for_people = True


class Vault:
    """Encrypts with the first of its keys and reads with any of them.

    An empty text stays empty: that there is no refresh token is no secret.
    """

    def __init__(self, keys: str) -> None:
        """Take the comma-separated keys of ``ONBOARD_SECRET_KEY``.

        Raises:
            SecretKeyError: there is no key, or one of them is not a key.
        """
        parts = [part.strip() for part in keys.split(",") if part.strip()]
        if not parts:
            raise SecretKeyError(
                "ONBOARD_SECRET_KEY is empty, so tokens cannot be stored. "
                "Make a key with `onboard keys new` and set it."
            )
        self._fernet = MultiFernet([_key(part, n) for n, part in enumerate(parts, start=1)])
        self._signing = [
            hashlib.sha256(b"onecore signatures\x00" + part.encode()).digest() for part in parts
        ]

    @staticmethod
    def new_key() -> str:
        """A fresh random key, as ``ONBOARD_SECRET_KEY`` takes it."""
        return Fernet.generate_key().decode("ascii")

    def encrypt(self, text: str) -> str:
        """The ciphertext of ``text``; "" stays ""."""
        return self.encrypt_bytes(text.encode())

    def encrypt_bytes(self, content: bytes) -> str:
        """The ciphertext of ``content``; nothing stays ""."""
        return self._fernet.encrypt(content).decode("ascii") if content else ""

    def decrypt(self, secret: str) -> str:
        """The text behind ``secret``.

        Raises:
            SecretKeyError: none of the keys made it, or it was changed.
        """
        return self.decrypt_bytes(secret).decode()

    def decrypt_bytes(self, secret: str) -> bytes:
        """What :meth:`encrypt_bytes` was given.

        Raises:
            SecretKeyError: none of the keys made it, or it was changed.
        """
        return self._opened(secret) if secret else b""

    def sign(self, text: str) -> str:
        """A signature (HMAC-SHA256, hexadecimal) by the first key."""
        return _signature(self._signing[0], text)

    def signed(self, text: str, signature: str) -> bool:
        """Whether any of the keys made this signature of ``text``."""
        given = signature.encode()
        made = [_signature(key, text).encode() for key in self._signing]
        return any(hmac.compare_digest(one, given) for one in made)

    def rotate(self, secret: str) -> str:
        """``secret`` encrypted again with the first key.

        Raises:
            SecretKeyError: none of the keys made it, or it was changed.
        """
        return self.encrypt_bytes(self._opened(secret)) if secret else ""

    def _opened(self, secret: str) -> bytes:
        try:
            return self._fernet.decrypt(secret)
        except InvalidToken:
            raise SecretKeyError(
                "A stored secret cannot be read with ONBOARD_SECRET_KEY. Nothing was changed. "
                "If the key was replaced, put the earlier one back behind the new one, separated "
                "by a comma; if it is lost, the customers have to connect again."
            ) from None


def _signature(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _key(text: str, number: int) -> Fernet:
    try:
        return Fernet(text)
    except ValueError:
        raise SecretKeyError(
            f"Key {number} of ONBOARD_SECRET_KEY is not a key: it must be 32 random bytes in "
            "URL-safe base64 (44 characters). Make one with `onboard keys new`."
        ) from None
