import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { levelOf } from "@/app/account/password/strength-level";
import { closeBlocklist, isBlocked as isBlockedHere } from "@/lib/auth/blocklist";
import { generatePassword } from "@/lib/auth/password";
import { contextWords, refusedPassword } from "@/lib/auth/password-rules";
import { strengthOf } from "@/lib/auth/password-strength.mjs";
import { closeHashingThreads } from "@/lib/auth/password-threads";
import { underSettings } from "../../support/under-settings";

const ADA = { username: "ada", email: "countess@analytical-engine.example", name: "Ada Lovelace" };
const faultOf = (password: string, person = ADA) => told(refusedPassword(password, person));
/** What a person is told of a password that is refused; null for one that is taken. */
async function told(refusal: ReturnType<typeof refusedPassword>) {
  const refused = await refusal;
  return refused?.refused === "unfit_password" ? refused.fault : refused;
}
/** Hard to guess, however long. */
const hardOf = (length: number) =>
  "tq7 vz;k9 wm#x2 jd".padEnd(length, "p4 hc!r8 ").slice(0, length);

afterAll(closeHashingThreads);

describe("refusedPassword", () => {
  it("PW-1: 15 characters are enough and 14 are not", async () => {
    expect(await faultOf(hardOf(15))).toBeNull();
    expect(await faultOf(hardOf(14))).toContain("15 characters or more");
    expect(await faultOf("")).not.toBeNull();
  });

  it("PW-1: 256 characters are taken and 257 are not", async () => {
    expect(await faultOf(hardOf(256))).toBeNull();
    expect(await faultOf(hardOf(257))).toContain("256 characters or fewer");
  });

  it("PW-1: characters are counted, not code units", async () => {
    expect(await faultOf("😀🐝🌷🎩🧀🚲🪁".repeat(2))).toContain("has 14.");
    expect(await faultOf("😀🐝🌷🎩🧀🚲🪁 🥁🪐🦔🍋🎈🧦🛶🪴")).toBeNull();
    expect(await faultOf("e\u0301".repeat(14))).toContain("has 14.");
  });

  it("PW-4: nothing is asked of its composition", async () => {
    const taken = ["correct horse battery staple", "thursdaymorningrain", "802845097613582"];
    for (const password of [
      ...taken,
      "QXVLRBNZTKMHWGDPF",
      "   x  .    ,   q    ;",
      "äß€😀 öł🐝ü ð→ŋ ſ☂µ",
    ])
      expect(await faultOf(password), password).toBeNull();
  });

  it("PW-11: the sentence does not repeat the password", async () => {
    expect(await faultOf("hunter2")).not.toContain("hunter2");
    expect(await faultOf("gatehouse hunter2")).not.toContain("hunter2");
  });

  it("PW-12: the hardest of the longest passwords is judged beside the event loop", async () => {
    let turns = 0;
    let isJudging = true;
    const count = () => {
      turns += 1;
      if (isJudging) setImmediate(count);
    };
    await faultOf(hardOf(15));
    setImmediate(count);
    for (const part of ["p@$$w0rd1!", "password1"]) await faultOf(part.repeat(256 / part.length));
    isJudging = false;
    expect(turns).toBeGreaterThan(100);
  });
});

