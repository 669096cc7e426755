// What a client of ours does with the generated documents: the types of variables and answers follow from the operation.
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { print } from "graphql";
import { FollowCountDocument, MembersDocument } from "./generated/graphql.js";

async function ask<Answer, Variables>(
  url: string,
  document: TypedDocumentNode<Answer, Variables>,
  variables: Variables,
): Promise<Answer> {
  const body = JSON.stringify({ query: print(document), variables });
  const answer = await fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body });
  return ((await answer.json()) as { data: Answer }).data;
}

export async function namesOfMembers(url: string): Promise<string[]> {
  const { members } = await ask(url, MembersDocument, { first: 20 });
  return members.nodes.map(({ person }) => (person ? `${person.givenName} ${person.familyName}` : ""));
}

export async function outcome(url: string, contest: string): Promise<string | null> {
  const asked = await ask(url, FollowCountDocument, { id: contest });
  return asked.contest?.declaration?.outcome ?? null;
}

// @ts-expect-error: an operation without the variable it needs is no client of ours
void ask("", MembersDocument, {});
