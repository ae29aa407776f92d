import { Button } from "@/app/_ui/button";
import { buttonClass } from "@/app/_ui/button-class";
import { errorDigest } from "@/app/_ui/error-digest";
import { MessagePage } from "@/app/_ui/message-page";

export type ErrorMessageProps = { error: unknown; retry: () => void };

export function ErrorMessage({ error, retry }: ErrorMessageProps) {
  const digest = errorDigest(error);
  return (
    <MessagePage
      title="Something went wrong"
      actions={
        <>
          <Button onClick={() => retry()}>Try again</Button>
          <a href="/" className={buttonClass("secondary")}>
            Go to the start page
          </a>
        </>
      }
    >
      <p>
        The page could not be shown. Your sign-in is not affected, and trying again may be enough.
      </p>
      {digest && (
        <p className="text-sm">
          If it goes on, quote this id:{" "}
          <code className="rounded-sm bg-sunken px-1.5 py-0.5 font-mono text-ink select-all">
            {digest}
          </code>
        </p>
      )}
    </MessagePage>
  );
}
