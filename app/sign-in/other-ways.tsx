import { TEXT_LINK } from "@/app/_ui/text-link";
import { isSignUpOpen } from "@/lib/accounts/sign-up";
import { mailWay } from "@/lib/mail/outbox";

/** What helps whoever cannot sign in: what they can do by themselves, and whom to ask about the rest. */
export function OtherWays() {
  const hasMail = mailWay() !== "none";
  const mayJoin = isSignUpOpen();
  return (
    <div className="mt-6 space-y-3 text-center text-sm text-balance text-muted">
      {hasMail && (
        <p>
          <a href="/forgot-password" className={TEXT_LINK}>
            Forgot your password?
          </a>
        </p>
      )}
      {mayJoin && (
        <p>
          No account?{" "}
          <a href="/sign-up" className={TEXT_LINK}>
            Sign up
          </a>
        </p>
      )}
      <p>
        {!mayJoin &&
          `${hasMail ? "No account?" : NO_MAIL} An administrator of this site can help. `}
        If the right password is refused, try a browser you’ve signed in with before.
      </p>
    </div>
  );
}

const NO_MAIL = "No account, or forgot your password?";
