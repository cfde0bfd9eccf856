/** Rewrites the imports of our sources to those of a default project. Text in, text out. */

/** Relative imports without their `.ts`, which CommonJS through ts-node does not know. */
export function commonJsImports(text: string): string {
  return text.replaceAll(/((?:from|import) "\.[^"]*)\.ts"/g, '$1"');
}

/**
 * Resource classes from the whole package: `import { Vpc } from "@pulumi/aws/ec2/vpc.js"` becomes
 * `import * as aws from "@pulumi/aws"` with `const Vpc = aws.ec2.Vpc` and its type. Namespaces of types stay as they are.
 */
export function wholePackageImports(text: string): string {
  const packages = new Set<string>();
  const rewritten = text.replaceAll(
    /^import (type )?\{([^}]*)\} from "@pulumi\/(aws|cloudflare|kubernetes)\/(?!types\/)([^"]+)\.js";$/gm,
    (_, onlyTypes: string | undefined, names: string, name: string, module: string) => {
      packages.add(name);
      const scope = [name, ...module.split("/").slice(0, -1)].join(".");
      return names
        .split(",")
        .map((entry) => entry.trim())
        .filter((entry) => entry !== "")
        .map((entry) => aliasOf(entry, scope, onlyTypes !== undefined))
        .join(" ");
    },
  );
  return [...packages].map((name) => `import * as ${name} from "@pulumi/${name}";\n`).join("") + rewritten;
}

/** `Vpc`, `type VpcArgs`, `Provider as AwsProvider` or `getZoneOutput` as aliases of the package's own names; functions are no types. */
function aliasOf(entry: string, scope: string, onlyTypes: boolean): string {
  const isType = onlyTypes || entry.startsWith("type ");
  const [original = "", local = original] = entry.replace(/^type /, "").split(" as ");
  const type = `type ${local} = ${scope}.${original};`;
  if (isType) return type;
  const value = `const ${local} = ${scope}.${original};`;
  return /^[a-z]/.test(original) ? value : `${value} ${type}`;
}
