// What opens over the page: a hit with its explanation, and a column's request.

import { byId, element } from "./dom.js";
import { search, SearchError } from "./api.js";
import { curl, explaining, STAGES } from "./requests.js";
import { score, titleOf } from "./column.js";

function open(dialog, id, title, ...content) {
  const close = element(
    "button",
    { type: "button", className: "quiet", onclick: () => dialog.close(), aria: { label: "Close" } },
    "Close",
  );
  const inner = element(
    "div",
    { className: "inner" },
    element("div", { className: "title" }, element("h2", { id }, title), close),
    ...content,
  );
  dialog.replaceChildren(inner);
  // a click beside the content is one on the dialog itself
  dialog.onclick = (event) => event.target === dialog && dialog.close();
  dialog.showModal();
}

/** Shows a hit: where it stands in each column, its text, and why it scored so in the one where it was clicked. */
export function openHit({ stage, hit, form, index, body, answers }) {
  const why = element("div", { className: "why" }, element("p", {}, "asking …"));
  why.ariaBusy = true;
  open(
    byId("hit"),
    "hit-title",
    hit._id,
    positions(hit._id, stage, answers),
    element("p", { className: `full ${form}` }, hit._source.text),
    element("h3", {}, `Why ${score(hit._score)} by ${titleOf(stage)}`),
    why,
  );
  explain(why, stage, hit, index, body);
}

function positions(id, stage, answers) {
  const list = element("dl", { className: "positions" });
  for (const { id: each, title } of STAGES) {
    const rank = answers[each]?.hits.hits.findIndex((hit) => hit._id === id) ?? -1;
    const place = rank < 0 ? "–" : `${rank + 1}`;
    const value = rank < 0 ? "no hit" : score(answers[each].hits.hits[rank]._score);
    list.append(
      element(
        "div",
        { className: each === stage ? "here" : "" },
        element("dt", {}, title),
        element("dd", {}, element("strong", {}, place), ` ${value}`),
      ),
    );
  }
  return list;
}

async function explain(target, stage, hit, index, body) {
  let content;
  try {
    const answer = await search(index, explaining(body, hit._id));
    const explained = answer.hits.hits[0]?._explanation;
    content = explained
      ? [
          ...(stage === "knn" ? [element("p", {}, cosine(hit._score))] : []),
          element("ul", { className: "tree" }, branch(explained)),
        ]
      : [element("p", {}, "The document is no longer among the hits.")];
  } catch (error) {
    if (!(error instanceof SearchError)) {
      throw error;
    }
    content = [element("p", { className: "note bad", aria: { role: "alert" } }, error.message)];
  }
  target.ariaBusy = false;
  target.replaceChildren(...content);
}

/** Elasticsearch explains a vector's score with few words. */
const cosine = (value) =>
  `The score is (1 + cosine) / 2 of the query's vector and the document's: their cosine is ${(2 * value - 1).toFixed(4)}.`;

function branch({ value, description, details }) {
  const children = (details ?? []).map(branch);
  return element(
    "li",
    {},
    element("strong", {}, Number.isInteger(value) ? `${value}` : `${Number(value.toPrecision(5))}`),
    ` ${description}`,
    children.length > 0 ? element("ul", {}, ...children) : null,
  );
}

/** Shows a column's request, to be copied as JSON or as a command. */
export function openRequest({ stage, node, index, body }) {
  const json = JSON.stringify(body, null, 2);
  const said = element("span", { className: "said", aria: { role: "status" } });
  open(
    byId("request"),
    "request-title",
    `Request of ${titleOf(stage)}`,
    element("p", { className: "where" }, `POST /${index}/_search`),
    element("pre", { tabIndex: 0, aria: { label: "Request as JSON", role: "region" } }, json),
    element(
      "p",
      { className: "actions" },
      copyButton("Copy JSON", json, said),
      copyButton("Copy as curl", curl(node, index, body), said),
      said,
    ),
    element("p", { className: "small" }, 'The page adds "profile": true, for the times of the stages.'),
  );
}

function copyButton(label, text, said) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      said.textContent = "Copied";
    } catch {
      said.textContent = "The browser does not allow it: select the text above.";
    }
  };
  return element("button", { type: "button", onclick: copy }, label);
}
