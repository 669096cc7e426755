"""How an address is written, in SQL."""

SCHOOL_ADDRESS = "concat_ws(', ', s.name, s.street, s.locality, s.town, s.postcode)"  # of a school `s`
