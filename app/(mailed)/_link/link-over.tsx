import { buttonClass } from "@/app/_ui/button-class";
import { MessagePage } from "@/app/_ui/message-page";

/** For a link that is used, too old, replaced by a newer one, or was never one: which, nobody learns. */
export function LinkOver({ again }: { again?: { href: string; label: string } }) {
  return (
    <MessagePage
      title="This link no longer works"
      actions={
        <>
          {again && (
            <a href={again.href} className={buttonClass()}>
              {again.label}
            </a>
          )}
          <a href="/sign-in" className={buttonClass("secondary")}>
            Sign in
          </a>
        </>
      }
    >
      <p>Each link works once, for a limited time, and a newer one replaces it.</p>
    </MessagePage>
  );
}
