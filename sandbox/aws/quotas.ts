/** Service Quotas: what an account may have, AWS's defaults unless it was given more or less. */
import type { ServiceQuotas } from "@aws-sdk/client-service-quotas";
import { CloudError } from "../cloud/catalogue.ts";
import { type Asked, here, type OperationsOf } from "./operation.ts";

/** Id is `<service>/<quota>`, as the provider has it. */
const quotaType = "aws:servicequotas/serviceQuota:ServiceQuota";

/** Quotas of a new account (AWS General Reference, service endpoints and quotas). */
const defaults: Readonly<Record<string, readonly [name: string, value: number]>> = {
  "ec2/L-0263D0A3": ["EC2-VPC Elastic IPs", 5],
  "elasticloadbalancing/L-53DA6B97": ["Application Load Balancers per Region", 50],
  "fargate/L-3032A538": ["Fargate On-Demand vCPU resource count", 6],
  "vpc/L-F678F1CE": ["VPCs per Region", 5],
};

export const quotas = {
  GetServiceQuota: ({ ServiceCode, QuotaCode }, asked) => ({ Quota: quotaOf(`${ServiceCode}/${QuotaCode}`, asked) }),
} satisfies OperationsOf<ServiceQuotas>;

function quotaOf(key: string, asked: Asked) {
  const [ServiceCode = "", QuotaCode = ""] = key.split("/");
  const [QuotaName, value] = defaults[key] ?? [];
  const given = here(quotaType, asked).find(({ id }) => id === key)?.properties.value;
  if (QuotaName === undefined)
    throw new CloudError("NoSuchResourceException", "The request failed because the specified quota does not exist.");
  return { ServiceCode, QuotaCode, QuotaName, Value: Number(given ?? value), Adjustable: true };
}
