// The schema is published, so introspection needs no sign-in here: it is answered from schema.json.
const trust = location.pathname.split("/")[1];
const welcome = `# ${trust}
# Sign in: run requestSignInCode, read the mail (var/mail/ without SMTP_URL), run signIn
# and put {"Authorization": "Bearer <token>"} under Headers.
{
  trust { name area constituencies { code name } }
  schools(first: 5) { totalCount nodes { name phase town } }
}
`;
async function fetcher(parameters, options) {
  if (parameters.operationName === "IntrospectionQuery") {
    return (await fetch(`/${trust}/schema.json`)).json();
  }
  const answer = await fetch(location.pathname, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...(options && options.headers) },
    body: JSON.stringify(parameters),
  });
  return answer.json();
}
ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, { fetcher, defaultQuery: welcome, isHeadersEditorEnabled: true })
);
