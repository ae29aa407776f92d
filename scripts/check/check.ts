import type { Settings } from "@/lib/env";

/** What a check found: all well, and how it is; or what is wrong, and the line that mends it. */
export type Finding =
  | { readonly ok: true; readonly found: string }
  | { readonly ok: false; readonly fault: string; readonly fix: string };

/** What is looked at. */
export interface Subject {
  readonly settings: Settings;
  readonly now: Date;
}

/** One thing that must hold. */
export interface Check {
  /** Short and lasting: what `--accept` names it by. */
  readonly id: string;
  readonly title: string;
  /** Whether it must hold while somebody develops, too. */
  readonly isAlways: boolean;
  run(subject: Subject): Finding | Promise<Finding>;
}

/** What a public site needs. */
export function onDeploy(id: string, title: string, run: Check["run"]): Check {
  return { id, title, isAlways: false, run };
}

/** What must hold while somebody develops, too. */
export function always(id: string, title: string, run: Check["run"]): Check {
  return { id, title, isAlways: true, run };
}

export const well = (found: string): Finding => ({ ok: true, found });

export const fault = (what: string, fix: string): Finding => ({ ok: false, fault: what, fix });

/** Well where it is so; else the fault. */
export function unless(isSo: boolean, found: string, what: string, fix: string): Finding {
  return isSo ? well(found) : fault(what, fix);
}
