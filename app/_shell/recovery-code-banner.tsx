import { Notice } from "@/app/_ui/notice";
import { TEXT_LINK } from "@/app/_ui/text-link";
import { currentSession } from "@/lib/request/current";

/** Says so to whoever came in by a recovery code: the app may be lost, or somebody else has the codes. */
export async function RecoveryCodeBanner() {
  const current = await currentSession();
  if (!current?.session.methods.includes("recovery_code")) return null;
  return (
    <div className="mb-8">
      <Notice tone="warning">
        You used one of your recovery codes.{" "}
        <a href="/account/factors" className={TEXT_LINK}>
          See how many are left, or set up your second factor anew
        </a>
        .
      </Notice>
    </div>
  );
}
