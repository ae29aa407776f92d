import { countOutdatedHashes } from "@/lib/users/find";
import { findByIdentifier, listUsers } from "@/lib/users/users";
import { type Check, fault, unless, well } from "./check";

const MANAGE = "npm run manage --";

export const PEOPLE_CHECKS: readonly Check[] = [
  {
    id: "demo-administrator",
    title: "the demo administrator is gone",
    run: async () => {
      const demo = await findByIdentifier("admin");
      return unless(
        demo?.user.email !== "admin@localhost" || demo.user.status === "disabled",
        "gone",
        "the account admin of the first start is still there",
        `make one of your own, then: ${MANAGE} users erase admin --yes`,
      );
    },
  },
  {
    id: "administrator",
    title: "there is an active administrator",
    run: async () => {
      const { length } = await listUsers({ role: "admin", status: "active" });
      return unless(
        length > 0,
        String(length),
        "nobody can administer",
        `${MANAGE} users create --username <name> --email <address> --role admin --generate-password`,
      );
    },
  },
  {
    id: "hashes",
    title: "staff's passwords are hashed as is due today",
    run: async () => {
      const outdated = await countOutdatedHashes();
      const staff = (outdated.get("staff") ?? 0) + (outdated.get("admin") ?? 0);
      const members = outdated.get("member") ?? 0;
      return staff > 0
        ? fault(
            `${staff} of staff have an outdated hash`,
            `let them sign in once, or: ${MANAGE} users set-password <user> --password-stdin`,
          )
        : well(`${members} of members are made anew when they sign in`);
    },
  },
];
