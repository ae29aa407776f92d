import { Card } from "@/app/_ui/card";

/** The rules in words, for those who do not want to find them out by trying. */
export function PasswordAdvice({ least, most }: { least: number; most: number }) {
  return (
    <Card title="A good password">
      <ul className="list-disc space-y-2 pl-5 text-sm text-muted marker:text-field-line">
        <li>
          {least} to {most} characters of any kind. Blanks, letter case and accents count; nothing
          else is asked for.
        </li>
        <li>A few unrelated words are easy to remember and hard to guess.</li>
        <li>
          Your name, user name, email and the name of this site are guessed first: they do not count
          towards the length.
        </li>
        <li>
          Passwords that are known from other sites, plain rows of keys, and the same again and
          again are not taken.
        </li>
        <li>A password manager can make one and remember it. You can paste it here.</li>
      </ul>
    </Card>
  );
}
