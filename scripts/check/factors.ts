// Whether the second factors in the tables can be used.
import { countLostFactors } from "@/lib/factors/reseal";
import { always, unless } from "./check";

export const SEALED_FACTORS = always("factors", "authenticator apps can be opened", async () => {
  const lost = await countLostFactors();
  return unless(
    lost === 0,
    "every secret has its key",
    `no SESSION_SECRET opens the authenticator apps of ${lost} accounts: only a recovery code lets their owners in`,
    "put the SESSION_SECRET that sealed them behind the present one, SESSION_SECRET=<present>,<older>; where it is lost: npm run manage -- users reset-factors <user>",
  );
});
