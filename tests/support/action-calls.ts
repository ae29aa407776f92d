import { builtActions } from "@/scripts/guards/built";
import { type Fill, filled } from "./routes";
import type { SharedApp } from "./running-app";
import type { Form } from "./url-forms";

export interface ActionCall {
  readonly source: string;
  readonly name: string;
  /** The call as a script would send it, but without a word on where it comes from. */
  readonly form: Form;
}

/** A call of each server action of the build that runs, without arguments, to each page of its. */
export function actionCalls({ folder }: SharedApp, fill: Fill): ActionCall[] {
  return builtActions(folder).flatMap(({ id, source, name, pages }) =>
    pages.map((page): ActionCall => {
      const route = page.replace(/^app(.*)\/page$/, "$1").replace(/\/\(\w+\)/g, "") || "/";
      const headers = { "Content-Type": "text/plain;charset=UTF-8", "Next-Action": id };
      return { source, name, form: [filled(route, fill), { method: "POST", headers, body: "[]" }] };
    }),
  );
}
