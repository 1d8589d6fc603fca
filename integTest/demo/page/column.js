// One column: a stage of the search, its times, its hits.

import { element } from "./dom.js";
import { parts } from "./api.js";
import { STAGES } from "./requests.js";

/** Hits that a column shows. */
export const SHOWN = 10;

/** An empty column. `onRequest` is called when the user asks for its request. */
export function column(stage, onRequest) {
  const ask = element(
    "button",
    { type: "button", className: "quiet", onclick: onRequest, aria: { label: `Request of ${stage.title}` } },
    "Request",
  );
  return element(
    "section",
    { className: "column", id: stage.id, aria: { labelledby: `${stage.id}-title` } },
    element(
      "header",
      {},
      element("div", { className: "name" }, element("h2", { id: `${stage.id}-title` }, stage.title), ask),
      element("p", { className: "what" }, stage.note),
      element("div", { className: "times" }),
    ),
    element("div", { className: "body" }),
  );
}

const bodyOf = (stage) => document.querySelector(`#${stage} .body`);
const timesOf = (stage) => document.querySelector(`#${stage} .times`);

/** Shows that a stage is at work, or with `false` that it has not begun. */
export function wait(stage, working) {
  timesOf(stage).replaceChildren(working ? element("span", { className: "total" }, "working …") : "");
  const bones = Array.from({ length: 5 }, () => element("div", { className: "bone" }));
  bodyOf(stage).replaceChildren(...(working ? bones : []));
  bodyOf(stage).ariaBusy = working;
}

/** Shows a sentence in place of hits. */
export function say(stage, sentence, bad) {
  timesOf(stage).replaceChildren();
  bodyOf(stage).ariaBusy = false;
  bodyOf(stage).replaceChildren(element("p", { className: bad ? "note bad" : "note" }, sentence));
}

/** Shows an answer. `before` maps ids to ranks of the column before, or is null; `answers` are the labelled ids. */
export function show(stage, answer, { before, answers, form, onHit }) {
  showTimes(stage, answer);
  const hits = answer.hits.hits;
  const body = bodyOf(stage);
  body.ariaBusy = false;
  const notes = answer.warnings.map((warning) => element("p", { className: "note bad" }, warning));
  if (hits.length === 0) {
    body.replaceChildren(...notes, element("p", { className: "note" }, "No document has a word of the query."));
    return;
  }
  const list = element("ol", { className: form });
  hits.slice(0, SHOWN).forEach((hit, index) => {
    list.append(card(stage, hit, index + 1, { before, answer: answers.has(hit._id), onHit }));
  });
  body.replaceChildren(...notes, list);
}

function card(stage, hit, rank, { before, answer, onHit }) {
  const open = element(
    "button",
    { type: "button", onclick: () => onHit(hit, rank) },
    element("span", { className: "rank" }, `${rank}`),
    before === null ? null : movement(before.get(hit._id), rank),
    element("span", { className: "score" }, score(hit._score)),
  );
  return element(
    "li",
    { className: answer ? "answer" : "", data: { id: hit._id, rank } },
    open,
    element("p", { className: "text" }, hit._source.text),
    answer ? element("p", { className: "tag" }, "labelled as the answer") : null,
  );
}

function movement(from, to) {
  if (from === undefined) {
    return mark("new", "new", "not in the column before");
  }
  if (from === to) {
    return mark("same", "=", "as in the column before");
  }
  return from > to
    ? mark("up", `▲ ${from - to}`, `up from ${from}`)
    : mark("down", `▼ ${to - from}`, `down from ${from}`);
}

const mark = (kind, text, words) =>
  element(
    "span",
    { className: `move ${kind}`, title: words },
    element("span", { aria: { hidden: true } }, text),
    element("span", { className: "unseen" }, words),
  );

/** Four significant places below 1, for P(yes) may be tiny; else two decimals. */
export function score(number) {
  if (number >= 1) {
    return number.toFixed(number >= 10 ? 2 : 3);
  }
  return number >= 0.001 ? number.toFixed(4) : number.toExponential(1);
}

function showTimes(stage, answer) {
  const shares = parts(stage, answer);
  const bar = element("span", { className: "bar", aria: { hidden: true } });
  for (const part of shares) {
    const slice = element("span", { className: part.model ? "model" : part.name });
    slice.style.flexGrow = Math.max(part.millis, 0.01);
    bar.append(slice);
  }
  const words = shares.map((part) => `${part.name} ${duration(part.millis)}`).join(" · ");
  timesOf(stage).replaceChildren(
    element("span", { className: "total" }, duration(answer.took)),
    bar,
    element("span", { className: "parts" }, words),
  );
}

function duration(millis) {
  return millis >= 10_000 ? `${(millis / 1000).toFixed(1)} s` : `${Math.round(millis)} ms`;
}

/** Ranks by id. */
export const ranks = (answer) => new Map(answer.hits.hits.map((hit, index) => [hit._id, index + 1]));

/** The title of a stage. */
export const titleOf = (stage) => STAGES.find((each) => each.id === stage).title;
