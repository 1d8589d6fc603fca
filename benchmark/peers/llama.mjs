// Qwen3-Embedding or Qwen3-Reranker on llama.cpp, one text after the other, as node-llama-cpp does it. For the lines see protocol.py.
import fs from "node:fs";
import readline from "node:readline";
import {getLlama} from "node-llama-cpp";

const prompts = JSON.parse(fs.readFileSync(new URL("prompts.json", import.meta.url), "utf8"));
const [modelPath, kind, threads] = process.argv.slice(2);
const llama = await getLlama({gpu: false, build: "never", maxThreads: Number(threads), logLevel: "error"});
const model = await llama.loadModel({modelPath});
// room for the longest prompt here; more would only be memory
const options = {contextSize: 1024, batchSize: 1024, threads: Number(threads)};
const context = kind === "embedding" ? await model.createEmbeddingContext(options) : await model.createRankingContext(options);

async function embed(texts) {
  const vectors = [];
  for (const text of texts) {
    // the end is appended here: node-llama-cpp does not see that the file asks for it
    const tokens = [...model.tokenize(text, false), model.tokens.eos];
    vectors.push((await context.getEmbeddingFor(tokens)).vector);
  }
  return vectors;
}

// The prompt is tokenised as a whole, as the official code has it: rank() would cut it behind the space before the document.
async function rerank(query, texts) {
  const scores = [];
  for (const text of texts) {
    const body = prompts.body.replace(/\{(query|document)\}/g, (_, name) => (name === "query" ? query : text));
    const tokens = [
      ...model.tokenize(prompts.prefix, true),
      ...model.tokenize(body, false),
      ...model.tokenize(prompts.suffix, true),
    ];
    scores.push(await context._evaluateRankingForInput(tokens));
  }
  return scores;
}

const say = (line) => process.stdout.write(JSON.stringify(line) + "\n");
say({ready: true});
for await (const line of readline.createInterface({input: process.stdin})) {
  const request = JSON.parse(line);
  const start = performance.now();
  const reply = request.query === undefined ? {vectors: await embed(request.texts)} : {scores: await rerank(request.query, request.texts)};
  say({...reply, seconds: (performance.now() - start) / 1000});
}
process.exit(0);
