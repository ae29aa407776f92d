// The attack: ten wrong passwords under a user name, one under the email of the same account, and the
// same with a name and an email that are nobody's; then a random series. Whatever differs tells who has
// an account; it has failed where nothing does. While the app runs, without a proxy in front:
//   node scripts/run.mjs tests/attacks/known-names.ts --port 3000
// The tries at both count for one address, so that they are few enough. It makes an account of its own
// in the app's database, erases it afterwards, and puts the counts of this machine's address away.
import { parseArgs } from "node:util";
import { namesOf, typedAccount } from "@/lib/auth/closed-accounts";
import { eraseUser } from "@/lib/auth/personal-data";
import { Connection } from "@/scripts/manage/connection";
import { runProgram } from "@/scripts/program";
import { newUser } from "@/tests/helpers/people";
import { FROM_HERE, postJson } from "@/tests/support/asking";
import { rawRequest } from "@/tests/support/raw-request";
import { change, number } from "@/tests/support/sql";

const { values } = parseArgs({ options: { port: { type: "string", default: "3000" } } });

/** Everything that an answer tells, but for seconds and the names of this request. */
interface Told {
  readonly status: number;
  readonly words: string;
  readonly headers: string;
  readonly retryAfter: number;
  readonly ms: number;
}

async function ask(identifier: string): Promise<Told> {
  const begun = performance.now();
  const asking = postJson({ identifier, password: "wrong" }, FROM_HERE);
  const response = await rawRequest(Number(values.port), "/api/session", asking);
  return {
    status: response.status,
    words: response.text.replace(/\d+ seconds/, "… seconds"),
    headers: Object.keys(response.headers).sort().join(", "),
    retryAfter: Number(response.header("retry-after")),
    ms: Math.round(performance.now() - begun),
  };
}

function differences(real: Told, nobodys: Told): string[] {
  const differing = (["status", "words", "headers"] as const).filter(
    (part) => real[part] !== nobodys[part],
  );
  // One may pass between the two requests.
  const isLate = Math.abs(real.retryAfter - nobodys.retryAfter) > 1;
  return isLate ? [...differing, "Retry-After"] : differing;
}

interface Pair {
  readonly real: string;
  readonly nobodys: string;
}

async function attack(name: Pair, email: Pair): Promise<number> {
  const first = [...Array.from({ length: 10 }, () => name), email];
  const random = Array.from({ length: 24 }, () => (Math.random() < 0.5 ? name : email));
  let told = 0;
  for (const [index, { real, nobodys }] of [...first, ...random].entries()) {
    // At once: a later first try has a later end, too.
    const [one, other] = await Promise.all([ask(real), ask(nobodys)]);
    const found = differences(one, other);
    told += found.length;
    const by = real === name.real ? "name" : "email";
    const times = `${one.status} in ${one.ms} ms, ${other.status} in ${other.ms} ms`;
    console.log(
      `${String(index + 1).padStart(2)}  ${by.padEnd(5)}  ${times}  ${found.join(", ") || "alike"}`,
    );
  }
  return told;
}

await runProgram(async (stop) => {
  const connection = new Connection(stop);
  await connection.open();
  const user = await newUser();
  const nobody = `nobody${crypto.randomUUID().slice(0, 8)}`;
  const name = { real: user.username, nobodys: nobody };
  const email = { real: user.email, nobodys: `${nobody}@example.com` };
  try {
    console.log("try      an account's, nobody's");
    const told = await attack(name, email);
    const looked = await number(
      "SELECT COUNT(*) FROM events WHERE user_id = ? AND type = 'sign_in_failed'",
      [user.id],
    );
    console.log(`${told} differences; ${looked} passwords of the account were looked at.`);
    return told === 0 && looked <= 10 ? 0 : 1;
  } finally {
    const names = [...namesOf(user), typedAccount(email.nobodys), typedAccount(nobody)];
    for (const each of names)
      await change("DELETE FROM throttle WHERE `key` LIKE ?", [`%${each}%`]);
    await change(
      "DELETE FROM throttle WHERE `key` IN ('address:127.0.0.1', 'noted:address:127.0.0.1')",
    );
    await eraseUser(user.id, new Date());
    await connection.close();
  }
});
