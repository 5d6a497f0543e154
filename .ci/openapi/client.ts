// A charged call, a refusal and a ledger, through types that come from the document alone: what compiles here is what a user can write.
import createClient from "openapi-fetch";
import type { operations, paths } from "./schema.js";

declare const process: { env: Record<string, string | undefined>; exit(code: number): never };
declare const console: { log(text: string): void; error(text: string): void };

const [baseUrl, key] = [process.env["GATEWAY"], process.env["KEY"]];
if (!baseUrl || !key) {
  console.error("GATEWAY and KEY say where to call, and as whom.");
  process.exit(2);
}

function check(isRight: boolean, what: string): void {
  if (!isRight) {
    console.error(`TypeScript client: ${what}`);
    process.exit(1);
  }
}

// The names that a generated client shows.
export type Query = operations["query"];
export type Usage = operations["listConduitLedger"];

const client = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${key}` } });

const before = await client.GET("/credits/balance");
const call = await client.POST("/api/v1/query", { body: { surface: "search" } });
check(call.error === undefined && call.data.ok && call.data.credits_charged > 0, "the call was not charged");
const charged: number = call.data!.credits_charged;
const id: string = call.data!.request_id;
const after = await client.GET("/credits/balance");
check(before.data!.data!.balance - after.data!.data!.balance === charged, "the balance did not fall by the charge");

const ledger = await client.GET("/api/billing/ledger", { params: { query: { entry_id: id, type: "USAGE_DEBIT" } } });
check(ledger.data!.entries.length === 1 && ledger.data!.entries[0]!.id === id, "the ledger does not have the call");

const refused = await client.POST("/api/v1/query", { body: { surface: "nowhere" } });
check(refused.error?.code === "unknown_surface" && refused.error.credits_charged === 0, "the refusal has no code");
console.log(`TypeScript client: charged ${charged}`);
