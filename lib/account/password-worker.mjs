import { compare, hash } from "bcryptjs";

/**
 * The work of one hashing thread. Plain JavaScript, so that a thread can load it as it is.
 * @param {{ password: string, hash: string } | { password: string, cost: number }} task
 * @returns {Promise<boolean | string>} whether the hash fits, or a new hash
 */
export default function work(task) {
  return "hash" in task ? compare(task.password, task.hash) : hash(task.password, task.cost);
}
