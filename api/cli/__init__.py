"""The commands of `python -m api`, a file each; what several of them need of the database is in `database.py`."""
