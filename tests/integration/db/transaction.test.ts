import { expect, it } from "vitest";
import { writePassword } from "@/lib/auth/password";
import { afterCommit, inTransaction, type Transaction } from "@/lib/db/transaction";
import type { Refused } from "@/lib/refused";
import { ESTABLISHED, newUser } from "@/tests/helpers/people";
import { rows } from "../../support/sql";

const TOO_LATE: Refused<"too_late"> = { refused: "too_late" };

it("rolls back what it refuses, and gives the no as a value", async () => {
  const { id, work, heard } = await writing();
  const result = await inTransaction(async (transaction) => {
    await work(transaction);
    return TOO_LATE;
  });
  expect(result).toEqual(TOO_LATE);
  expect(await hashOf(id)).not.toBe("fresh");
  expect(heard).toEqual([]);
});

it("commits what it does not refuse, and tells it afterwards", async () => {
  const { id, work, heard } = await writing();
  expect(await inTransaction(work)).toBe("written");
  expect(await hashOf(id)).toBe("fresh");
  expect(heard).toEqual(["committed"]);
});

async function writing() {
  const { id } = await newUser();
  const heard: string[] = [];
  const work = async (transaction: Transaction) => {
    await writePassword(transaction, id, {
      ...ESTABLISHED,
      passwordHash: "fresh",
      passwordSetAt: new Date(),
    });
    afterCommit(transaction, () => heard.push("committed"));
    return "written";
  };
  return { id, work, heard };
}

async function hashOf(id: number) {
  const [row] = await rows("SELECT password_hash FROM users WHERE id = ?", [id]);
  return row?.password_hash;
}
