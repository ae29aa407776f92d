import { z } from "zod";

const Base64Url = z.string().regex(/^[\w-]*$/);
const Attachment = z.enum(["cross-platform", "platform"]);

/** What a browser sends when a passkey has signed a challenge (WebAuthn, `toJSON`). */
export const PasskeyAssertion = z.object({
  id: Base64Url.min(1),
  rawId: Base64Url.min(1),
  type: z.literal("public-key"),
  authenticatorAttachment: Attachment.exactOptional(),
  clientExtensionResults: z.object({}).default({}),
  response: z.object({
    clientDataJSON: Base64Url,
    authenticatorData: Base64Url,
    signature: Base64Url,
    userHandle: Base64Url.exactOptional(),
  }),
});
export type PasskeyAssertion = z.output<typeof PasskeyAssertion>;

/** What a browser sends when it has made a passkey. */
export const NewPasskey = z.object({
  id: Base64Url.min(1),
  rawId: Base64Url.min(1),
  type: z.literal("public-key"),
  authenticatorAttachment: Attachment.exactOptional(),
  clientExtensionResults: z.object({}).default({}),
  response: z.object({
    clientDataJSON: Base64Url,
    attestationObject: Base64Url,
    transports: z.array(z.string().max(32)).max(10).default([]),
  }),
});
export type NewPasskey = z.output<typeof NewPasskey>;
