// Prints one line of JSON per step: its name and what the client got. Usage: use.js URL PASSWORD
const { createClient } = require("@clickhouse/client");
const { Readable } = require("node:stream");

const [url, password] = process.argv.slice(2);
const as = (more) => createClient({ url, username: "default", password, ...more });

async function step(name, work) {
  let got;
  try {
    got = await work();
  } catch (error) {
    got = { error: error.type || error.constructor.name, code: error.code, message: error.message };
  }
  console.log(JSON.stringify({ step: name, got }));
}

async function rows(client, query, more) {
  return (await client.query({ query, format: "JSONEachRow", ...more })).json();
}

(async () => {
  const client = as();
  const awkward = "b'\\\n\n\t\u0000 ż🌊";
  await step("ping", () => client.ping());
  await step("ddl", async () => {
    await client.command({ query: "CREATE DATABASE js" });
    await client.command({ query: "CREATE TABLE js.t (id UInt64, s String) ENGINE = MergeTree ORDER BY id" });
    return "done";
  });
  const inJs = as({ database: "js" });
  await step("insert", async () => {
    const values = [{ id: 1, s: "a" }, { id: 2, s: awkward }];
    return (await inJs.insert({ table: "t", values, format: "JSONEachRow" })).executed;
  });
  await step("insert stream", async () => {
    const values = Readable.from((function* () { for (let id = 3; id <= 100002; id++) yield { id, s: "x" + id }; })());
    return (await inJs.insert({ table: "t", values, format: "JSONEachRow" })).executed;
  });
  await step("insert csv", async () => {
    const values = Readable.from(['200001,"one"\n', '200002,"two, three"\n'], { objectMode: false });
    return (await inJs.insert({ table: "t", values, format: "CSV" })).executed;
  });
  await step("count", () => rows(inJs, "SELECT count() AS n, max(id) AS newest FROM t"));
  await step("parameters", () =>
    rows(inJs, "SELECT id, s FROM {table:Identifier} WHERE id = {id:UInt64} AND s = {s:String} AND id IN {ids:Array(UInt64)}", {
      query_params: { table: "t", id: 2, s: awkward, ids: [1, 2] },
    }));
  await step("awkward comes back", async () => (await rows(inJs, "SELECT s FROM t WHERE id = 2"))[0].s === awkward);
  await step("stream", async () => {
    let n = 0;
    let sum = 0;
    const answer = await inJs.query({ query: "SELECT number FROM numbers(1000000)", format: "JSONEachRow" });
    for await (const part of answer.stream()) {
      n += part.length;
      for (const row of part) sum += Number(row.json().number);
    }
    return { n, sum };
  });
  await step("json format", async () => {
    const answer = await (await inJs.query({ query: "SELECT 1 AS one, 'x' AS x", format: "JSON" })).json();
    return { meta: answer.meta, data: answer.data, rows: answer.rows };
  });
  await step("settings", () =>
    rows(inJs, "SELECT getSetting('max_threads') AS threads", { clickhouse_settings: { max_threads: 1 } }));
  await step("settings do not stay", async () =>
    (await rows(inJs, "SELECT getSetting('max_result_rows') AS most", {}))[0].most);
  await step("gzip", async () => {
    const zipped = as({ database: "js", compression: { request: true, response: true } });
    await zipped.insert({ table: "t", values: [{ id: 300001, s: "zipped" }], format: "JSONEachRow" });
    const got = await rows(zipped, "SELECT s FROM t WHERE id = 300001");
    await zipped.close();
    return got;
  });
  await step("summary", async () => {
    const { summary } = await inJs.insert({ table: "t", values: [{ id: 400001, s: "" }, { id: 400002, s: "" }], format: "JSONEachRow" });
    return summary.written_rows;
  });
  await step("unknown column", () => rows(inJs, "SELECT nope FROM t"));
  await step("unknown table", () => rows(inJs, "SELECT 1 FROM nowhere"));
  await step("syntax", () => rows(inJs, "SELEC 1"));
  await step("bad rows", () => inJs.insert({ table: "t", values: [{ id: "no number", s: "" }], format: "JSONEachRow" }));
  await step("wrong password", () => rows(as({ password: "guess" }), "SELECT 1"));
  await step("wrong user", () => rows(as({ username: "root" }), "SELECT 1"));
  await step("no such database", () => rows(as({ database: "nowhere" }), "SELECT 1"));
  await step("no such path", async () => (await fetch(url + "/nowhere")).status);
  await step("still there", async () => (await rows(inJs, "SELECT count() AS n FROM t"))[0].n);
  await inJs.close();
  await client.close();
})();
