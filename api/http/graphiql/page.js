// GraphiQL of one trust. The schema is published, so introspection needs no sign-in: it is answered from schema.json.
import { ask, trust } from "./requests.js";
import { authorization } from "./sign_in.js";

const welcome = `# ${trust}
# Sign in above (without SMTP_URL the code's mail is in var/mail/), or put a token under Headers:
# {"Authorization": "Bearer <token>"}
{
  trust { name area constituencies { code name } }
  schools(first: 5) { totalCount nodes { name phase town } }
}
`;
async function fetcher(parameters, options) {
  if (parameters.operationName === "IntrospectionQuery") {
    return (await fetch(`/${trust}/schema.json`)).json();
  }
  return ask(parameters, { ...authorization(), ...(options && options.headers) });
}
// no storage: what is typed, a vote perhaps, must not wait in the browser for whoever uses it next
ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, { fetcher, defaultQuery: welcome, isHeadersEditorEnabled: true, storage: null })
);
