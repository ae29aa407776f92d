/** The environment for Next and for tools: which mode they run in is their own choice. */
export function childEnvironment(): NodeJS.ProcessEnv {
  const environment = { ...process.env, NEXT_TELEMETRY_DISABLED: "1" };
  Reflect.deleteProperty(environment, "NODE_ENV");
  return environment;
}
