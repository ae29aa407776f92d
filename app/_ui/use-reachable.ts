import { useHydrated } from "@/app/_ui/use-hydrated";

type Action<State> = (previous: State, form: FormData) => Promise<State>;

/**
 * An action that gives `lost` where the server could not be reached: the page stays, and says so.
 * Until scripts run it is the action itself, which a form can send without them.
 */
export function useReachable<State>(action: Action<State>, lost: State): Action<State> {
  if (!useHydrated()) return action;
  return async (previous, form) => {
    try {
      return await action(previous, form);
    } catch (error) {
      // What a failed fetch throws; a redirect is thrown as well, and goes on.
      if (error instanceof TypeError) return lost;
      throw error;
    }
  };
}