describe("PW-5: own words", () => {
  const OWN: [words: string, password: string][] = [
    ["the name", "Lovelace Ada 12"],
    ["the name in other letters", "LOVELACE-ada-LoveLace"],
    ["the user name again and again", "ada".repeat(20)],
    ["the email", "countess@analytical-engine.example"],
    ["the part before the @", "countess-countess"],
    ["the domain", "analytical-engine-1"],
    ["the product", "Gatehouse Gatehouse"],
    ["all of them", "ada.lovelace@gatehouse"],
  ];
  it.each(OWN)("%s does not count towards the length", async (_, password) => {
    expect(await faultOf(password)).toMatch(/do not count: without them .* has \d+ char/);
  });

  it("what is long enough without them is taken", async () => {
    for (const password of ["ada keeps nine bees here", "gatehouse: nine bees in a hat"])
      expect(await faultOf(password), password).toBeNull();
  });

  it("the same letters in another normal form are the same word", async () => {
    const [composed, apart] = [
      "Zo\u00eb Br\u00fbl\u00e9montagne",
      "Zoe\u0308 Bru\u0302le\u0301montagne",
    ];
    expect(await faultOf(apart, { ...ADA, name: composed })).toContain("do not count");
    expect(await faultOf(composed, { ...ADA, name: apart })).toContain("do not count");
  });

  it("words of one or two letters count, and those of others do", async () => {
    expect(await faultOf("bo and nine bees", { ...ADA, name: "Bo" })).toBeNull();
    expect(
      await faultOf("lovelace lovelace", { username: "x", email: "x@y.z", name: "" }),
    ).toBeNull();
  });

  it("the top level of a domain counts: it is nobody's own", async () => {
    expect(await faultOf("example complete", { ...ADA, email: "c@d.example" })).toBeNull();
  });

  describe("of this site", () => {
    let rules: typeof import("@/lib/auth/password-rules");
    beforeAll(async () => {
      rules = await underSettings(
        { APP_URL: "https://intranet.wonderbakery.example" },
        () => import("@/lib/auth/password-rules"),
      );
    });

    it("its host name does not count", async () => {
      expect(await told(rules.refusedPassword("wonderbakery 2026", ADA))).toContain("do not count");
      expect(await told(rules.refusedPassword("intranet.wonderbakery", ADA))).toContain(
        "do not count",
      );
    });
  });
});

describe("PW-5: common passwords", () => {
  it.each(["1qaz2wsx3edc4rfv", "QWERTYuiop12345", "mailcreated5240", "111222333444555"])(
    "a listed one is refused: %s",
    async (password) => {
      expect(await faultOf(password)).toContain("tried first");
    },
  );

  it.each(["passwordpassword", "letmeinletmeinletmein", "IloveyouILOVEYOU"])(
    "a listed one said again is refused: %s",
    async (password) => {
      expect(await faultOf(password)).toContain("tried first");
    },
  );

  it.each([
    "123456789012345",
    "098765432109876",
    "abcdefghijklmno",
    "QwertyUiopAsdfg",
    "qwertzuiopasdfghjkl",
    "azertyuiopqsdfg",
    "1q2w3e4r5t6y7u8i",
    "1234567890qwertyuiop",
    "mnbvcxzlkjhgfdsa",
    "poiuytrewqlkjhgfdsa".slice(0, 10).padEnd(15, "0987654321"),
  ])("a plain run of keys or digits is refused: %s", async (password) => {
    expect(await faultOf(password)).toContain("tried first");
  });

  describe("where 8 characters are enough", () => {
    let rules: typeof import("@/lib/auth/password-rules");
    const EIGHT = { PASSWORD_MIN_LENGTH: "8" };
    beforeAll(async () => {
      rules = await underSettings(EIGHT, () => import("@/lib/auth/password-rules"));
    });
    const taken = (password: string) => told(rules.refusedPassword(password, ADA));

    it("PASSWORD_MIN_LENGTH is followed", async () => {
      expect(await taken("x7-kwq-d")).toBeNull();
      expect(await taken("x7-kwqd")).toContain("8 characters or more");
    });

    it("each of the 3,000 most common of 8 characters or more is refused", async () => {
      const { dictionary } = await import("@zxcvbn-ts/language-common");
      const longEnough = dictionary["passwords-common"].filter(({ length }) => length >= 8);
      expect(longEnough.length).toBeGreaterThan(10_000);
      for (const password of longEnough.slice(0, 3000))
        expect(await taken(password)).not.toBeNull();
    });

    it.each(["password", "PASSWORD", "iloveyou", "trustno1", "baseball1", "starwars"])(
      "Django's list and ours agree on %s",
      async (password) => {
        expect(await taken(password)).toContain("tried first");
      },
    );
  });
});

