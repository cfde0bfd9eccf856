/** The engine's own way to encrypt with a passphrase (pulumi/sdk, `resource/config/crypt.go`): AES-256-GCM under a key from PBKDF2. */
import { createCipheriv, createDecipheriv, pbkdf2Sync, randomBytes } from "node:crypto";

const iterations = 1_000_000;

/** Encrypts secrets of one state. */
export interface Crypter {
  /** What the state says of its secrets: enough to find the key again with the passphrase. */
  readonly salt: string;
  readonly encrypt: (plain: string) => string;
  /** @throws Error for what another key has encrypted */
  readonly decrypt: (sealed: string) => string;
}

/** A crypter with a new key. */
export function newCrypter(passphrase: string): Crypter {
  const salt = randomBytes(8);
  const key = pbkdf2Sync(passphrase, salt, iterations, 32, "sha256");
  const encrypt = (plain: string) => {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", key, nonce);
    const sealed = Buffer.concat([cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag()]);
    return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
  };
  const decrypt = (sealed: string) => {
    const [, nonce = "", text = ""] = sealed.split(":");
    const bytes = Buffer.from(text, "base64");
    const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
    decipher.setAuthTag(bytes.subarray(-16));
    return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString("utf8");
  };
  return { salt: `v1:${salt.toString("base64")}:${encrypt("pulumi")}`, encrypt, decrypt };
}
