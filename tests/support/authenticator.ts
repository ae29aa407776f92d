// An authenticator in software: it makes passkeys and signs with them, as it is told or wrongly.
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { isoCBOR } from "@simplewebauthn/server/helpers";
import type { NewPasskey, PasskeyAssertion } from "@/lib/factors/passkey-json";

const PRESENT = 0x01;
const VERIFIED = 0x04;
const ATTESTED = 0x40;

export interface Ways {
  readonly origin?: string;
  readonly rpId?: string;
  /** Whether its owner was asked for a finger or a PIN. */
  readonly isVerified?: boolean;
  readonly counter?: number;
  readonly userHandle?: string;
}

export interface SoftPasskey {
  /** What a browser sends of it once it was made for a challenge. */
  made(challenge: string, ways?: Ways): NewPasskey;
  /** What a browser sends of its signature. */
  signed(challenge: string, ways?: Ways): PasskeyAssertion;
}

const sha256 = (data: string | Uint8Array) => createHash("sha256").update(data).digest();

/** A new passkey, with a key pair of its own (ES256). */
export function softPasskey(): SoftPasskey {
  const id = randomBytes(16);
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const coseKey = isoCBOR.encode(
    new Map<number, number | Uint8Array>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, new Uint8Array(Buffer.from(x, "base64url"))],
      [-3, new Uint8Array(Buffer.from(y, "base64url"))],
    ]),
  );
  const base = { id: id.toString("base64url"), rawId: id.toString("base64url") };
  const common = { ...base, type: "public-key", clientExtensionResults: {} } as const;

  return {
    made(challenge, ways = {}) {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(id.length);
      const attested = Buffer.concat([Buffer.alloc(16), length, id, coseKey]);
      const authData = authenticatorData(ways, attested);
      const attestation = new Map<string, string | Map<string, string> | Uint8Array>([
        ["fmt", "none"],
        ["attStmt", new Map()],
        ["authData", new Uint8Array(authData)],
      ]);
      return {
        ...common,
        response: {
          clientDataJSON: clientData("webauthn.create", challenge, ways).toString("base64url"),
          attestationObject: Buffer.from(isoCBOR.encode(attestation)).toString("base64url"),
          transports: ["internal"],
        },
      };
    },
    signed(challenge, ways = {}) {
      const data = authenticatorData(ways);
      const client = clientData("webauthn.get", challenge, ways);
      const signature = sign("sha256", Buffer.concat([data, sha256(client)]), privateKey);
      const { userHandle } = ways;
      return {
        ...common,
        response: {
          clientDataJSON: client.toString("base64url"),
          authenticatorData: data.toString("base64url"),
          signature: signature.toString("base64url"),
          ...(userHandle === undefined ? {} : { userHandle }),
        },
      };
    },
  };
}

function authenticatorData(
  { rpId = "localhost", isVerified = true, counter = 0 }: Ways,
  attested = Buffer.alloc(0),
): Buffer {
  const flags = PRESENT | (isVerified ? VERIFIED : 0) | (attested.length > 0 ? ATTESTED : 0);
  const count = Buffer.alloc(4);
  count.writeUInt32BE(counter);
  return Buffer.concat([sha256(rpId), Buffer.from([flags]), count, attested]);
}

function clientData(
  type: "webauthn.create" | "webauthn.get",
  challenge: string,
  { origin = "http://localhost:3000" }: Ways,
): Buffer {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
}
