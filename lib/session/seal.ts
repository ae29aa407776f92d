import { sealData, unsealData } from "iron-session";
import { type SealPurpose, sealKeys } from "@/lib/session/seal-keys";

// What is shorter or longer than any seal of ours is never decrypted. So no header of 16 KiB holds
// more than some fifty values that cost a derivation each, and those only if they name a key of ours.
const SHORTEST_SEAL = 300;
const LONGEST_SEAL: Record<SealPurpose, number> = { session: 1024, device: 1024, refused: 4096 };

/** Seals what JSON can hold, with the newest secret, for so long. */
export async function seal(
  purpose: SealPurpose,
  payload: object,
  ttlSeconds: number,
): Promise<string> {
  const { newest } = await sealKeys(purpose);
  return sealData(payload, { password: newest, ttl: ttlSeconds });
}

/**
 * Opens a seal, whatever its age; null for what is none of ours. Any field of it may be missing or
 * of another type: a later version of ours may have written it.
 */
export async function unseal<Payload extends object>(
  purpose: SealPurpose,
  value: string,
): Promise<Partial<Payload> | null> {
  if (value.length < SHORTEST_SEAL || value.length > LONGEST_SEAL[purpose]) return null;
  const { all } = await sealKeys(purpose);
  try {
    return await unsealData<Payload>(value, { password: all, ttl: 0 });
  } catch {
    // Some malformed seals make the library throw; any visitor can send one.
    return null;
  }
}
