import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Card } from "@/app/_ui/card";
import { CenteredPage } from "@/app/_ui/centered-page";
import { Notice } from "@/app/_ui/notice";
import { TEXT_LINK } from "@/app/_ui/text-link";
import { SignUpForm } from "@/app/sign-up/sign-up-form";
import { isSignUpOpen } from "@/lib/accounts/sign-up";
import { settings } from "@/lib/env";
import { siteName } from "@/lib/site-name";

export const metadata: Metadata = { title: "Sign up" };

export default async function SignUpPage({ searchParams }: PageProps<"/sign-up">) {
  if (!isSignUpOpen()) notFound();
  const { sent } = await searchParams;
  return (
    <CenteredPage>
      <Card>
        <div className="space-y-5 py-2">
          <div className="space-y-1">
            <h1 className="text-xl font-semibold">Sign up</h1>
            <p className="text-sm text-muted">For an account at {siteName()}.</p>
          </div>
          {sent === "1" ? (
            <Notice tone="success" role="status">
              Check your mail: it says what to do next. Nothing there? Check your junk mail.
            </Notice>
          ) : (
            <SignUpForm least={settings().PASSWORD_MIN_LENGTH} />
          )}
        </div>
      </Card>
      <p className="mt-6 text-center text-sm">
        <a href="/sign-in" className={TEXT_LINK}>
          You have an account? Sign in
        </a>
      </p>
    </CenteredPage>
  );
}
