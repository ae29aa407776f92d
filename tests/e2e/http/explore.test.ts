import { afterAll, beforeAll, test } from "vitest";
import { newUser, signIn } from "@/tests/support/people";
import { type RunningApp, startApp } from "@/tests/support/running-app";
import { newVisitor } from "@/tests/support/visitor";
import { change } from "@/tests/support/sql";
import { actionId, hiddenFields, multipart } from "@/tests/support/forms";
let app: RunningApp;
beforeAll(async () => { app = await startApp(); });
afterAll(() => app.stop());
const show = (n: string, a: any) => console.log(n, a.status, JSON.stringify(a.headers, null, 0).replace(/"content-security-policy":"[^"]*",?/, "").replace(/"x-content.*"vary"/, '"vary"'), a.text.slice(0, 400));
test("x", async () => {
  const user = await newUser();
  const live = await signIn(app, user);
  const page = await app.request("/sign-in?returnTo=/dashboard?a=1");
  const hidden = hiddenFields(page.text, "Sign in");
  const post = async (n: string, cookie: string, fields: any) => {
    const f = multipart([...hidden, ...fields]);
    const a = await app.request("/sign-in", {method: "POST", headers: {...f.headers, "Sec-Fetch-Site": "same-origin", Cookie: cookie}, body: f.body});
    show(n, a);
    if (a.status === 307) show(n + " follow", await app.request(a.header("location"), {method: "POST", headers: {...f.headers, "Sec-Fetch-Site": "same-origin", Cookie: cookie}, body: f.body}));
  };
  await post("wrong, live cookie", live, [["identifier", user.username], ["password", "wrong"]]);
  await post("wrong, garbage cookie", "session=garbage", [["identifier", user.username], ["password", "wrong"]]);
  await change("DELETE FROM sessions");
  await post("wrong, dead cookie", live, [["identifier", user.username], ["password", "wrong"]]);
  show("no fields", await app.request("/sign-in", {method: "POST", headers: {"Sec-Fetch-Site": "same-origin", "Content-Type": "text/plain"}, body: "x"}));
  show("form", await app.request("/sign-in", {method: "POST", headers: {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}, body: "identifier=x&password=y"}));
  show("bad action", await app.request("/sign-in", {method: "POST", headers: {"Sec-Fetch-Site": "same-origin", "Next-Action": "0".repeat(42), "Content-Type": "text/plain"}, body: "[]"}));
  show("sign-in PUT", await app.request("/sign-in", {method: "PUT", headers: {"Sec-Fetch-Site": "same-origin"}}));
  const l2 = await signIn(app, user);
  const c = {Cookie: l2};
  for (const p of ["/%", "/%ff", "/dashboard/%", "/api/%", "/%64ashboard", "//dashboard", "/./dashboard", "/x/../dashboard", "/dashboard%2f", "/dashboard;a", "/Dashboard", "/dashboard.rsc", "/dashboard.txt", "/dashboard.segments/_tree.segment.rsc", "/_next/data/x/dashboard.json", "/dashboard?_rsc=abc", "/dashboard#x", "/index", "/_not-found", "/_error", "/404", "/500", "/_global-error"]) {
    show("live " + p, await app.request(p, {headers: c}).catch(e => ({status: String(e), text: ""})));
  }
  show("rsc", await app.request("/dashboard?_rsc", {headers: {...c, RSC: "1"}}));
  show("rsc", await app.request("/dashboard?_rsc=x", {headers: {...c, RSC: "1"}}));
  show("rsc prefetch", await app.request("/dashboard?_rsc", {headers: {...c, RSC: "1", "Next-Router-Prefetch": "1"}}));
  show("rsc prefetch", await app.request("/dashboard", {headers: {...c, RSC: "1", "Next-Router-Prefetch": "1", "Next-Router-Segment-Prefetch": "/_tree"}}));
  show("rsc dead", await app.request("/dashboard?_rsc", {headers: {Cookie: live, RSC: "1"}}));
  show("rsc none", await app.request("/dashboard?_rsc", {headers: {RSC: "1"}}));
  show("ready", await app.request("/api/health/ready"));
  show("16k", await app.request("/dashboard", {headers: {Cookie: "session=" + "x".repeat(16384)}}));
  show("15k", await app.request("/dashboard", {headers: {Cookie: "session=" + "x".repeat(15000)}}));
  show("nul", await app.request("/dashboard", {headers: {Cookie: "session=\u00e9\u00ff"}}));
  console.log(app.log());
});
