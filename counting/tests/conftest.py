"""`--hypothesis-profile=few` tries ten cases of each property instead of a hundred."""

from hypothesis import settings

settings.register_profile("few", max_examples=10)
