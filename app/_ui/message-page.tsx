import { CenteredPage } from "@/app/_ui/centered-page";
import { Message, type MessageProps } from "@/app/_ui/message";

/** A page that says one thing and offers the way on. */
export function MessagePage(props: MessageProps) {
  return (
    <CenteredPage>
      <Message {...props} />
    </CenteredPage>
  );
}
