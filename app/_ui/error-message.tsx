import { unstable_isUnrecognizedActionError as isUnknownToServer } from "next/navigation";
import { BrandMark } from "@/app/_ui/brand-mark";
import { Button } from "@/app/_ui/button";
import { buttonClass } from "@/app/_ui/button-class";
import { CenteredColumn } from "@/app/_ui/centered-column";
import { errorDigest } from "@/app/_ui/error-digest";
import { Message, type MessageProps } from "@/app/_ui/message";

export type ErrorMessageProps = { error: unknown; retry: () => void };

export function ErrorMessage({ error, retry }: ErrorMessageProps) {
  if (isUnknownToServer(error)) return <OutOfDate />;
  const digest = errorDigest(error);
  return (
    <ErrorPage
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
    </ErrorPage>
  );
}

// After a new build, and for whom the page does not exist any more.
function OutOfDate() {
  return (
    <ErrorPage
      title="This page is out of date"
      actions={<Button onClick={() => location.reload()}>Reload the page</Button>}
    >
      <p>
        Nothing was saved. The site has been updated since you opened this page, or the page is no
        longer open to you.
      </p>
    </ErrorPage>
  );
}

// Drawn in the browser, which knows no settings: the mark stands for the site's name.
function ErrorPage(props: MessageProps) {
  return (
    <CenteredColumn header={<BrandMark />}>
      <Message {...props} />
    </CenteredColumn>
  );
}
