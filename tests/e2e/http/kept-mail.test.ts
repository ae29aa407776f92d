import { beforeAll, describe, expect, test } from "vitest";
import { listMail } from "@/lib/mail/list";
import { newUser } from "@/tests/helpers/people";
import { FROM_HERE, postJson } from "@/tests/support/asking";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";

let app: SharedApp;
let id: string;

beforeAll(async () => {
  app = await sharedApp();
  const user = await newUser();
  await app.request("/api/password-resets", postJson({ identifier: user.username }, FROM_HERE));
  id = (await listMail({ userId: user.id }, 1))[0]?.id ?? "";
});

const statuses = async (of: SharedApp, headers: Record<string, string> = {}) => {
  const asked = ["/dev/mail", `/dev/mail/html?id=${id}`].map((path) =>
    of.request(path, { headers }),
  );
  return (await Promise.all(asked)).map(({ status }) => status);
};

describe("kept mails", () => {
  test("are shown to whoever asks this machine", async () => {
    expect(await statuses(app)).toEqual([200, 200]);
  });

  test.each(["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:3000", "x@y z"])(
    "are not shown where a page of another host asks: %s",
    async (Host) => {
      const seen = await statuses(app, { Host });
      expect(seen.filter((status) => status !== 404 && status !== 400)).toEqual([]);
    },
  );

  test("are not shown on a site that sends mail", async () => {
    const sending = await sharedApp({ SMTP_URL: "smtp://127.0.0.1:1", MAIL_FROM: "a@example.com" });
    expect(await statuses(sending)).toEqual([404, 404]);
  });
});
