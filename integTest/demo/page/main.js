// The page: a query goes through three stages, one after the other, so that the times of one are not those of another.

import { byId, count, element } from "./dom.js";
import { search, SearchError } from "./api.js";
import { draw, follow } from "./arrows.js";
import { column, ranks, say, show, wait } from "./column.js";
import { openHit, openRequest } from "./dialogs.js";
import { request, STAGES } from "./requests.js";

const SAMPLES = 4;
const board = byId("columns");
const query = byId("query");

let config;
let corpus;
let firstSample = 0;
let running = new AbortController();
/** The search whose hits are shown: index, query, and each stage's answer and ranks. */
let shown = { index: null, text: "", answers: {}, ranks: {} };

async function start() {
  try {
    config = await (await fetch("demo.json")).json();
  } catch {
    alarm("The demo does not answer. Start it again: ./demo");
    return;
  }
  byId("models").textContent = `${config.embedding} · ${config.reranker}`;
  const random = [config.embedding, config.reranker].filter((model) => model.startsWith("random-"));
  byId("random").hidden = random.length === 0;
  byId("random-models").textContent = random.join(" and ");
  for (const stage of STAGES) {
    board.append(column(stage, () => askRequest(stage.id)));
    byId("switch").append(switchButton(stage));
  }
  look("rerank");
  const wanted = new URLSearchParams(location.search);
  config.collections.forEach((each) => byId("corpora").append(corpusChoice(each)));
  choose(config.collections.find((each) => each.name === wanted.get("in")) ?? config.collections[0]);
  query.value = wanted.get("q") ?? corpus.samples[0].text;
  run();
}

function corpusChoice(each) {
  const radio = element("input", { type: "radio", name: "in", value: each.name });
  radio.onchange = () => {
    choose(each);
    query.value = each.samples[0].text;
    run();
  };
  return element("label", {}, radio, element("span", {}, each.title));
}

function choose(each) {
  corpus = each;
  firstSample = 0;
  byId("corpora").querySelector(`[value="${each.name}"]`).checked = true;
  offerSamples();
  tellCount(each);
}

/** Says what is searched, and how much of it is there as long as it is being ingested. */
async function tellCount(each) {
  const say = (text) => {
    byId("about").textContent = text;
  };
  say(`${count(each.count)} ${each.about}`);
  for (let tries = 0; tries < 200 && corpus === each; tries++) {
    let there;
    try {
      there = (await search(each.index, { size: 0, track_total_hits: true })).hits.total.value;
    } catch {
      return;
    }
    const all = there >= each.count;
    if (corpus === each) {
      say(`${all ? "" : `${count(there)} so far of `}${count(each.count)} ${each.about}`);
    }
    if (all) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 3000));
  }
}

function offerSamples() {
  const offered = Array.from(
    { length: SAMPLES },
    (_, index) => corpus.samples[(firstSample + index) % corpus.samples.length].text,
  );
  const chips = offered.map((text) => {
    const pick = () => {
      query.value = text;
      run();
    };
    return element("button", { type: "button", className: "chip", onclick: pick }, text);
  });
  const others = () => {
    firstSample += SAMPLES;
    offerSamples();
    byId("samples").lastElementChild.focus();
  };
  byId("samples").replaceChildren(
    ...chips,
    element("button", { type: "button", className: "chip more", onclick: others }, "others"),
  );
}

function switchButton(stage) {
  return element("button", { type: "button", data: { stage: stage.id }, onclick: () => look(stage.id) }, stage.title);
}

/** On a narrow screen one column is seen at a time. */
function look(stage) {
  board.dataset.seen = stage;
  for (const button of byId("switch").children) {
    button.ariaPressed = `${button.dataset.stage === stage}`;
  }
}

function alarm(sentence) {
  byId("alert").hidden = sentence === "";
  byId("alert").textContent = sentence;
}

async function run() {
  const text = query.value.trim();
  running.abort();
  running = new AbortController();
  const { signal } = running;
  if (text === "") {
    query.focus();
    return;
  }
  history.replaceState(null, "", `?${new URLSearchParams({ in: corpus.name, q: text })}`);
  alarm("");
  byId("verdict").textContent = "Searching …";
  shown = { index: corpus.index, text, answers: {}, ranks: {} };
  const sample = corpus.samples.find((each) => each.text === text);
  const answers = new Set(sample?.answers ?? []);
  STAGES.forEach((stage) => wait(stage.id, false));
  draw(board, shown.ranks);
  let before = null;
  for (const { id } of STAGES) {
    wait(id, true);
    try {
      const answer = await search(corpus.index, { ...request(id, text, config), profile: true }, signal);
      shown.answers[id] = answer;
      show(id, answer, { before, answers, form: corpus.form, onHit: (hit) => askHit(id, hit) });
      before = shown.ranks[id] = ranks(answer);
      draw(board, shown.ranks);
    } catch (error) {
      if (error.name === "AbortError") {
        return;
      }
      fail(id, error);
      return;
    }
  }
  tellVerdict(answers);
}

function fail(id, error) {
  if (!(error instanceof SearchError)) {
    throw error;
  }
  byId("verdict").textContent = "";
  alarm(error.message);
  say(id, "No answer.", false);
}

/** Where the labelled answer of a sample query came in each stage. */
function tellVerdict(answers) {
  if (answers.size === 0) {
    byId("verdict").textContent = "Open a hit to see why it stands where it does.";
    return;
  }
  const places = STAGES.map(({ id, title }) => {
    const rank = shown.answers[id].hits.hits.findIndex((hit) => answers.has(hit._id)) + 1;
    return element("span", {}, `${title} `, element("strong", {}, rank === 0 ? "–" : `${rank}`));
  });
  byId("verdict").replaceChildren("Rank of the labelled answer: ", ...places);
}

function askHit(stage, hit) {
  const body = request(stage, shown.text, config);
  openHit({ stage, hit, form: corpus.form, index: shown.index, body, answers: shown.answers });
}

function askRequest(stage) {
  const body = request(stage, shown.text, config);
  openRequest({ stage, node: config.node, index: shown.index, body });
}

byId("search").onsubmit = (event) => {
  event.preventDefault();
  run();
};
const followed = (event) => follow(board, event.target.closest("li[data-id]")?.dataset.id ?? null);
board.addEventListener("mouseover", followed);
board.addEventListener("focusin", followed);
board.addEventListener("mouseleave", () => follow(board, null));
new ResizeObserver(() => draw(board, shown.ranks)).observe(board);
start();
