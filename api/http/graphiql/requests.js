export const trust = location.pathname.split("/")[1];

// The answer to one GraphQL request.
export async function ask(parameters, headers) {
  const answer = await fetch(`/${trust}/graphql`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(parameters),
  });
  return answer.json();
}
