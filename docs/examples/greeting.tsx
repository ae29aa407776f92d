import { currentUser } from "@/lib/request/current";

export async function Greeting() {
  const user = await currentUser();
  return <p>{user ? `Hello ${user.name}` : "Hello"}</p>;
}
