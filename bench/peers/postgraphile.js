// PostGraphile 5, the schema made from our tables, on node:http.
import { createServer } from "node:http";
import { grafserv } from "grafserv/node";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";

const preset = {
  extends: [PostGraphileAmberPreset],
  pgServices: [makePgService({
    poolConfig: { host: process.env.BENCH_HOST, user: "postgres", database: process.env.BENCH_DATABASE, max: 8, min: 8, idleTimeoutMillis: 0 },
    schemas: ["public"], pubsub: false,
  })],
  grafserv: { graphqlPath: "/graphql", graphiql: false, watch: false },
  grafast: { explain: false, context: () => ({}) },
  schema: { defaultBehavior: "+connection" },
};
const instance = postgraphile(preset);
if (process.argv[2] === "schema") {
  const { printSchema } = await import("graphql");
  console.log(printSchema(await instance.getSchema()));
  process.exit(0);
}
const server = createServer();
await instance.createServ(grafserv).addTo(server);
server.listen(+process.env.PORT, "127.0.0.1");
