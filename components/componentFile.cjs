// Text of a file that lies among the components. CommonJS, as this alone finds its folder in the same way in a program that
// Node.js runs as modules and in one that Pulumi's default, ts-node, compiles to CommonJS.
const { readFileSync } = require("node:fs");
const { join } = require("node:path");

exports.componentFile = (path) => readFileSync(join(__dirname, path), "utf8");
