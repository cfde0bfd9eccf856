/** Metric math of CloudWatch, as far as alarms here use it: one value a period, or none. */

/** A value of one period; undefined where there is no datapoint. */
export type Datapoint = number | undefined;

/** Value of a metric by its id in the alarm. */
type Values = (id: string) => Datapoint;

type Term = (values: Values) => Datapoint;
type ListTerm = (values: Values) => readonly Datapoint[];

/** @throws Error naming what cannot be read */
export function metricMath(text: string): Term {
  const reader = new Reader(text);
  const term = reader.comparison();
  reader.end();
  return term;
}

const arithmetic = (left: Term, right: Term, of: (a: number, b: number) => number): Term => {
  return (values) => {
    const [a, b] = [left(values), right(values)];
    const result = a === undefined || b === undefined ? undefined : of(a, b);
    // Division by nothing is no datapoint.
    return result === undefined || !Number.isFinite(result) ? undefined : result;
  };
};

const operators: Readonly<Record<string, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  ">": (a, b) => Number(a > b),
  ">=": (a, b) => Number(a >= b),
  "<": (a, b) => Number(a < b),
  "<=": (a, b) => Number(a <= b),
};

class Reader {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = text.match(/\d+(?:\.\d+)?|\w+|>=|<=|[-+*/<>()[\],]|\S/g) ?? [];
  }

  comparison(): Term {
    return this.#chain([">", ">=", "<", "<="], () => this.#sum());
  }

  end(): void {
    if (this.#at < this.#tokens.length) throw new Error(`cannot read ${this.#tokens.slice(this.#at).join(" ")}`);
  }

  #sum(): Term {
    return this.#chain(["+", "-"], () => this.#product());
  }

  #product(): Term {
    return this.#chain(["*", "/"], () => this.#primary());
  }

  #chain(signs: readonly string[], next: () => Term): Term {
    let left = next();
    for (let sign = this.#peek(); sign !== undefined && signs.includes(sign); sign = this.#peek()) {
      this.#at++;
      const operator = operators[sign];
      if (operator !== undefined) left = arithmetic(left, next(), operator);
    }
    return left;
  }

  #primary(): Term {
    const token = this.#take();
    if (/^\d/.test(token)) return () => Number(token);
    if (token === "(") {
      const inner = this.comparison();
      this.#expect(")");
      return inner;
    }
    if (!/^[A-Za-z]/.test(token)) throw new Error(`cannot read ${token}`);
    return this.#peek() === "(" ? this.#call(token) : (values) => values(token);
  }

  #call(name: string): Term {
    this.#expect("(");
    if (name === "MAX" || name === "MIN") {
      const list = this.#list();
      this.#expect(")");
      const choose = name === "MAX" ? Math.max : Math.min;
      return (values) => {
        const known = list(values).filter((value) => value !== undefined);
        return known.length === 0 ? undefined : choose(...known);
      };
    }
    const args = [this.comparison()];
    while (this.#peek() === ",") {
      this.#at++;
      args.push(this.comparison());
    }
    this.#expect(")");
    const [first, second, third] = args;
    if (name === "FILL" && first !== undefined && second !== undefined) return (values) => first(values) ?? second(values);
    if (name === "IF" && first !== undefined && second !== undefined && third !== undefined)
      return (values) => {
        const condition = first(values);
        if (condition === undefined) return undefined;
        return condition === 0 ? third(values) : second(values);
      };
    throw new Error(`function ${name} with ${args.length} arguments is not simulated`);
  }

  #list(): ListTerm {
    this.#expect("[");
    const terms = [this.comparison()];
    while (this.#peek() === ",") {
      this.#at++;
      terms.push(this.comparison());
    }
    this.#expect("]");
    return (values) => terms.map((term) => term(values));
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  #take(): string {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new Error("the expression ends too early");
    return token;
  }

  #expect(token: string): void {
    const found = this.#take();
    if (found !== token) throw new Error(`expected ${token}, found ${found}`);
  }
}
