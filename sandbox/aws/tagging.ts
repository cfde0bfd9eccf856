/** Resource Groups Tagging API: resources by their tags. */
import type { ResourceGroupsTaggingAPI } from "@aws-sdk/client-resource-groups-tagging-api";
import { CloudError } from "../cloud/catalogue.ts";
import { isObject } from "../provider/values.ts";
import { type OperationsOf, pageOf } from "./operation.ts";

export const tagging = {
  // API reference, GetResources: a filter is `service` or `service:type`, as ARNs name them; a resource carries one value of each tag filter.
  GetResources: ({ ResourceTypeFilters = [], TagFilters = [], PaginationToken, ResourcesPerPage = 50 }, { store, place }) => {
    const malformed = ResourceTypeFilters.find((filter) => !/^[a-z0-9-]+(?::[a-z0-9-/]+)?$/.test(filter));
    if (malformed !== undefined) throw new CloudError("InvalidParameterException", `The resource type filter '${malformed}' is not valid`);
    const scope = `${place.account}/${place.region}`;
    const found = store.all().flatMap(({ id, scope: there, properties }) => {
      const arn = [properties.arn, id].find((value) => typeof value === "string" && value.startsWith("arn:"))?.toString();
      const tags = isObject(properties.tagsAll) ? properties.tagsAll : {};
      const carries = TagFilters.every(({ Key = "", Values = [] }) => {
        const value = tags[Key];
        return typeof value === "string" && (Values.length === 0 || Values.includes(value));
      });
      const wanted = arn !== undefined && (ResourceTypeFilters.length === 0 || ResourceTypeFilters.some((filter) => isOf(arn, filter)));
      if (there !== scope || !wanted || !carries) return [];
      return [{ ResourceARN: arn, Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value: String(Value) })) }];
    });
    const { items, next } = pageOf(found, PaginationToken === "" ? undefined : PaginationToken, Number(ResourcesPerPage));
    return { ResourceTagMappingList: [...items], PaginationToken: next ?? "" };
  },
} satisfies OperationsOf<ResourceGroupsTaggingAPI>;

/** `arn:aws:elasticloadbalancing:<region>:<account>:targetgroup/…` is of `elasticloadbalancing` and of `elasticloadbalancing:targetgroup`. */
function isOf(arn: string, filter: string): boolean {
  const [, , service, , , resource = ""] = arn.split(":");
  const [wanted, type] = filter.split(":");
  return service === wanted && (type === undefined || resource.split(/[/:]/)[0] === type);
}
