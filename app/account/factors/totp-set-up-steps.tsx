import type { ShownSetUp } from "@/app/account/factors/state";

const SIDE_PX = 208;

/** What to do in the app before its first code can be given here. */
export function TotpSetUpSteps({ setUp: { picture, secret } }: { setUp: ShownSetUp }) {
  return (
    <ol className="list-decimal space-y-4 pl-5 text-sm">
      <li>
        Open an authenticator app on your phone, such as the one your password manager has, and add
        an account.
      </li>
      <li>
        Scan this picture with it.
        {/* biome-ignore lint/performance/noImgElement: it is in the page already */}
        <img
          src={picture}
          width={SIDE_PX}
          height={SIDE_PX}
          alt="The secret below, as a QR code"
          className="mt-3 rounded-md border border-line bg-white"
        />
      </li>
      <li>
        You can’t scan it? Type this into the app instead:
        <code className="mt-2 block font-mono text-sm tracking-wider wrap-anywhere select-all">
          {secret}
        </code>
      </li>
      <li>Enter the six digits that the app shows.</li>
    </ol>
  );
}
