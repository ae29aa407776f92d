import type { ReactNode } from "react";
import { Card } from "@/app/_ui/card";
import { wholeNumber } from "@/app/_ui/stat";
import { databaseHealth } from "@/lib/db/health";
import { relativeTime } from "@/lib/time-words";

const MEBIBYTE = 1024 * 1024;

/** How the database and this process are. */
export async function Health() {
  const database = await databaseHealth();
  return (
    <div className="grid grid-cols-1 gap-6 md:grid-cols-2">
      <Card title="Database">
        <dl className="-my-2 divide-y divide-line text-sm">
          <Fact term="Answers in">{database.roundTripMs.toFixed(1)} ms</Fact>
          <Fact term="Server">{database.version}</Fact>
          <Fact term="Started">{since(database.uptimeSeconds)}</Fact>
          <Fact term="Connections">{wholeNumber(database.connections)}</Fact>
          <Fact term="Size">{mebibytes(database.bytes)}</Fact>
        </dl>
      </Card>
      <Card title="This process">
        <dl className="-my-2 divide-y divide-line text-sm">
          <Fact term="Started">{since(process.uptime())}</Fact>
          <Fact term="Memory">{mebibytes(process.memoryUsage.rss())}</Fact>
          <Fact term="Processor time">{wholeNumber(processorSeconds())} s</Fact>
          <Fact term="Node.js">{process.version}</Fact>
          <Fact term="Process id">{process.pid}</Fact>
        </dl>
      </Card>
    </div>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className="flex justify-between gap-4 py-2">
      <dt className="text-muted">{term}</dt>
      <dd className="text-right wrap-anywhere tabular-nums">{children}</dd>
    </div>
  );
}

function since(seconds: number): string {
  const now = new Date();
  return relativeTime(new Date(now.getTime() - seconds * 1000), now);
}

function mebibytes(bytes: number): string {
  return `${wholeNumber(Math.round(bytes / MEBIBYTE))} MiB`;
}

function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return Math.round((user + system) / 1_000_000);
}
