"""What happened at a stage, in words a parent understands."""

from collections.abc import Iterable

from .count import Count, CountingMethod, CountRemark, Stage, StageEvent, Tie, Transfer, decimal_text
from .text import listed


def stage_title(count: Count, stage: Stage) -> str:
    """The stage in a few words, such as "surplus of Smith" or "exclusion of Monk, papers at 0.21"."""
    about = listed(count.contest.names[candidate] for candidate in stage.about)
    match stage.event:
        case StageEvent.FIRST_PREFERENCES:
            return "first preferences"
        case StageEvent.CROSSES:
            return "crosses"
        case StageEvent.CHOICES:
            return "choices"
        case StageEvent.SURPLUS:
            return f"surplus of {about}"
        case StageEvent.LAST_SEATS:
            return "last seats"
        case StageEvent.COMPARISON:
            return f"comparison: {about}" if about else "comparison"
        case _:
            return f"exclusion of {about}" + _at_value(count, stage)


def stage_sentence(count: Count, stage: Stage) -> str:
    """The stage in whole sentences: ties, what was done, where papers went and who was elected."""
    if count.remark is CountRemark.UNCONTESTED and stage.number == 1:
        names = listed(count.contest.names[each] for each in stage.elected)
        return f"{count.remark.description[:-1]}: {names}."
    parts = [*(_tie(count, tie) for tie in stage.ties), _deed(count, stage), *_elections(count, stage)]
    if stage is count.stages[0] and count.remark:
        parts.append(count.remark.description)
    return " ".join(part for part in parts if part)


def _deed(count: Count, stage: Stage) -> str:
    about = listed(count.contest.names[candidate] for candidate in stage.about)
    were = "was" if len(stage.about) == 1 else "were"
    match stage.event:
        case StageEvent.FIRST_PREFERENCES:
            return (
                f"{_papers(count.valid)} counted by first preference; the quota is {_votes(count, stage.quota or 0)}."
            )
        case StageEvent.CROSSES:
            return f"The crosses of {_papers(count.valid)} were counted."
        case StageEvent.CHOICES:
            choices = listed(
                f"{number} {word}" for number, word in zip(stage.votes, ("for", "against", "abstained"), strict=True)
            )
            return f"{_papers(count.valid)} counted: {choices}; it needed {_votes(count, stage.quota or 0)} for."
        case StageEvent.COMPARISON:
            left = "Nobody left for whom there is room" if count.contest.reserved else "Nobody left"
            return f"{left} is preferred to {about} by more voters, directly or by way of others." if about else ""
        case StageEvent.LAST_SEATS:
            return f"{about} had the fewest votes and {were} excluded; as many candidates are left as seats."
        case StageEvent.SURPLUS if stage.transfers:
            return _surplus(count, stage, about)
        case StageEvent.SURPLUS:
            return f"What {about} did not need went on to the next preferences; {_gains(count, stage)}."
        case _:
            return _exclusion(count, stage, about, were)


def _surplus(count: Count, stage: Stage, about: str) -> str:
    (candidate,) = stage.about
    surplus = count.stages[stage.number - 2].votes[candidate] - stage.votes[candidate]
    rest = _plain(count, surplus - sum(each.votes for each in stage.transfers))
    nowhere = f"; {rest} was lost in rounding or had nowhere to go" if rest != "0" else ""
    return (
        f"{about} had {_votes(count, surplus)} more than the quota; {_destinations(count, stage.transfers)}{nowhere}."
    )


def _exclusion(count: Count, stage: Stage, about: str, were: str) -> str:
    before = count.stages[stage.number - 2]
    where = _destinations(count, stage.transfers) if stage.transfers else _gains(count, stage)
    if before.event is stage.event and before.about == stage.about:
        return f"More papers of {about} were passed on: {where}."
    if stage.event is StageEvent.DOOMED:
        return f"Seats are kept for others, so {about} could no longer be elected and {were} excluded; {where}."
    of_whom = "Of those who are not needed for a reserved seat, " if count.contest.reserved else ""
    return f"{of_whom}{about} had the fewest votes and {were} excluded; {where}."


