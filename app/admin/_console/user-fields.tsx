import { Notice } from "@/app/_ui/notice";
import { SelectField } from "@/app/_ui/select-field";
import { TextField } from "@/app/_ui/text-field";
import type { UserFormState } from "@/app/admin/_console/user-form";
import { ROLE_WORDS } from "@/lib/roles";

type UserFieldsProps = { state: UserFormState; isNew: boolean };

const PLAIN = { autoComplete: "off", autoCapitalize: "none", spellCheck: false } as const;

const MARKED = "Nothing has been saved yet. See what is marked below.";

/** The fields that adding and editing share; a name to sign in by is chosen once. */
export function UserFields({ state: { typed, error, errors, attempt }, isNew }: UserFieldsProps) {
  const words = error ?? (Object.keys(errors).length > 0 ? MARKED : null);
  return (
    <>
      {words && (
        <Notice key={attempt} role="alert" tone="danger">
          {words}
        </Notice>
      )}
      {isNew && (
        <TextField
          {...PLAIN}
          label="User name"
          name="username"
          hint="To sign in by; no spaces and no @."
          defaultValue={typed.username}
          error={errors.username?.[0]}
          required
        />
      )}
      <TextField
        {...PLAIN}
        label="Email"
        name="email"
        inputMode="email"
        defaultValue={typed.email}
        error={errors.email?.[0]}
        required
      />
      <TextField
        label="Name"
        name="name"
        autoComplete="off"
        defaultValue={typed.name}
        error={errors.name?.[0]}
      />
      <SelectField
        key={typed.role}
        label="Role"
        name="role"
        defaultValue={typed.role}
        error={errors.role?.[0]}
      >
        {Object.entries(ROLE_WORDS).map(([role, { name, may }]) => (
          <option key={role} value={role}>
            {name}: {may.toLowerCase()}
          </option>
        ))}
      </SelectField>
    </>
  );
}
