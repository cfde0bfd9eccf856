/** Zod as this program uses it: each schema reads one value or two, which does not pay for a parser compiled for it. */
import { z } from "zod";

z.config({ jitless: true });

export { z };
