import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { requireRole } from "@/lib/request/guards";

export async function generateMetadata(): Promise<Metadata> {
  await requireRole("staff");
  notFound();
}

/**
 * What the console does not have answers by the way of what it hides: from their 404 a member cannot
 * tell which addresses under `/admin` there are.
 */
export default async function NothingPage() {
  await requireRole("staff");
  notFound();
}