def _destinations(count: Count, transfers: Iterable[Transfer]) -> str:
    """ "14 papers went to Vicar, 5 to Abbot and 2 named nobody else who is left"."""
    papers: dict[int | None, int] = {}
    values = set()
    for transfer in transfers:
        papers[transfer.target] = papers.get(transfer.target, 0) + transfer.papers
        if transfer.target is not None:
            values.add(transfer.value)
    nobody = papers.pop(None, 0)
    names = count.contest.names
    ordered = sorted(papers.items(), key=lambda item: (-item[1], names[item[0] or 0]))
    worth = count.text(values.pop()) if len(values) == 1 else None
    each = "" if worth is None or worth == count.text(10**count.places) else f", worth {worth} of a vote each"
    parts = [
        f"{number if place else _papers(number) + ' went'} to {names[target or 0]}"
        for place, (target, number) in enumerate(ordered)
    ]
    where = listed(parts) + each if parts else ""
    if not nobody:
        return where or "no papers had to be passed on"
    return (
        f"{where}; {nobody} named nobody else who is left"
        if where
        else f"{_papers(nobody)} named nobody else who is left"
    )


def _gains(count: Count, stage: Stage) -> str:
    """Who has how much more than at the stage before, as far as two decimals show it."""
    before = count.stages[stage.number - 2]
    gains = [(now - then, name) for name, now, then in zip(count.contest.names, stage.votes, before.votes, strict=True)]
    parts = [
        f"{name} gained {_plain(count, gain)}"
        for gain, name in sorted(gains, key=lambda each: (-each[0], each[1]))
        if gain > 0 and _plain(count, gain) != "0"
    ]
    nowhere = _plain(count, max(stage.exhausted - before.exhausted, 0))
    if nowhere != "0":
        parts.append(f"{nowhere} had nowhere to go")
    return listed(parts) or "nobody gained by it"


def _elections(count: Count, stage: Stage) -> list[str]:
    """Who was elected, by reaching the quota or otherwise."""
    quota = stage.quota
    reached = [each for each in stage.elected if quota is not None and stage.votes[each] >= quota]
    others = [each for each in stage.elected if each not in reached]
    names = count.contest.names
    sentences = []
    if reached:
        sentences.append(f"{listed(names[each] for each in reached)} reached the quota and {_was(reached)} elected.")
    if others:
        without = "" if quota is None else ", without the whole quota"
        sentences.append(f"{listed(names[each] for each in others)} {_was(others)} elected{without}.")
    return sentences


def _tie(count: Count, tie: Tie) -> str:
    names = count.contest.names
    equal = listed(names[each] for each in tie.candidates)
    chosen = names[tie.chosen]
    if tie.lot:
        when = "at every stage" if tie.stage is None else f"before and after stage {tie.stage}"
        return f"{equal} were equal {when}; the lot decided {'against' if tie.for_exclusion else 'for'} {chosen}."
    return f"{equal} were equal; {chosen} had {'fewer' if tie.for_exclusion else 'more'} votes at stage {tie.stage}."


def _at_value(count: Count, stage: Stage) -> str:
    """ERS97 passes papers on value by value, each a stage."""
    if count.method is not CountingMethod.ERS97 or not stage.transfers:
        return ""
    return f", papers at {count.text(stage.transfers[0].value)}"


def _was(candidates: list[int]) -> str:
    return "was" if len(candidates) == 1 else "were"


def _papers(number: int) -> str:
    return "1 paper" if number == 1 else f"{number} papers"


def _votes(count: Count, votes: int) -> str:
    plain = _plain(count, votes)
    return f"{plain} vote" if plain == "1" else f"{plain} votes"


def _plain(count: Count, votes: int) -> str:
    """Votes to two decimals at most; the table has them exactly."""
    hundredths = (votes * 200 + 10**count.places) // (2 * 10**count.places)
    return decimal_text(hundredths, 2).rstrip("0").rstrip(".")
