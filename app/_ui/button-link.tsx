import Link from "next/link";
import type { ReactNode } from "react";
import { type ButtonVariant, buttonClass } from "@/app/_ui/button-class";

type ButtonLinkProps = {
  href: string;
  variant?: ButtonVariant;
  className?: string;
  children: ReactNode;
};

export function ButtonLink({ href, variant, className, children }: ButtonLinkProps) {
  return (
    <Link href={href} className={buttonClass(variant, className)}>
      {children}
    </Link>
  );
}
