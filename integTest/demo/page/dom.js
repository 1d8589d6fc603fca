// Elements from code. Text is only ever set as text, so nothing of a document or an error is read as markup.

/** An element with properties, of which `data` and `aria` are objects, and children: nodes or texts. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  const { data = {}, aria = {}, ...others } = properties;
  Object.assign(made, others);
  Object.assign(made.dataset, data);
  for (const [name, value] of Object.entries(aria)) {
    made.setAttribute(name === "role" ? name : `aria-${name}`, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** The element with an id. */
export const byId = (id) => document.getElementById(id);

/** A number with thousands apart. */
export const count = (number) => number.toLocaleString("en");
