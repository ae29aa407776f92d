import type { ReactNode } from "react";
import { DeviceIcon } from "@/app/_ui/device-icon";
import { TEXT_LINK } from "@/app/_ui/text-link";
import { deviceWords } from "@/lib/device";

type DeviceLineProps = { userAgent: string; mark?: ReactNode; href?: string; children: ReactNode };

/** A browser and its system in words, with what is to be said of it below. */
export function DeviceLine({ userAgent, mark, href, children }: DeviceLineProps) {
  const { name, kind } = deviceWords(userAgent);
  return (
    <div className="flex min-w-0 flex-1 gap-3">
      <span className="pt-0.5">
        <DeviceIcon kind={kind} />
      </span>
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium">
          <span title={userAgent} className="wrap-break-word">
            {href ? (
              <a href={href} className={TEXT_LINK}>
                {name}
              </a>
            ) : (
              name
            )}
          </span>
          {mark}
        </p>
        <div className="mt-0.5 text-sm wrap-break-word text-muted">{children}</div>
      </div>
    </div>
  );
}
