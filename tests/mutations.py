"""Mutations that many tests send."""

APPLY = """mutation ($input: ApplyForMembershipInput!) {
  applyForMembership(input: $input) { member { id status person { id } } errors { code path } } }"""

REGISTER_CHILD = """mutation ($input: RegisterChildInput!) {
  registerChild(input: $input) { member { id person { id } } errors { code path } } }"""

REGISTER_PERSON = """mutation ($given: String!, $family: String!, $born: Date) { registerPerson(input: {givenName: $given,
  familyName: $family, dateOfBirth: $born}) { person { id } errors { code path } } }"""

CORRECT = """mutation ($input: CorrectPersonInput!) { correctPerson(input: $input) {
  person { id givenName familyName email dateOfBirth } errors { code message path } } }"""

APPLY_FOR_ORGANISATION = """mutation ($input: ApplyForOrganisationInput!) {
  applyForOrganisation(input: $input) { member { id status organisation { id } } errors { code path } } }"""

END_RELATIONSHIP = """mutation ($id: ID!, $until: Date!) {
  endRelationship(input: {id: $id, until: $until}) { person { id } errors { code path } } }"""

ADMIT = "mutation ($id: ID!) { admitMember(input: {id: $id}) { member { id number status } errors { code path } } }"

REFUSE = "mutation ($id: ID!, $reason: String!) { refuseMember(input: {id: $id, reason: $reason}) { member { id status } errors { code path } } }"

MERGE = """mutation ($kept: ID!, $merged: ID!) {
  mergePeople(input: {keptId: $kept, mergedId: $merged, reason: "One birth certificate"}) {
    personMerge { id kept { id } merged { id } stayed } errors { code path message } } }"""

UNDO_MERGE = """mutation ($id: ID!) { undoMerge(input: {id: $id, reason: "Two cousins"}) {
  personMerge { id undoneAt stayed } errors { code path message } } }"""

DRAFT_POLL = """mutation ($input: DraftPollInput!) {
  draftPoll(input: $input) { poll { id status contests { id } } errors { code path } } }"""

CAST = """mutation ($contest: ID!, $paper: String!, $key: String, $for: ID) {
  castVote(input: {contestId: $contest, paper: $paper, idempotencyKey: $key, onBehalfOf: $for}) {
    receipt errors { code path } } }"""

DRAFT_CONSULTATION = """mutation ($input: DraftConsultationInput!) {
  draftConsultation(input: $input) { consultation { id status questions { id } } errors { code path } } }"""

PUBLISH_OUTCOME = """mutation ($id: ID!, $outcome: String!, $actions: [YouSaidWeDidInput!]!) {
  publishOutcome(input: {id: $id, outcome: $outcome, actions: $actions}) { consultation { status } errors { code path } } }"""

ANSWER = """mutation ($input: AnswerConsultationInput!) {
  answerConsultation(input: $input) { consultationResponse { id answers { choice comment } } errors { code path } } }"""

REQUEST_ABOUT_DATA = "mutation ($id: ID!, $kind: DataRequestKind!) { requestAboutData(input: {personId: $id, kind: $kind}) { dataRequest { id status dueOn } errors { code } } }"

WITHDRAW_CONSENT = "mutation ($id: ID!) { withdrawConsent(input: {childId: $id}) { person { id } errors { code } } }"


def act(name: str, thing: str) -> str:
    """A mutation that takes an id and gives `thing` back."""
    return f"mutation ($id: ID!) {{ {name}(input: {{id: $id}}) {{ {thing} {{ id status }} errors {{ code path }} }} }}"
