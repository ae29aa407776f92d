import { Card } from "@/app/_ui/card";
import { CodeBlock } from "@/app/_ui/code-block";
import { Definition, DefinitionList } from "@/app/_ui/definition-list";

const GUARDED_PAGE = `import { requireSession } from "@/lib/request/guards";

export default async function Page() {
  const { user } = await requireSession();
  return <h1>Hello, {user.name}</h1>;
}`;

const FILES = [
  ["app/page.tsx", "This page. Put your own in its place."],
  ["app/dashboard/page.tsx", "Where signing in leads, and the pattern of a guarded page."],
  ["lib/brand.ts, app/brand.css", "Name, mark and colours. The rest of the look is app/_ui."],
  ["lib/session", "The core: how a session starts, is used and ends. Ten minutes to read."],
  ["lib/request", "What pages, actions and handlers call to ask who is there."],
];

export function FirstSteps() {
  return (
    <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-2">
      <Card title="Guard a page">
        <p className="mb-4 text-sm text-muted">
          Everything is guarded unless it is listed as public. Each page opens with its own guard,
          so that the row in the database has the last word:
        </p>
        <CodeBlock label="A guarded page">{GUARDED_PAGE}</CodeBlock>
      </Card>
      <Card title="Where to look next">
        <DefinitionList>
          {FILES.map(([file, about]) => (
            <Definition key={file} term={<code className="font-mono text-ink">{file}</code>}>
              <span className="text-sm">{about}</span>
            </Definition>
          ))}
        </DefinitionList>
      </Card>
    </div>
  );
}