const EASY: [password: string, because: string][] = [
  ["aaaaaaaaaaaaaaaa", "the same character again and again"],
  [" ".repeat(15), "the same character again and again"],
  ["x".repeat(256), "the same character again and again"],
  ["passwordpassword1", "the same again and again"],
  ["🐝".repeat(15), "the same again and again"],
  ["Summer2026Summer2026", "the same again and again"],
  ["iloveyou1234567", "close to a password that is tried first"],
];
const HARD = [
  "correct horse battery staple",
  "nine bees in a paper hat",
  "my dog is brown",
  "thursday morning",
  "passwordxqwertyy",
  "802845097613582",
  hardOf(15),
  hardOf(256),
];

describe("PW-12: the estimate decides", () => {
  it.each(EASY)("%s is refused, with its reason", async (password, because) => {
    const fault = await faultOf(password);
    expect(fault).toContain("This password is easy to guess.");
    expect(fault).toContain(because);
  });

  it.each(HARD)("%s is taken", async (password) => {
    expect(await faultOf(password)).toBeNull();
  });

  it("what is generated is taken", async () => {
    for (let n = 0; n < 10; n += 1) expect(await faultOf(generatePassword())).toBeNull();
  });

  it("own words are guessed first", () => {
    expect(strengthOf("Qzmwlptrk1815", []).isEasy).toBe(false);
    expect(strengthOf("Qzmwlptrk1815", ["qzmwlptrk"]).isEasy).toBe(true);
  });

  it("each listed password that is long enough is refused", async () => {
    const { dictionary } = await import("@zxcvbn-ts/language-common");
    const longEnough = dictionary["passwords-common"].filter(({ length }) => length >= 15);
    expect(longEnough.length).toBeGreaterThan(40);
    for (const password of longEnough) expect(await faultOf(password), password).not.toBeNull();
  });

  it("64 characters are judged, so that the longest takes no longer", () => {
    for (const part of ["p@$$w0rd1!", "1/1/1991 ", "nine bees in a hat "])
      expect(strengthOf(part.repeat(20), [])).toEqual(strengthOf(part.repeat(20).slice(0, 64), []));
  });

  it("a start that is hard is enough, and one that is easy is not mended by more of it", () => {
    expect(strengthOf(`${hardOf(64)}${"a".repeat(192)}`, []).isEasy).toBe(false);
    expect(strengthOf("a".repeat(256), []).isEasy).toBe(true);
  });
});

describe("PW-12: the meter and the server agree", () => {
  const OTHERS = [
    "tulip",
    hardOf(14),
    hardOf(257),
    "1qaz2wsx3edc4rfv",
    "mnbvcxzlkjhgfdsa",
    "QWERTYuiop12345",
    "Lovelace Ada 12",
    "ada.lovelace@gatehouse",
    "ada keeps nine bees here",
    "bo bo bo bo bo bo",
    "Cafe\u0301 ".repeat(5),
    "caf\u00e9 noir et nuit",
    "2026-11-25 2026-11-26",
    "a".repeat(64) + hardOf(64),
  ];
  const table = [...EASY.map(([password]) => password), ...HARD, ...OTHERS];

  it.each(table)("on %j", async (password) => {
    const ownWords = contextWords(ADA);
    const { score } = strengthOf(password, ownWords);
    const { words } = levelOf(password, { least: 15, ownWords }, score);
    const isRefusedThere = /^(Too short|Too long|Very easy to guess|Easy to guess)/.test(words);
    expect(isRefusedThere, words).toBe((await faultOf(password)) !== null);
  });
});

