// Forms as a browser without JavaScript sends them.

export type Fields = readonly (readonly [name: string, value: string])[];

/** A multipart body with its header, as a form of a server action is sent. */
export function multipart(fields: Fields): { headers: { "Content-Type": string }; body: string } {
  const boundary = "----gatehouse-form-boundary";
  const parts = fields.map(
    ([name, value]) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return {
    headers: { "Content-Type": `multipart/form-data; boundary=${boundary}` },
    body: `${parts.join("")}--${boundary}--\r\n`,
  };
}

/** The hidden fields of the form on that page whose button says `button`. */
export function hiddenFields(html: string, button: string): [string, string][] {
  const forms = html.match(/<form\b.*?<\/form>/gs) ?? [];
  const form = forms.find((one) => new RegExp(`<button[^>]*>${button}</button>`).test(one));
  if (!form) throw new Error(`There is no form with the button "${button}" on:\n${html}`);
  const inputs = form.match(/<input\b[^>]*type="hidden"[^>]*>/g) ?? [];
  return inputs.map((input) => [attribute(input, "name"), attribute(input, "value")]);
}

/** What a page says is wrong with the field of that name; empty where nothing is. */
export function fieldError(html: string, field: string): string {
  const input = new RegExp(`<input\\b[^>]*name="${field}"[^>]*>`).exec(html)?.[0] ?? "";
  const id = attribute(input, "aria-describedby")
    .split(" ")
    .find((each) => each.endsWith("-error"));
  const said = new RegExp(`<p id="${id}"[^>]*>(.*?)</p>`, "s").exec(html)?.[1] ?? "";
  return said.replaceAll("&#x27;", "'");
}

/** What the alert of a page says. */
export function alertIn(html: string): string {
  return /role="alert".*?<\/div>/s.exec(html)?.[0].replace(/<[^>]+>/g, "") ?? "no alert";
}

/** The address of that form's server action, as the `Next-Action` header of a script has it. */
export function actionId(html: string, button: string): string {
  const id = /[0-9a-f]{42}/.exec(JSON.stringify(hiddenFields(html, button)))?.[0];
  if (!id) throw new Error(`The form "${button}" names no server action`);
  return id;
}

function attribute(tag: string, name: string): string {
  const value = new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? "";
  return value
    .replaceAll("&quot;", '"')
    .replaceAll("&#x27;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}
