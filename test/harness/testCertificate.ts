/** Certificates made for one test run: DER by hand, as Node.js makes none. */
import { createSign, generateKeyPairSync, randomBytes } from "node:crypto";
import { isIPv4 } from "node:net";

const der = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  const length = body.length < 128 ? [body.length] : body.length < 256 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
};
const sequence = (...parts: readonly Buffer[]) => der(0x30, ...parts);
const oid = (...bytes: readonly number[]) => der(0x06, Buffer.from(bytes));
const sha256WithRsa = sequence(oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b), der(0x05));

/** Key and certificate, PEM. */
export interface TestCertificate {
  readonly key: string;
  readonly cert: string;
}

/** Whom a certificate speaks of. */
export interface Subject {
  readonly commonName: string;
  /** @default none */
  readonly organization?: string;
  /** Host names and IPv4 addresses that it is valid for. @default none */
  readonly hosts?: readonly string[];
}

/** Signs certificates, and is trusted by its own. */
export interface TestAuthority extends TestCertificate {
  /** A certificate of somebody's, valid from 2020 to 2049. */
  readonly issue: (subject: Subject) => TestCertificate;
}

/** A certificate for localhost that signs itself, valid from 2020 to 2049. */
export function testCertificate(): TestCertificate {
  return testAuthority({ commonName: "localhost", hosts: ["localhost"] });
}

/** An authority of its own. */
export function testAuthority(authority: Subject): TestAuthority {
  const own = keys();
  const issuer = { name: nameOf(authority), key: own.key };
  const issue = (subject: Subject) => {
    const { key, publicKey } = keys();
    return { key, cert: signed({ name: nameOf(subject), publicKey, extensions: hosts(subject) }, issuer) };
  };
  const isAuthority = sequence(oid(0x55, 0x1d, 0x13), der(0x01, Buffer.from([0xff])), der(0x04, sequence(der(0x01, Buffer.from([0xff])))));
  const cert = signed({ ...issuer, publicKey: own.publicKey, extensions: [...hosts(authority), isAuthority] }, issuer);
  return { key: own.key, cert, issue };
}

function keys() {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    publicKey: publicKey.export({ type: "spki", format: "der" }),
  };
}

interface Holder {
  readonly name: Buffer;
  readonly publicKey: Buffer;
  readonly extensions: readonly Buffer[];
}

function signed({ name, publicKey, extensions }: Holder, issuer: { readonly name: Buffer; readonly key: string }): string {
  const date = (text: string) => der(0x17, Buffer.from(text));
  const serial = Buffer.concat([Buffer.from([1]), randomBytes(8)]); // no two of an issuer are the same, and none is negative
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    sha256WithRsa,
    issuer.name,
    sequence(date("200101000000Z"), date("490101000000Z")),
    name,
    publicKey,
    ...(extensions.length === 0 ? [] : [der(0xa3, sequence(...extensions))]),
  );
  const signature = createSign("sha256").update(body).sign(issuer.key);
  const whole = sequence(body, sha256WithRsa, der(0x03, Buffer.from([0]), signature));
  const lines = whole.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function nameOf({ commonName, organization }: Subject): Buffer {
  const part = (last: number, text: string) => der(0x31, sequence(oid(0x55, 0x04, last), der(0x0c, Buffer.from(text))));
  return sequence(...(organization === undefined ? [] : [part(0x0a, organization)]), part(0x03, commonName));
}

function hosts({ hosts: names = [] }: Subject): Buffer[] {
  if (names.length === 0) return [];
  const each = names.map((name) => (isIPv4(name) ? der(0x87, Buffer.from(name.split(".").map(Number))) : der(0x82, Buffer.from(name))));
  return [sequence(oid(0x55, 0x1d, 0x11), der(0x04, sequence(...each)))];
}
