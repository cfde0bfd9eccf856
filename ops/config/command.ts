/** `slipway config`: stack config, looked at without running anything. */
import type { Command } from "commander";

/** Adds the commands. */
export function addConfig(program: Command): void {
  const parent = program.command("config").description("look at stack config without running anything");
  parent
    .command("show <stack>")
    .description("print the config after bases and defaults, keys sorted, each value with the file and line that it is from")
    .option("--names", "print what the stack's resources are called in the cloud instead")
    .option("--json", "print JSON")
    .action(async (stack: string, { names = false, json = false }: { readonly names?: boolean; readonly json?: boolean }) => {
      const { sourcedConfig, showConfig, findProject, stackFilePath } = await load();
      const { config, source } = sourcedConfig(stackFilePath(findProject(), stack), (text) => console.error(text));
      if (names) {
        const { namesJson, namesTable } = await import("./names.ts");
        console.log(json ? namesJson(config) : namesTable(config));
      } else if (json) console.log(JSON.stringify(config, null, 2));
      else process.stdout.write(showConfig(config, source));
    });
  parent
    .command("diff <stackA> <stackB>")
    .description("list the values in which two stacks differ")
    .action(async (stackA: string, stackB: string) => {
      const { configDifferences, differenceTable } = await import("./diff.ts");
      const { resolvedConfig, findProject, stackFilePath } = await load();
      const project = findProject();
      const [a, b] = [stackFilePath(project, stackA), stackFilePath(project, stackB)];
      console.log(differenceTable(configDifferences(resolvedConfig(a), resolvedConfig(b)), a, b));
    });
  parent
    .command("schema [file]")
    .description("write the JSON Schema of stack files, to a file or to standard output")
    .action(async (file: string | undefined) => {
      const { stackFileSchema } = await import("./jsonSchema.ts");
      await write(`${JSON.stringify(stackFileSchema(), null, 2)}\n`, file);
    });
}

async function load() {
  return { ...(await import("./show.ts")), ...(await import("../project/project.ts")) };
}

async function write(text: string, file: string | undefined): Promise<void> {
  if (file === undefined) process.stdout.write(text);
  else (await import("../textFile.ts")).writeText(file, text);
}
