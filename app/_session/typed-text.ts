/** What was typed into a field. A file where text is meant counts as nothing typed. */
export function typedText(form: FormData, field: string): string {
  const value = form.get(field);
  return typeof value === "string" ? value : "";
}