describe("PW-12: a list of one's own", () => {
  const folder = mkdtempSync(join(tmpdir(), "blocklist-"));
  const sha1 = (text: string) => createHash("sha1").update(text).digest("hex");
  const listed = (lines: string, name = "list.txt") => {
    const file = join(folder, name);
    writeFileSync(file, lines);
    return underSettings({ PASSWORD_BLOCKLIST: file }, async () => ({
      ...(await import("@/lib/auth/password-rules")),
      ...(await import("@/lib/auth/blocklist")),
    }));
  };
  afterEach(closeBlocklist);
  afterAll(() => rmSync(folder, { recursive: true }));

  const LINES = [
    "Seven Blue Umbrellas",
    `${sha1("eleven paper lanterns").toUpperCase()}:3861493`,
    sha1("Crème brûlée at noon"),
    "twelve wet tin soldiers\r",
    "the last line without an end",
  ];

  it("refuses what is in it, as a password in whatever letter case or as SHA-1", async () => {
    const { refusedPassword } = await listed(LINES.join("\n"));
    for (const password of [
      "Seven Blue Umbrellas",
      "seven blue UMBRELLAS",
      "eleven paper lanterns",
      "Eleven Paper Lanterns",
      "Crème brûlée at noon".normalize("NFD"),
      "twelve wet tin soldiers",
      "the last line without an end",
    ])
      expect(await told(refusedPassword(password, ADA)), password).toContain("known to others");
  });

  it("takes what is not in it", async () => {
    const { refusedPassword } = await listed(LINES.join("\n"));
    for (const password of ["six blue umbrellas", ...HARD])
      expect(await told(refusedPassword(password, ADA)), password).toBeNull();
  });

  it("is read once, and not at all where nothing is set", async () => {
    const { isBlocked } = await listed("seven blue umbrellas", "gone.txt");
    expect(await isBlocked("seven blue umbrellas")).toBe(true);
    rmSync(join(folder, "gone.txt"));
    expect(await isBlocked("seven blue umbrellas")).toBe(true);
    expect(await isBlockedHere("seven blue umbrellas")).toBe(false);
  });

  it("a password that is set before the end waits for it", async () => {
    const many = Array.from({ length: 100_000 }, (_, n) => `line number ${n}`).join("\n");
    const { openBlocklist, isBlocked } = await listed(many);
    openBlocklist();
    expect(await isBlocked("line number 99999")).toBe(true);
    expect(await isBlocked("line number 100000")).toBe(false);
  });

  it("is an error that tells the cause, where its thread cannot begin: nothing waits for ever", async () => {
    const { isBlocked } = await listed("seven blue umbrellas");
    // Where no worker is.
    const elsewhere = vi.spyOn(process, "cwd").mockReturnValue(folder);
    try {
      const asked = [isBlocked("seven blue umbrellas"), isBlocked("another")];
      for (const outcome of await Promise.allSettled(asked))
        expect(outcome).toMatchObject({
          status: "rejected",
          reason: { name: "BlocklistUnavailable", message: expect.stringContaining("worker.mjs") },
        });
    } finally {
      elsewhere.mockRestore();
    }
    expect(await isBlocked("seven blue umbrellas")).toBe(true);
  });

  it("is an error where the file went before it was read, and is read when it is there again", async () => {
    const { isBlocked } = await listed("seven blue umbrellas", "goes.txt");
    rmSync(join(folder, "goes.txt"));
    await expect(isBlocked("seven blue umbrellas")).rejects.toMatchObject({
      name: "BlocklistUnavailable",
      message: expect.stringMatching(/PASSWORD_BLOCKLIST.+ENOENT/),
    });
    writeFileSync(join(folder, "goes.txt"), "seven blue umbrellas");
    expect(await isBlocked("seven blue umbrellas")).toBe(true);
  });

  it("is told apart line by line, however long the lines are and wherever a part of the file ends", async () => {
    const lines = Array.from({ length: 3000 }, (_, n) => `${n} `.repeat(1 + (n % 60)).trim());
    const { isBlocked } = await listed(["", ...lines, "x".repeat(200_000), "the end"].join("\r\n"));
    for (const line of [...lines, "the end"]) expect(await isBlocked(line), line).toBe(true);
    for (const line of ["", "the", "the end "]) expect(await isBlocked(line), line).toBe(false);
  });

  it.each([
    ["is missing", "nowhere.txt", "there is no such file"],
    ["is a folder", ".", "it is no file"],
  ])("one that %s stops the start, with name, fault and fix", async (_what, name, fault) => {
    const { openBlocklist } = await underSettings(
      { PASSWORD_BLOCKLIST: join(folder, name) },
      () => import("@/lib/auth/blocklist"),
    );
    expect(openBlocklist).toThrow("PASSWORD_BLOCKLIST is ");
    expect(openBlocklist).toThrow(fault);
    expect(openBlocklist).toThrow("name a file that this process can read");
  });
});
