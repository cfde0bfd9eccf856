import { Alarms, Environment, Notifications, WebAcl, webAclAlarms } from "@slipway/components";

const shop = { system: "shop", environment: "prod", region: "eu-west-1", accountId: "123456789012" };
const { place } = new Environment("shop-prod", shop);
const waf = place.make(WebAcl, "waf", {
  resourceArn: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/shop/0a1b2c3d4e5f6789",
  rules: {
    common: { type: "managed", priority: 10, set: "common" },
    logins: { type: "rate", priority: 10, when: { paths: ["/login"] }, requests: 100 },
  },
});
const emails = { devops: "devops@shop.example" };
const { topicArns } = place.make(Notifications, "notifications", { title: "Shop prod", emails, sendAllTo: "P3" });
const definitions = webAclAlarms({ region: shop.region, metricName: waf.metricName }, { P1: 1000, P2: 200 });
export const alarms = place.make(Alarms, "alarms", {
  namePrefix: place.names.stack,
  definitions,
  topicArns,
  runbookBase: "https://shop.example/runbooks",
}).arns;
