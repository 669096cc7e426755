"""A registration file of 400 people who are deliberately alike, and who each row really is of: rule 3d.

`python -m tests.api.alike_people > alike.csv` writes it, to be tried by hand. The same seed makes the same file.
"""

import sys
from collections.abc import Iterator
from random import Random
from typing import Any, NamedTuple

from tests.api.uploads import people

SEED = 12
SCHOOL = 118365
FAMILIES = ["Salt", "Bell", "Uden", "Torr", "Plant", "Shaw", "Costa", "Epps", "Lee", "Ash", "Finney", "Clarke"]
GIVEN = ["John", "Kim", "Ann", "Robert", "Amelia", "Tom", "Sita", "Luke", "Nora", "Omar", "Ruth", "Hugh"]


class AlikeRow(NamedTuple):
    """A row, and whose it is: rows with one `truth` are of one person. `name_hides`: by another name than before, which
    nothing but an identifier sees through."""

    truth: str
    given: str
    family: str
    role: str
    year: str = ""
    born: str = ""
    email: str = ""
    phone: str = ""
    postcode: str = ""
    name_hides: bool = False

    @property
    def cells(self) -> str:
        told = (self.given, self.family, self.role, str(SCHOOL), self.year, self.born, self.email, self.phone)
        return ",".join((*told, self.postcode, "English", "Y"))


def _household(random: Random, n: int) -> Iterator[AlikeRow]:
    """Everybody of one house, in an order of chance: each shares the mailbox, the landline and the postcode with others."""
    given, other, child = random.sample(GIVEN, 3)
    family = f"{random.choice(FAMILIES)}{chr(97 + n % 26)}{chr(97 + n // 26)}"
    mailbox, landline, mobile = f"house{n}@example.org", f"01233 50{n:04}", f"07700 90{n:04}"
    house: dict[str, Any] = {"email": mailbox, "phone": landline, "postcode": f"TN25 {n % 9 + 1}AA"}
    born, child_born = f"0{n % 9 + 1}/06/1979", f"1{n % 9}/11/2014"
    father = AlikeRow(f"{n} father", given, family, "Parent", "3", born, **house)
    yield father
    yield father._replace(year="6", email=f"other{n}@example.org")  # of another child, from another mailbox
    yield father._replace(truth=f"{n} namesake", born="", phone=mobile)  # one name, mailbox and postcode
    yield AlikeRow(f"{n} son", given, family, "Pupil", "6", child_born, **house)
    yield AlikeRow(f"{n} cousin", given, family, "Staff", phone=landline)  # shares no more than a landline
    yield AlikeRow(f"{n} twin", child, family, "Pupil", "6", child_born, **house)
    yield AlikeRow(f"{n} twin's twin", other, family, "Pupil", "6", child_born, **house)
    yield AlikeRow(f"{n} twin", child[0] + ".", family, "Pupil", "6", child_born, **house)
    yield AlikeRow(f"{n} mother", other, f"Ünal-{family}", "Parent", "6", f"0{n % 9 + 1}/07/1981", **house)
    yield AlikeRow(f"{n} mother", other, f"Unal-{family}", "Staff", "", f"0{n % 9 + 1}/07/1981", **house)
    yield AlikeRow(f"{n} mother", other, f"Born-{family}", "Parent", "3", "", **house, name_hides=True)
    yield AlikeRow(f"{n} swapped", "Ali", f"Hassan{family}", "Parent", "1", f"02/0{n % 9 + 1}/1985", **house)
    yield AlikeRow(f"{n} swapped", f"Hassan{family}", "Ali", "Parent", "4", f"02/0{n % 9 + 1}/1985", **house)
    yield AlikeRow(f"{n} brother", f"Hassan{family}", "Ali", "Parent", "4", "", **house)
    yield AlikeRow(f"{n} guest", "Юлия", f"Жук{family}", "Staff", "", "", mailbox, mobile)
    yield AlikeRow(f"{n} guest", "Yuliya", f"Zhuk{family}", "Staff", "", "", mailbox, mobile, name_hides=True)


def alike_rows(count: int = 400, seed: int = SEED) -> list[AlikeRow]:
    """So many rows, in an order of chance."""
    random = Random(seed)
    rows: list[AlikeRow] = []
    while len(rows) < count:
        rows += _household(random, len(rows) // 16)
    random.shuffle(rows)
    return rows[:count]


def content_of(rows: list[AlikeRow]) -> bytes:
    return people(*(row.cells for row in rows))


if __name__ == "__main__":
    sys.stdout.buffer.write(content_of(alike_rows()))
