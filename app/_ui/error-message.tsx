import { unstable_isUnrecognizedActionError as isUnknownToServer } from "next/navigation";
import { Button } from "@/app/_ui/button";
import { buttonClass } from "@/app/_ui/button-class";
import { errorDigest } from "@/app/_ui/error-digest";
import { MessagePage } from "@/app/_ui/message-page";

export type ErrorMessageProps = { error: unknown; retry: () => void };

export function ErrorMessage({ error, retry }: ErrorMessageProps) {
  if (isUnknownToServer(error)) return <OutOfDate />;
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

// After a new build, and for whom the page does not exist any more.
function OutOfDate() {
  return (
    <MessagePage
      title="This page is out of date"
      actions={<Button onClick={() => location.reload()}>Reload the page</Button>}
    >
      <p>
        Nothing was saved. The site has been updated since you opened this page, or the page is no
        longer open to you.
      </p>
    </MessagePage>
  );
}
