// A process that starts a database, says its number, and holds it until it is killed.
import { startDatabase } from "@/scripts/database/start";

const [folder = ""] = process.argv.slice(2);
const { pid } = await startDatabase({ folder });
console.log(pid);
setInterval(() => {}, 60_000);
