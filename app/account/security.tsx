import { ButtonLink } from "@/app/_ui/button-link";
import { Card } from "@/app/_ui/card";

const WAYS = [
  {
    href: "/account/email",
    title: "Email",
    text: "Where mails about your account go, and what you can sign in with.",
    action: "Change email",
  },
  {
    href: "/account/password",
    title: "Password",
    text: "Change it if somebody else might know it. This signs you out everywhere else.",
    action: "Change password",
  },
  {
    href: "/account/factors",
    title: "Second factor",
    text: "Ask for a code from your phone besides the password, and keep recovery codes.",
    action: "Set up or change",
  },
  {
    href: "/account/sessions",
    title: "Devices",
    text: "See where you’re signed in, and sign out anything you don’t recognise.",
    action: "See devices",
  },
];

export function Security() {
  return (
    <Card title="Signing in">
      <ul className="-my-4 divide-y divide-line">
        {WAYS.map(({ href, title, text, action }) => (
          <li
            key={href}
            className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 py-4"
          >
            <div className="min-w-0 basis-64 grow">
              <h3 className="font-medium">{title}</h3>
              <p className="mt-0.5 max-w-prose text-sm text-muted">{text}</p>
            </div>
            <ButtonLink href={href} variant="secondary">
              {action}
            </ButtonLink>
          </li>
        ))}
      </ul>
    </Card>
  );
}
