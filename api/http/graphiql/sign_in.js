// The form above GraphiQL: mailbox, code, and who it is where several people share the mailbox.
// The token is kept in this page's memory alone: it is gone when the page is left or loaded again.
import { ask } from "./requests.js";

const REQUEST = "mutation ($input: RequestSignInCodeInput!) { requestSignInCode(input: $input) { challenge errors { message } } }";
const SIGN_IN =
  "mutation ($input: SignInInput!) { signIn(input: $input) { token choices { id givenName } errors { message } } }";
const SIGN_OUT = "mutation { signOut { errors { message } } }";

const NEXT = { mailbox: "Send me a code", code: "Sign in", person: "Sign in", "signed-in": "Sign out" };

const form = document.getElementById("sign-in");
const said = document.getElementById("signed-in");
const fields = form.elements;
let challenge = null;
let token = null;

export function authorization() {
  return token ? { Authorization: `Bearer ${token}` } : {};
}

function show(step, message) {
  form.dataset.step = step;
  for (const part of form.querySelectorAll("[data-on]")) {
    part.hidden = !part.dataset.on.split(" ").includes(step);
    for (const field of part.querySelectorAll("input, select")) {
      field.disabled = part.hidden; // so that only what is seen must be filled in
    }
  }
  fields.next.textContent = NEXT[step];
  said.textContent = message;
  form.querySelector("input:enabled, select:enabled")?.focus();
}

// The mutation's payload. Throws an Error with a sentence for people.
async function run(query, input) {
  const { data, errors } = await ask({ query, variables: { input } }, authorization());
  const payload = data && Object.values(data)[0];
  if (!payload) throw new Error(errors?.[0]?.message ?? "There was no answer.");
  if (payload.errors?.length && !payload.choices?.length) throw new Error(payload.errors[0].message);
  return payload;
}

function offer(people) {
  const other = { id: "", givenName: "Somebody else" };
  fields.person.replaceChildren(...[...people, other].map((each) => new Option(each.givenName, each.id)));
}

const steps = {
  async mailbox() {
    ({ challenge } = await run(REQUEST, { email: fields.email.value, language: navigator.language }));
    fields.code.value = "";
    show("code", `A code is on its way to ${fields.email.value}.`);
  },
  async code(who = {}) {
    const payload = await run(SIGN_IN, { challenge, code: fields.code.value, ...who });
    if (!payload.token) {
      offer(payload.choices);
      show("person", "Several people share this mailbox.");
      return;
    }
    token = payload.token;
    show("signed-in", `Signed in as ${fields.email.value}, until this page is left or loaded again.`);
  },
  person: () => steps.code(fields.person.value ? { personId: fields.person.value } : { anotherPerson: true }),
  async "signed-in"() {
    const leaving = ask({ query: SIGN_OUT }, authorization());
    token = null;
    show("mailbox", "Signed out.");
    await leaving;
  },
};

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    await steps[form.dataset.step]();
  } catch (error) {
    said.textContent = error.message;
  }
});
fields.again.addEventListener("click", () => show("mailbox", "Not signed in."));
show("mailbox", said.textContent);
