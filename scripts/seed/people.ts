import type { Device } from "@/lib/device";
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

/** A row for the table of users, but for its password hash. */
export type Person = ReturnType<typeof person>;

/** People with the ids from `firstId` on. */
export function peopleFrom(firstId: number, count: number, chance: Chance, now: Date): Person[] {
  return Array.from({ length: count }, (_, index) => person(firstId + index, chance, now));
}

/** Somebody who is like a person in all but the id and what is made of it. */
export function withId(person: Person, id: number): Person {
  const [username, email] = [person.username, person.email].map((text) =>
    text.replace(`.${person.id}`, `.${id}`),
  );
  return { ...person, id, username: username ?? "", email: email ?? "" };
}

function person(id: number, chance: Chance, now: Date) {
  const first = FIRST[chance.below(FIRST.length)] ?? "Ada";
  const last = LAST[chance.below(LAST.length)] ?? "Berg";
  const username = `${plain(first)}.${plain(last)}.${id}`;
  return {
    id,
    username,
    email: `${username}@company${chance.below(40)}.example`,
    name: `${first} ${last}`,
    role: chance.weighted(ROLES, "member"),
    status: chance.next() < 0.02 ? ("disabled" as const) : ("active" as const),
    createdAt: new Date(now.getTime() - 41 * 86_400_000 - chance.below(TWO_YEARS_MS)),
  };
}

function plain(name: string): string {
  return name
    .normalize("NFD")
    .replace(/[^A-Za-z]/g, "")
    .toLowerCase();
}

const WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64";
const MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7";
const KIT = "AppleWebKit/537.36 (KHTML, like Gecko)";
const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15";

const BROWSERS = [
  [`${WINDOWS}) ${KIT} Chrome/VERSION.0.0.0 Safari/537.36`, 28],
  [`${WINDOWS}) ${KIT} Chrome/VERSION.0.0.0 Safari/537.36 Edg/VERSION.0.0.0`, 12],
  [`${WINDOWS}; rv:VERSION.0) Gecko/20100101 Firefox/VERSION.0`, 6],
  [`${MAC}) ${KIT} Chrome/VERSION.0.0.0 Safari/537.36`, 9],
  [`${MAC}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15`, 7],
  ["Mozilla/5.0 (X11; Linux x86_64; rv:VERSION.0) Gecko/20100101 Firefox/VERSION.0", 3],
  [`Mozilla/5.0 (Linux; Android 15; Pixel 9) ${KIT} Chrome/VERSION.0.0.0 Mobile Safari/537.36`, 15],
  [`Mozilla/5.0 (Linux; Android 14; SM-X710) ${KIT} Chrome/VERSION.0.0.0 Safari/537.36`, 2],
  [`${IPHONE} (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1`, 14],
  [`${IPHONE} (KHTML, like Gecko) CriOS/VERSION.0.0.0 Mobile/15E148 Safari/604.1`, 2],
  ["Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 Chrome/VERSION.0.0.0", 1],
  ["python-requests/2.32.5", 1],
] as const;
const NEWEST_VERSION = 148;
const OFFICES = 40;

/** What somebody signs in with: their own address, or one of the offices that many share. */
export function deviceOf(person: number, chance: Chance): Device {
  const agent = chance.weighted(BROWSERS, BROWSERS[0][0]);
  const version = NEWEST_VERSION - Math.floor(chance.next() ** 3 * 20);
  return {
    ipAddress: addressOf(person, chance),
    userAgent: agent.replaceAll("VERSION", String(version)),
  };
}

/** The address of those who try passwords: few, and busy. */
export function attackerAddress(chance: Chance): string {
  return `198.51.100.${Math.floor(chance.next() ** 3 * 200) + 1}`;
}

// From ranges that belong to nobody: documentation, benchmarks and private networks.
function addressOf(person: number, chance: Chance): string {
  const where = chance.next();
  if (where < 0.3) return `203.0.113.${(person % OFFICES) + 1}`;
  if (where < 0.4)
    return `2001:db8:${(person % 65_536).toString(16)}::${chance.below(9999).toString(16)}`;
  return `198.18.${(person >> 8) % 256}.${person % 256}`;
}
