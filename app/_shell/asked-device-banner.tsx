import { thatWasMe, thatWasNotMe } from "@/app/_shell/asked-device";
import { buttonClass } from "@/app/_ui/button-class";
import { NoticeIcon } from "@/app/_ui/notice-icon";
import { SubmitButton } from "@/app/_ui/submit-button";
import { TONE_CLASS } from "@/app/_ui/tone";
import { mailWay } from "@/lib/mail/outbox";
import { askedDevice } from "@/lib/request/asked-device";
import { exactTime } from "@/lib/time-words";

/** Asks, at the sign-in after it, about one from a browser that the account did not know. */
export async function AskedDeviceBanner({ userId }: { userId: number }) {
  const asked = await askedDevice(userId);
  if (!asked) return null;
  const { device, ipAddress, at } = asked;
  const facts = [device, ipAddress, exactTime(at)].filter((fact) => fact !== "");
  return (
    <section
      aria-label="A new device signed in"
      className={`mb-8 flex gap-2.5 rounded-md border px-3.5 py-3 text-sm ${TONE_CLASS.warning}`}
    >
      <NoticeIcon tone="warning" />
      <div className="min-w-0 space-y-3">
        <p className="wrap-anywhere">
          <strong className="font-semibold">Was this you?</strong> Your account was signed in to
          from a new browser: {facts.join(", ")}.
        </p>
        <div className="flex flex-wrap gap-3">
          <form action={thatWasMe}>
            <SubmitButton variant="secondary">That was me</SubmitButton>
          </form>
          {mailWay() === "none" ? (
            <a href="/account/password" className={buttonClass("danger")}>
              This was not me: change password
            </a>
          ) : (
            <form action={thatWasNotMe}>
              <SubmitButton variant="danger">This was not me</SubmitButton>
            </form>
          )}
        </div>
      </div>
    </section>
  );
}
