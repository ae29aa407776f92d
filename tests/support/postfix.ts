// Debian's Postfix with a folder and a port of its own, which delivers all mail into that folder.
import { execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@/scripts/free-port";
import { exitOf } from "@/scripts/processes";
import { postfixFolder } from "@/tests/tools/postfix";
import { headerOf } from "./mail-server";
import { until } from "./npm";
import { isOpen } from "./open-port";

export interface Postfix {
  readonly url: string;
  /** What it has delivered to an address, header and body. */
  deliveredTo(email: string): string[];
  stop(): Promise<void>;
}

interface Refusing {
  /** With which code the mailboxes of these names are refused. */
  readonly refusing: Readonly<Record<string, number>>;
}

// Users and groups that every Debian has.
const [OWNER, OWNER_ID] = ["uucp", 10];
const [MAILBOX, MAILBOX_ID] = ["mail", 8];

/** Starts it; only for root, since each of its processes changes to a user of its own. */
export async function startPostfix({ refusing }: Refusing): Promise<Postfix> {
  const root = await postfixFolder(new AbortController().signal);
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-postfix-"));
  const port = await freePort();
  chmodSync(folder, 0o755);
  makeQueue(folder);
  makeCertificate(folder);
  writeFileSync(join(folder, "main.cf"), mainSettings(root, folder, refusing));
  writeFileSync(join(folder, "master.cf"), services(port));
  const child = spawn(join(root, "usr/lib/postfix/sbin/master"), ["-c", folder, "-d"], {
    env: { ...process.env, LD_LIBRARY_PATH: libraryPath(root) },
    stdio: "ignore",
    // It ends its group with it.
    detached: true,
  });
  const ended = exitOf(child);
  await until(async () => child.exitCode !== null || (await isOpen(port)));
  if (child.exitCode !== null) throw new Error(`Postfix ended at once:\n${logOf(folder)}`);
  return {
    url: `smtp://127.0.0.1:${port}`,
    deliveredTo: (email) => mailsIn(join(folder, "boxes"), email),
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function libraryPath(root: string): string {
  const folder = join(root, "usr/lib");
  const names = readdirSync(folder).filter((name) => /^postfix$|-linux-gnu$/.test(name));
  return names.map((name) => join(folder, name)).join(":");
}

const QUEUES =
  "active bounce corrupt defer deferred flush hold incoming maildrop private public saved trace";

function makeQueue(folder: string): void {
  mkdirSync(join(folder, "queue"));
  for (const name of QUEUES.split(" ")) makeFolder(join(folder, "queue", name), OWNER_ID);
  mkdirSync(join(folder, "queue/pid"));
  makeFolder(join(folder, "data"), OWNER_ID);
  makeFolder(join(folder, "boxes"), MAILBOX_ID);
}

function makeFolder(path: string, owner: number): void {
  mkdirSync(path, { mode: 0o700 });
  chownSync(path, owner, MAILBOX_ID);
}

function makeCertificate(folder: string): void {
  const words = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout key.pem";
  execFileSync("openssl", [...words.split(" "), "-out", "certificate.pem"], {
    cwd: folder,
    stdio: "ignore",
  });
}

function mainSettings(root: string, folder: string, refusing: Refusing["refusing"]): string {
  const refusals = Object.entries(refusing).map(
    ([name, code]) => `{ ${name}@example.com = ${code} not here }`,
  );
  return Object.entries({
    compatibility_level: "3.6",
    queue_directory: `${folder}/queue`,
    data_directory: `${folder}/data`,
    daemon_directory: `${root}/usr/lib/postfix/sbin`,
    command_directory: `${root}/usr/sbin`,
    shlib_directory: `${root}/usr/lib/postfix`,
    meta_directory: folder,
    import_environment: "MAIL_CONFIG LD_LIBRARY_PATH",
    export_environment: "LD_LIBRARY_PATH",
    maillog_file: `${folder}/log`,
    maillog_file_prefixes: folder,
    mail_owner: OWNER,
    setgid_group: MAILBOX,
    myhostname: "mail.example.com",
    mydestination: "",
    inet_interfaces: "127.0.0.1",
    mynetworks: "127.0.0.0/8",
    alias_maps: "",
    local_recipient_maps: "",
    virtual_mailbox_domains: "example.com",
    virtual_mailbox_base: `${folder}/boxes`,
    virtual_mailbox_maps: "static:all/",
    virtual_uid_maps: `static:${MAILBOX_ID}`,
    virtual_gid_maps: `static:${MAILBOX_ID}`,
    virtual_minimum_uid: "1",
    smtpd_tls_security_level: "may",
    smtpd_tls_cert_file: `${folder}/certificate.pem`,
    smtpd_tls_key_file: `${folder}/key.pem`,
    smtpd_recipient_restrictions: `check_recipient_access inline:{ ${refusals.join(" ")} }, permit_mynetworks, reject`,
  })
    .map(([name, value]) => `${name} = ${value}\n`)
    .join("");
}

function services(port: number): string {
  return `
127.0.0.1:${port} inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
virtual unix - n n - - virtual
`;
}

function mailsIn(folder: string, email: string): string[] {
  const arrived = join(folder, "all/new");
  const files = existsSync(arrived) ? readdirSync(arrived) : [];
  return files
    .map((file) => readFileSync(join(arrived, file), "utf8").replace(/\r?\n/g, "\r\n"))
    .filter((raw) => headerOf(raw, "Delivered-To") === email);
}

function logOf(folder: string): string {
  const file = join(folder, "log");
  return existsSync(file) ? readFileSync(file, "utf8") : "(no log)";
}
