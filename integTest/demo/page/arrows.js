// Arrows between neighbouring columns: where a hit of one stands in the next.

import { STAGES } from "./requests.js";

const SVG = "http://www.w3.org/2000/svg";

function svg(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  return made;
}

/** Draws all arrows anew over `board`, which holds the columns; `ranks` has for each column that is shown the rank of each id. */
export function draw(board, ranks) {
  board.querySelector("svg")?.remove();
  const frame = board.getBoundingClientRect();
  const layer = svg("svg", { width: frame.width, height: frame.height, "aria-hidden": "true" });
  STAGES.slice(1).forEach((stage, index) => {
    const from = places(STAGES[index].id, frame);
    const to = places(stage.id, frame);
    for (const [id, end] of to) {
      const start = from.get(id);
      if (start) {
        // columns that are not side by side have no room between them
        layer.append(...(end.left > start.right ? [arrow(id, start, end)] : []));
      } else if (ranks[STAGES[index].id]?.has(id)) {
        layer.append(stub(id, end));
      }
    }
  });
  board.append(layer);
}

/** Where the cards of a column lie, by the id of their documents. */
function places(stage, frame) {
  const found = new Map();
  for (const card of document.querySelectorAll(`#${stage} li`)) {
    const box = card.getBoundingClientRect();
    found.set(card.dataset.id, {
      left: box.left - frame.left,
      right: box.right - frame.left,
      y: box.top - frame.top + 22,
      rank: Number(card.dataset.rank),
    });
  }
  return found;
}

function arrow(id, start, end) {
  const kind = end.rank < start.rank ? "up" : end.rank > start.rank ? "down" : "same";
  const [x1, x2] = [start.right + 5, end.left - 5];
  const bend = (x2 - x1) * 0.5;
  const group = svg("g", { class: kind, "data-id": id });
  group.append(
    svg("path", { d: `M${x1} ${start.y} C${x1 + bend} ${start.y} ${x2 - bend} ${end.y} ${x2 - 3} ${end.y}` }),
    svg("path", { class: "tip", d: `M${x2 - 6} ${end.y - 4} L${x2} ${end.y} L${x2 - 6} ${end.y + 4}` }),
  );
  return group;
}

/** For a hit that comes from below the cards that the column before shows. */
function stub(id, end) {
  const [x, y] = [end.left - 5, end.y];
  const group = svg("g", { class: "up far", "data-id": id });
  group.append(
    svg("path", { d: `M${x - 24} ${y + 20} C${x - 24} ${y + 6} ${x - 16} ${y} ${x - 3} ${y}` }),
    svg("path", { class: "tip", d: `M${x - 6} ${y - 4} L${x} ${y} L${x - 6} ${y + 4}` }),
  );
  return group;
}

/** Makes the cards and arrows of one document stand out, or with null none. */
export function follow(board, id) {
  board.classList.toggle("following", id !== null);
  for (const each of board.querySelectorAll("[data-id]")) {
    each.classList.toggle("followed", each.dataset.id === id);
  }
}
