import type { Role, Status } from "@/lib/db/schema";
import type { Chance } from "./chance";

const FIRST =
  "Ada Alan Amina Anna Barbara Bruno Carla Chen Dana Diego Elif Emma Farid Fatima Grace Hana Hugo Ines Ivan Jana Jonas José Karim Kofi Lara Lena Luca Maja Marie Mei Milan Nadia Noah Nora Olga Omar Paul Priya Rosa Sara Sofia Tariq Tomás Uma Viktor Wei Yara Yusuf Zoë Zuzana".split(
    " ",
  );
const LAST =
  "Adeyemi Almeida Andersen Bauer Becker Berg Bianchi Brown Castro Chen Costa Diaz Dubois Eriksen Ferrari Fischer Garcia Haddad Hansen Hoffmann Ivanov Jensen Kaya Keller Khan Kim Klein Kowalski Larsen Lopez Martin Meyer Moreau Müller Nguyen Novak Okafor Patel Petrov Popescu Rossi Sato Schmidt Silva Singh Smith Suzuki Torres Wagner Wang Weber Yilmaz Young Zhang".split(
    " ",
  );

const ROLES = [
  ["member", 9960],
  ["staff", 36],
  ["admin", 4],
] as const;
const TWO_YEARS_MS = 730 * 86_400_000;

/** A row for the table of users; nobody can sign in with it, since its hash is none. */
export interface Person {
  readonly id: number;
  readonly username: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly status: Status;
  readonly createdAt: Date;
}

/** People with the ids from `firstId` on. */
export function people(firstId: number, count: number, chance: Chance, now: Date): Person[] {
  return Array.from({ length: count }, (_, index) => person(firstId + index, chance, now));
}

function person(id: number, chance: Chance, now: Date): Person {
  const first = FIRST[chance.below(FIRST.length)] ?? "Ada";
  const last = LAST[chance.below(LAST.length)] ?? "Berg";
  const username = `${plain(first)}.${plain(last)}.${id}`;
  return {
    id,
    username,
    email: `${username}@company${chance.below(40)}.example`,
    name: `${first} ${last}`,
    role: chance.weighted<Role>(ROLES, "member"),
    status: chance.next() < 0.02 ? "disabled" : "active",
    createdAt: new Date(now.getTime() - 41 * 86_400_000 - chance.below(TWO_YEARS_MS)),
  };
}

function plain(name: string): string {
  return name
    .normalize("NFD")
    .replace(/[^A-Za-z]/g, "")
    .toLowerCase();
}
