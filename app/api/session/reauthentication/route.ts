import { z } from "zod";
import { jsonBody } from "@/lib/request/body";
import { withoutSession, withSession } from "@/lib/request/handler";
import { methodNotAllowed, noContent, wrongPassword } from "@/lib/request/problem";
import { proveAgain } from "@/lib/request/reauthenticate";

const Input = z.strictObject({ password: z.string().min(1, "Give your password.").max(1024) });

/** Takes a fresh proof; the cookie gets a new secret. */
export const POST = withSession(async (request, current) => {
  const { password } = await jsonBody(request, Input);
  return (await proveAgain(current, password)) ? noContent() : wrongPassword();
});

const other = withoutSession(async () => methodNotAllowed(["POST"]));

export { other as DELETE, other as GET, other as OPTIONS, other as PATCH, other as PUT };
