/** Progress of getting an engine, on standard error: one line that moves on a terminal, a few lines elsewhere. */
import type { Progress } from "../../sandbox/engine/progress.ts";

/** A progress printer; says nothing as long as nothing takes time. */
export function engineProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  const started = Date.now();
  let said = "";
  return (step, share) => {
    const percent = share === undefined ? "" : ` ${Math.floor(share * 100)} %`;
    const seconds = Math.round((Date.now() - started) / 1000);
    if (stream.isTTY) {
      stream.write(`\r\u001b[2Kengine: ${step}${percent} (${seconds} s)`);
      return;
    }
    const line = share === undefined ? step : `${step}${` ${Math.floor(share * 4) * 25} %`}`;
    if (line !== said) stream.write(`engine: ${line} (${seconds} s)\n`);
    said = line;
  };
}
