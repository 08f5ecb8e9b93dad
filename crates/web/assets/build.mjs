// Picks and presses what pages use: our style sheets on USWDS colour tokens, our scripts, htmx for the officers' side.
// usage: node build.mjs SOURCE PACKAGES OUT
import { readFileSync, writeFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync, constants } from "node:zlib";

const [source, packages, out] = process.argv.slice(2);
const modules = join(packages, "node_modules");

const own = (...path) => readFileSync(join(source, ...path), "utf8");
const css = (...names) => names.map((name) => own("css", `${name}.css`)).join("\n");

const bundles = {
  "public.css": style(css("base", "forms", "public", "print")),
  "work.css": style(css("base", "forms", "public", "work", "desk", "lists", "print")),
  "public.js": script(own("js", "public.js")),
  "work.js": readFileSync(join(modules, "htmx.org/dist/htmx.min.js"), "utf8") + "\n" + script(own("js", "work.js")) +
    "\n" + script(own("js", "passkey.js")),
  "icon.svg": own("icon.svg"),
};

for (const [name, text] of Object.entries(bundles)) {
  const bytes = Buffer.from(text);
  writeFileSync(join(out, name), bytes);
  writeFileSync(join(out, `${name}.gz`), gzipSync(bytes, { level: 9 }));
  writeFileSync(join(out, `${name}.br`), brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  }));
}

// Every `var(--blue-60v)` must be a colour of the design system; only the ones used are written out.
function style(text) {
  const colours = designColours();
  const used = new Set([...text.matchAll(/var\(--([a-z-]+-\d+v?)\)/g)].map((found) => found[1]));
  const unknown = [...used].filter((name) => !colours.has(name));
  if (unknown.length) throw new Error(`not a USWDS colour token: ${unknown.join(", ")}`);
  const tokens = [...used].sort().map((name) => `--${name}:${colours.get(name)}`).join(";");
  return `:root{${tokens}}\n` + press(text);
}

function designColours() {
  const folder = join(modules, "@uswds/uswds/packages/uswds-tokens/colors");
  const colours = new Map();
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
    for (const family of JSON.parse(readFileSync(join(folder, file), "utf8")).props) {
      collect(colours, family.name, "", family.value);
    }
  }
  return colours;
}

function collect(colours, family, suffix, grades) {
  for (const { name, value } of grades) {
    if (name === "vivid") collect(colours, family, "v", value);
    else if (typeof value === "string") colours.set(`${family}-${name}${suffix}`, value);
  }
}

function press(text) {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/\s+/g, " ")
    .replace(/ ?([{};,]) ?/g, "$1")
    .replace(/: /g, ":")
    .replace(/;}/g, "}")
    .trim();
}

function script(text) {
  return text.split("\n").filter((line) => !/^\s*\/\//.test(line)).join("\n");
}
