"""Mutations that many tests send."""

APPLY = """mutation ($input: ApplyForMembershipInput!) {
  applyForMembership(input: $input) { member { id status person { id } } errors { code field } } }"""


REGISTER_CHILD = """mutation ($input: RegisterChildInput!) {
  registerChild(input: $input) { member { id person { id } } errors { code field } } }"""


APPLY_FOR_ORGANISATION = """mutation ($input: ApplyForOrganisationInput!) {
  applyForOrganisation(input: $input) { member { id organisation { id } } errors { code field } } }"""


ADMIT = "mutation ($id: ID!) { admitMember(input: {id: $id}) { member { id number status } errors { code field } } }"
DRAFT_RESOLUTION = """mutation ($input: DraftResolutionInput!) {
  draftResolution(input: $input) { poll { id status } errors { code field } } }"""


CAST = """mutation ($poll: ID!, $choice: Choice!, $key: String) {
  castVote(input: {pollId: $poll, choice: $choice, idempotencyKey: $key}) { receipt errors { code field } } }"""


DRAFT_CONSULTATION = """mutation ($input: DraftConsultationInput!) {
  draftConsultation(input: $input) { consultation { id status questions { id } } errors { code field } } }"""


ANSWER = """mutation ($input: AnswerConsultationInput!) {
  answerConsultation(input: $input) { response { id answers { choice comment } } errors { code field } } }"""


def act(name: str, thing: str) -> str:
    """A mutation that takes an id and gives `thing` back."""
    return f"mutation ($id: ID!) {{ {name}(input: {{id: $id}}) {{ {thing} {{ id status }} errors {{ code field }} }} }}"
