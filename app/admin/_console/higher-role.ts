/** Said where somebody's sessions cannot be ended by who looks at them. */
export const HIGHER_ROLE = "They have a higher role than you, so you cannot end their sessions.";
