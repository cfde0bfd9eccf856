/**
 * AWS's own HTTP API for the few calls that a function in the simulated cloud makes: over the live store, on loopback. The
 * function runs as it is, with AWS's own client.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Asked } from "../aws/operation.ts";
import { liveTarget } from "../aws/scalableTargets.ts";
import { answered } from "../aws/simulated.ts";
import { CloudError } from "../cloud/catalogue.ts";
import type { LiveStore } from "../cloud/liveStore.ts";
import { escaped, fieldsOf, xmlOf } from "./query.ts";

/** A call as it was made. */
export interface ApiCall {
  /** As IAM names it: `elasticloadbalancing:ModifyRule`. */
  readonly action: string;
  /** What it is about; `*` for reads without one. */
  readonly resource: string;
}

/** What a running endpoint does besides answering. */
interface ApiOptions {
  readonly store: LiveStore;
  /** Account of every credential, 12 digits. */
  readonly account: string;
  /** Called before an operation. @throws CloudError to refuse it. @default nothing is refused */
  readonly before?: (call: ApiCall) => void;
  /** Called when an operation has had its effect and is not answered yet. @default nothing */
  readonly after?: (call: ApiCall) => void;
}

/** A running endpoint. */
export interface Api {
  readonly url: string;
  readonly stop: () => void;
}

/** Clients by the service that a call is signed for. */
const clients: Readonly<Record<string, string>> = {
  "application-autoscaling": "ApplicationAutoScaling",
  dynamodb: "DynamoDB",
  ecs: "ECS",
  elasticloadbalancing: "ElasticLoadBalancingV2",
  sns: "SNS",
  ssm: "SSM",
  sts: "STS",
};

/** Starts the endpoint on a free loopback port. */
export async function serveApi(options: ApiOptions): Promise<Api> {
  const server = createServer((request, response) => {
    void answer(request, response, options);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, options: ApiOptions): Promise<void> {
  const body = await textOf(request);
  const [, region = "", service = ""] = /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\//.exec(request.headers.authorization ?? "") ?? [];
  const asked = { store: options.store, place: { account: options.account, region } };
  const target = request.headers["x-amz-target"];
  const asJson = typeof target === "string";
  try {
    const parameters = new URLSearchParams(body);
    const operation = asJson ? (target.split(".")[1] ?? "") : (parameters.get("Action") ?? "");
    const fields = asJson ? (JSON.parse(body) as Readonly<Record<string, unknown>>) : fieldsOf(parameters);
    const call = { action: `${service}:${operation}`, resource: resourceOf(operation, fields, asked) };
    options.before?.(call);
    const output = answered(clients[service] ?? service, operation, fields, asked);
    options.after?.(call);
    if (asJson) response.writeHead(200, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(output));
    else response.writeHead(200, { "content-type": "text/xml" }).end(xmlOf(operation, output));
  } catch (error) {
    const { code, message } = error instanceof CloudError ? error : { code: "InternalFailure", message: String(error) };
    const status = code === "InternalFailure" ? 500 : 400;
    if (asJson) response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify({ __type: code, message }));
    else
      response
        .writeHead(status, { "content-type": "text/xml" })
        .end(`<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${escaped(message)}</Message></Error></ErrorResponse>`);
  }
}

/** ARN that IAM would hold the call against. */
function resourceOf(operation: string, fields: Readonly<Record<string, unknown>>, asked: Asked): string {
  const { account, region } = asked.place;
  if (operation.startsWith("Describe")) return "*";
  if (operation === "UpdateService") return `arn:aws:ecs:${region}:${account}:service/${fields.cluster}/${fields.service}`;
  if (operation === "RegisterScalableTarget") return String(liveTarget(String(fields.ResourceId), asked)?.properties.arn);
  if (typeof fields.TableName === "string") return `arn:aws:dynamodb:${region}:${account}:table/${fields.TableName}`;
  const named = fields.RuleArn ?? fields.TopicArn;
  if (typeof named === "string") return named;
  return typeof fields.Name === "string" ? `arn:aws:ssm:${region}:${account}:parameter${fields.Name}` : "*";
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}
