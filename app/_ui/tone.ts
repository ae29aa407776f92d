export type Tone = "neutral" | "info" | "success" | "warning" | "danger";

/** Border, ground and text of a tone; each pair holds AA in both schemes. */
export const TONE_CLASS: Record<Tone, string> = {
  neutral: "border-line bg-sunken text-ink",
  info: "border-info-line bg-info-soft text-info",
  success: "border-success-line bg-success-soft text-success",
  warning: "border-warning-line bg-warning-soft text-warning",
  danger: "border-danger-line bg-danger-soft text-danger",
};
