import { describe, expect, test } from "vitest";
import { newUser } from "@/tests/helpers/people";
import { signInAs } from "@/tests/helpers/sessions";
import { chromiumForFile } from "@/tests/support/chromium-pages";
import {
  form,
  heading,
  identifier,
  password,
  sessionCookies,
  staySignedIn,
  submit,
} from "@/tests/support/sign-in-page";
import { number } from "@/tests/support/sql";
import { appOf, STORY_BUILDS, scripting } from "@/tests/support/two-builds";

const WRONG = "That user name or email and password don’t match.";

const chromium = chromiumForFile();

// The short story of the other build; `npm run test:guards` plays the long ones there.
describe("without the middleware", () => {
  const app = appOf("without the middleware");

  test("AZ-1: I ask for the dashboard, sign in, am there, and sign out", async () => {
    const user = await newUser();
    const { context, page } = await chromium.visit(app());
    await page.goto("/dashboard");
    expect(new URL(page.url()).pathname).toBe("/sign-in");
    await submit(page, user.username);
    await page.waitForURL("/dashboard");
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toContain(user.name);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByText("You are signed out.").waitFor();
    expect(await sessionCookies(context)).toEqual([]);
  });
});

describe.each(STORY_BUILDS)("%s", (build) => {
  const app = appOf(build);

  describe.each(scripting(build))("%s", (_, javaScriptEnabled) => {
    const open = async (path: string) => {
      const visit = await chromium.visit(app(), { javaScriptEnabled });
      await visit.page.goto(path);
      return visit;
    };

    test("AZ-1: I ask for the dashboard, sign in with my user name, and am there", async () => {
      const user = await newUser();
      const { page } = await open("/dashboard");
      expect(new URL(page.url()).pathname).toBe("/sign-in");
      await submit(page, user.username);
      await page.waitForURL("/dashboard");
      expect(await page.getByRole("heading", { level: 1 }).textContent()).toContain(user.name);
    });

    test("AU-8: my email signs me in as well, in capitals too", async () => {
      const user = await newUser();
      const { page } = await open("/sign-in");
      await submit(page, user.email.toUpperCase());
      await page.waitForURL("/dashboard");
      expect(await page.getByText(`You are signed in as ${user.email}`).count()).toBe(1);
    });

    test("AU-1: a wrong password is said in the form's alert, and what I typed is still there", async () => {
      const user = await newUser();
      const { context, page } = await open("/sign-in");
      await staySignedIn(page).check();
      await submit(page, user.username, "not my password");
      await form(page).getByRole("alert").waitFor();
      expect(await form(page).getByRole("alert").textContent()).toBe(WRONG);
      expect(await identifier(page).inputValue()).toBe(user.username);
      expect(await staySignedIn(page).isChecked()).toBe(true);
      expect(await sessionCookies(context)).toEqual([]);
    });

    test("PW-11: a wrong password does not come back into the page", async () => {
      const user = await newUser();
      const { page } = await open("/sign-in");
      await submit(page, user.username, "not my password");
      await form(page).getByRole("alert").waitFor();
      expect(await password(page).inputValue()).toBe("");
      expect(await page.content()).not.toContain("not my password");
    });

    test("AU-1: a name that nobody has is answered in the same words", async () => {
      const { page } = await open("/sign-in");
      await submit(page, "nobody-has-this-name");
      await form(page).getByRole("alert").waitFor();
      expect(await form(page).getByRole("alert").textContent()).toBe(WRONG);
    });

    test("CK-4: with Stay signed in the cookie lives to the absolute end of the session", async () => {
      const user = await newUser();
      const { context, page } = await open("/sign-in");
      await staySignedIn(page).check();
      await submit(page, user.username);
      await page.waitForURL("/dashboard");
      const [cookie] = await sessionCookies(context);
      const end = await number(
        "SELECT unix_timestamp(absolute_expires_at) FROM sessions WHERE user_id = ? AND persistent",
        [user.id],
      );
      expect(Math.abs((cookie?.expires ?? 0) - end)).toBeLessThan(5);
    });

    test("CK-4: without it the cookie ends with the browser", async () => {
      const user = await newUser();
      const { context, page } = await open("/sign-in");
      await submit(page, user.username);
      await page.waitForURL("/dashboard");
      expect((await sessionCookies(context)).map(({ expires }) => expires)).toEqual([-1]);
    });

    test("RD-1: after signing in I am where I wanted to go, with query and fragment", async () => {
      const user = await newUser();
      const wanted = "/dashboard?tab=all&note=a%20b#device";
      const { page } = await open(`/sign-in?returnTo=${encodeURIComponent(wanted)}`);
      await submit(page, user.username);
      await page.waitForURL((url) => url.pathname === "/dashboard");
      expect(page.url()).toBe(app().origin + wanted);
    });

    test("RD-1: a link that would send me on to another site leads to my dashboard", async () => {
      const user = await newUser();
      const { page } = await open("/sign-in?returnTo=%2F%2Felsewhere.invalid");
      await submit(page, user.username);
      await page.waitForURL((url) => url.pathname === "/dashboard");
      expect(page.url()).toBe(`${app().origin}/dashboard`);
    });

    test("RD-3: signed in, I open the sign-in page and go on to where it was to lead", async () => {
      const { context, page } = await open("/");
      await (await signInAs(await newUser())).addTo(context, app().origin);
      await page.goto("/sign-in?returnTo=%2F%3Ffrom%3Dsign-in");
      expect(page.url()).toBe(`${app().origin}/?from=sign-in`);
    });
  });

  test("AU-1: after a wrong password I can type at once, and a screen reader says why", async () => {
    const user = await newUser();
    const { page } = await chromium.visit(app());
    await page.goto("/sign-in");
    await submit(page, user.username, "not my password");
    await form(page).getByRole("alert").waitFor();
    const focused = page.locator(":focus");
    expect(await focused.getAttribute("name")).toBe("password");
    const describedBy = await focused.getAttribute("aria-describedby");
    expect(await form(page).getByRole("alert").getAttribute("id")).toBe(describedBy);
  });

  test("PW-7: the fields tell a password manager what they are, and are of the right kind", async () => {
    const { page } = await chromium.visit(app());
    await page.goto("/sign-in");
    expect(await identifier(page).getAttribute("autocomplete")).toBe("username");
    expect(await password(page).getAttribute("autocomplete")).toBe("current-password");
    expect(await password(page).getAttribute("type")).toBe("password");
  });

  test("PW-7: I can look at the password, and hide it again", async () => {
    const { page } = await chromium.visit(app());
    await page.goto("/sign-in");
    await page.getByRole("button", { name: "Show password" }).click();
    expect(await password(page).getAttribute("type")).toBe("text");
    await page.getByRole("button", { name: "Hide password" }).click();
    expect(await password(page).getAttribute("type")).toBe("password");
  });

  test("PW-7: I can paste a password", async () => {
    const user = await newUser();
    const { context, page } = await chromium.visit(app());
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.goto("/sign-in");
    await identifier(page).fill(user.username);
    await page.evaluate((text) => navigator.clipboard.writeText(text), user.password);
    await password(page).focus();
    await page.keyboard.press("Control+V");
    await page.keyboard.press("Enter");
    await page.waitForURL("/dashboard");
    expect(await heading(page).count()).toBe(0);
  });
});

describe("with the middleware", () => {
  const app = appOf("with the middleware");

  test("RD-1: a page that I asked for while signed out opens after signing in, with its fragment", async () => {
    const user = await newUser();
    const { page } = await chromium.visit(app());
    await page.goto("/dashboard?tab=all#device");
    await submit(page, user.username);
    await page.waitForURL((url) => url.pathname === "/dashboard");
    expect(page.url()).toBe(`${app().origin}/dashboard?tab=all#device`);
  });
});
