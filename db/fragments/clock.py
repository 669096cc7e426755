"""The moment and the day, as every statement asks for them."""

TODAY = "(now() at time zone 'Europe/London')::date"  # a day of law begins at midnight in England
