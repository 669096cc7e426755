"""What is stored of a token."""

from hashlib import sha256


def hash_of_token(token: str) -> str:
    """What is stored of a token. Tokens have 256 random bits, so a plain hash is enough."""
    return sha256(token.encode()).hexdigest()
