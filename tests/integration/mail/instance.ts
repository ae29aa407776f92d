// An instance as far as mail goes. It promises so many mails to an address, in one transaction each; then it
// sends what is due for as long as it runs, or, with `killed`, is killed as soon as the last is committed.

import { inTransaction } from "@/lib/db/transaction";
import { queueMail } from "@/lib/mail/outbox";
import { sendMailAsItComes } from "@/lib/mail/sender";

const [recipient = "", count = "0", end] = process.argv.slice(2);
if (end !== "killed") sendMailAsItComes();
for (let mail = 0; mail < Number(count); mail += 1)
  await inTransaction((transaction) =>
    queueMail(transaction, { kind: "password_changed", userId: null, recipient }, new Date()),
  );
if (end === "killed") process.kill(process.pid, "SIGKILL");
console.log("runs");
// The sender's own timer lets a process end that has nothing else to do.
setInterval(() => undefined, 60_000);
