import { SubmitButton } from "@/app/_ui/submit-button";

type UserMenuProps = { name: string; detail: string; signOut: () => Promise<void> };

export function UserMenu({ name, detail, signOut }: UserMenuProps) {
  return (
    <div className="flex items-center gap-3">
      <span
        aria-hidden="true"
        className="hidden size-8 shrink-0 items-center justify-center rounded-full bg-accent-soft text-sm font-semibold text-accent-text min-[22rem]:flex"
      >
        {[...name][0]?.toLocaleUpperCase("en")}
      </span>
      <div className="hidden max-w-56 min-w-0 leading-tight md:block">
        <p className="truncate text-sm font-medium">{name}</p>
        <p className="truncate text-xs text-muted">{detail}</p>
      </div>
      <form action={signOut}>
        <SubmitButton variant="secondary" className="pointer-fine:min-h-9 pointer-fine:py-1">
          Sign out
        </SubmitButton>
      </form>
    </div>
  );
}
