import { describe, expect, test } from "vitest";
import { newUser } from "@/tests/helpers/people";
import { signInAs } from "@/tests/helpers/sessions";
import { NEW_PASSWORD } from "@/tests/support/account-pages";
import { chromiumForFile } from "@/tests/support/chromium-pages";
import { onPhone } from "@/tests/support/devices";
import { closeAccount, signIn } from "@/tests/support/people";

import { rowOf } from "@/tests/support/signed-in";
import { rows } from "@/tests/support/sql";
import { appOf, STORY_BUILDS, scripting } from "@/tests/support/two-builds";

const chromium = chromiumForFile();

describe.each(STORY_BUILDS)("%s", (build) => {
  const app = appOf(build);

  async function open(path: string, role: "staff" | "admin" = "admin", javaScriptEnabled = true) {
    const operator = await newUser({ role });
    const visit = await chromium.visit(app(), { javaScriptEnabled });
    await (await signInAs(operator)).addTo(visit.context, app().origin);
    await visit.page.goto(path);
    return { ...visit, operator };
  }

  const rowOfUser = async (id: number) => (await rows("SELECT * FROM users WHERE id = ?", [id]))[0];
  const someName = () => `u${crypto.randomUUID().slice(0, 12)}`;

  describe.each(scripting(build))("%s", (_, javaScriptEnabled) => {
    test("AU-6: I add a user; the password is shown this once, is in no address, and signs them in", async () => {
      const { page } = await open("/admin/users/new", "admin", javaScriptEnabled);
      const username = someName();
      await page.getByLabel("User name").fill(username);
      await page.getByLabel("Email").fill(`${username}@example.com`);
      await page.getByLabel("Make a temporary password instead of a link").check();
      await page.getByRole("button", { name: "Add the user" }).click();
      await page.getByText(`${username} was added`).waitFor();
      const password = await page.getByText(/^([a-z0-9]{5}-){4}[a-z0-9]{5}$/).innerText();
      expect(page.url()).toBe(`${app().origin}/admin/users/new`);
      expect(await signIn(app(), { username, password })).toContain("session=");
      await page.goto("/admin/users/new");
      expect(await page.content()).not.toContain(password);
    });

    test("AU-15: I see that an account is closed, on the overview and with the user, and open it", async () => {
      const person = await newUser();
      await closeAccount(person);
      const { page } = await open("/admin", "admin", javaScriptEnabled);
      await page.getByText("closed after too many wrong passwords in a row").waitFor();
      await page.goto(`/admin/users/${person.id}`);
      await page.getByRole("link", { name: "Open again…" }).click();
      await page.getByRole("button", { name: "Open again" }).click();
      await page.waitForURL(`**/admin/users/${person.id}`);
      expect(await page.getByRole("link", { name: "Open again…" }).count()).toBe(0);
      const left = await rows("SELECT * FROM throttle WHERE `key` LIKE ?", [`%user ${person.id}`]);
      expect(left).toEqual([]);
    });

    test("AU-17: I give a user a temporary password, and they set their own before anything else", async () => {
      const person = await newUser();
      const path = `/admin/users/${person.id}`;
      const { page } = await open(path, "admin", javaScriptEnabled);
      await page.getByRole("link", { name: "Set a temporary password…" }).click();
      await page.getByText("they are signed out everywhere").waitFor();
      await page.getByRole("button", { name: "Set a temporary password" }).click();
      const password = await page.getByText(/^([a-z0-9]{5}-){4}[a-z0-9]{5}$/).innerText();
      await page.getByRole("link", { name: "Go to the user" }).click();
      await page.getByText("Runs out").waitFor();
      expect(await page.content()).not.toContain(password);

      const theirs = await chromium.visit(app(), { javaScriptEnabled });
      await theirs.page.goto("/sign-in?returnTo=/account");
      await theirs.page.getByLabel("User name or email").fill(person.username);
      await theirs.page.getByLabel("Password", { exact: true }).fill(password);
      await theirs.page.getByRole("button", { name: "Sign in" }).click();
      await theirs.page.getByRole("heading", { name: "Set your own password" }).waitFor();
      expect(await theirs.page.getByRole("link", { name: "Devices" }).count()).toBe(0);
      await theirs.page.getByLabel("Temporary password", { exact: true }).fill(password);
      await theirs.page.getByLabel("New password", { exact: true }).fill(NEW_PASSWORD);
      await theirs.page.getByLabel("New password, once more").fill(NEW_PASSWORD);
      await theirs.page.getByRole("button", { name: "Set password" }).click();
      await theirs.page.waitForURL((url) => url.pathname === "/account");
      await theirs.page.getByText(person.email).first().waitFor();
      expect((await rowOfUser(person.id))?.password_is_temporary).toBe(0);
    });

    test("WCAG 3.3.3: what I typed stays when it cannot be taken, and I am told why", async () => {
      const taken = await newUser();
      const { page } = await open("/admin/users/new", "admin", javaScriptEnabled);
      await page.getByLabel("User name").fill(taken.username);
      await page.getByLabel("Email").fill(`${someName()}@example.com`);
      await page.getByLabel("Role").selectOption("staff");
      await page.getByRole("button", { name: "Add the user" }).click();
      await page.getByText("There is already a user with this user name.").waitFor();
      expect(await page.getByLabel("User name").inputValue()).toBe(taken.username);
      expect(await page.getByLabel("Role").inputValue()).toBe("staff");
    });

    test("TE-6: I disable a user: I am told that their sessions end, and they do", async () => {
      const person = await newUser();
      const id = await onPhone(person);
      const path = `/admin/users/${person.id}`;
      const { page } = await open(path, "admin", javaScriptEnabled);
      await page.getByRole("link", { name: "Disable…" }).click();
      await page.getByText("Their one session ends at once.").waitFor();
      await page.getByRole("button", { name: "Disable the account" }).click();
      await page.waitForURL((url) => url.pathname === path);
      await page.getByText("One session was ended.").waitFor();
      expect((await rowOf(id))?.end_reason).toBe("user_disabled");
    });

    test("AZ-2: I cannot take my own role by accident, and am told so", async () => {
      const { page, operator } = await open("/admin", "admin", javaScriptEnabled);
      await page.goto(`/admin/users/${operator.id}/edit`);
      await page.getByLabel("Role").selectOption("member");
      await page.getByRole("button", { name: "Save" }).click();
      await page
        .getByText("Ask another administrator")
        .or(page.getByText("last active administrator"))
        .waitFor();
      expect((await rowOfUser(operator.id))?.role).toBe("admin");
    });
  });

  test("AU-12: fields that a form does not have reach no column", async () => {
    const person = await newUser();
    const before = await rowOfUser(person.id);
    const { page } = await open(`/admin/users/${person.id}/edit`);
    await page.getByLabel("Name", { exact: true }).fill("Another Name");
    await page.getByRole("form", { name: "Edit the user" }).evaluate((form) => {
      const more = {
        username: "taken-over",
        status: "disabled",
        passwordHash: "x",
        createdAt: "2001-01-01",
      };
      for (const [name, value] of Object.entries(more)) {
        const input = document.createElement("input");
        Object.assign(input, { type: "hidden", name, value });
        form.append(input);
      }
    });
    await page.getByRole("button", { name: "Save" }).click();
    await page.waitForURL((url) => url.pathname === `/admin/users/${person.id}`);
    expect(await rowOfUser(person.id)).toEqual({ ...before, name: "Another Name" });
  });

  test("AZ-1: staff look at users and change nothing: no button, and no page behind it", async () => {
    const person = await newUser();
    await closeAccount(person);
    const { page, expectTrouble } = await open(`/admin/users/${person.id}`, "staff");
    await page.getByText(person.email).first().waitFor();
    await page.getByText("Closed after too many wrong passwords").waitFor();
    expect(await page.getByRole("link", { name: /^(Edit|Disable|Add|Open)/ }).count()).toBe(0);
    expectTrouble(/404/);
    for (const path of ["edit", "status", "password", "open"]) {
      const response = await page.goto(`/admin/users/${person.id}/${path}`);
      expect(response?.status()).toBe(404);
    }
  });

  test("AZ-4: an administrator who has become staff meanwhile changes nothing", async () => {
    const person = await newUser();
    const { page, operator, expectTrouble } = await open(`/admin/users/${person.id}/edit`);
    for (const each of [/404/, /409/, /UnrecognizedActionError/]) expectTrouble(each);
    await rows("UPDATE users SET role = 'staff' WHERE id = ?", [operator.id]);
    await page.getByLabel("Name", { exact: true }).fill("Another Name");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { name: "This page is out of date" }).waitFor();
    await page.getByRole("button", { name: "Reload the page" }).click();
    await page.getByText("There is no page here").waitFor();
    expect((await rowOfUser(person.id))?.name).toBe(person.name);
  });
});
