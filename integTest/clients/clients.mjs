// Runs OpenAI's client and LangChain's class on a node, unchanged but for the base URL.
//   npm install && node clients.mjs http://localhost:9200/_qwen3/v1 EMBEDDING_MODEL [AUTHORIZATION]
// AUTHORIZATION is the header of that name, for a node with security on, say "ApiKey …".
import assert from "node:assert/strict";
import OpenAI from "openai";
import { OpenAIEmbeddings } from "@langchain/openai";

const [baseURL, model, authorization] = process.argv.slice(2);
if (!model) {
  console.error("usage: node clients.mjs URL EMBEDDING_MODEL [AUTHORIZATION]");
  process.exit(2);
}
const defaultHeaders = authorization ? { Authorization: authorization } : {};
const texts = ["Glaciers move by sliding over their bed.", "The recipe needs two eggs.", "冰川在自身重量下缓慢流动。"];
const close = (a, b) => a.every((value, i) => Math.abs(value - b[i]) < 1e-6);
const shown = (vector) => `[${vector.slice(0, 3).map((value) => value.toFixed(6)).join(", ")}, …] of ${vector.length}`;

const client = new OpenAI({ baseURL, apiKey: "not-needed", defaultHeaders, maxRetries: 0 });

const models = [];
for await (const each of client.models.list()) models.push(each.id);
console.log("openai models.list:", models.join(", "));
assert(models.includes(model));

// asks for base64 by itself, and decodes it
const base64 = await client.embeddings.create({ model, input: texts });
const float = await client.embeddings.create({ model, input: texts, encoding_format: "float" });
base64.data.forEach((each, i) => assert(close(each.embedding, float.data[i].embedding)));
console.log("openai embeddings.create:", shown(float.data[0].embedding), JSON.stringify(float.usage));

const short = await client.embeddings.create({ model, input: texts[0], dimensions: 32, user: "somebody" });
assert.equal(short.data[0].embedding.length, 32);
console.log("openai dimensions 32:", shown(short.data[0].embedding));

for (const [request, type, code, param] of [
  [{ model: "gpt", input: "text" }, OpenAI.NotFoundError, "model_not_found", "model"],
  [{ model, input: [1, 2, 3] }, OpenAI.BadRequestError, null, "input"],
]) {
  const error = await client.embeddings.create(request).then(() => assert.fail(), (e) => e);
  assert(error instanceof type, String(error));
  assert.equal(error.code, code);
  assert.equal(error.param, param);
  console.log(`openai ${error.constructor.name}:`, error.message);
}

const langChain = new OpenAIEmbeddings({
  model,
  apiKey: "not-needed",
  configuration: { baseURL, defaultHeaders },
  maxRetries: 0,
});
const documents = await langChain.embedDocuments(texts);
documents.forEach((vector, i) => assert(close(vector, float.data[i].embedding)));
console.log("langchain embedDocuments:", documents.map(shown).join("  "));
const query = await langChain.embedQuery(texts[0]);
assert(close(query, documents[0]));
console.log("langchain embedQuery:", shown(query));
console.log("all as expected");
