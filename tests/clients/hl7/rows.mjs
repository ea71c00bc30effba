// node rows.mjs FOLDER: every OBX of every message in FOLDER (a file each) as @medplum/core reads it: one line of JSON a file, [file, [[code, value, unit, time], ...]], leaves as they were sent.
import fs from "node:fs";
import path from "node:path";
import { Hl7Message } from "@medplum/core";

const folder = process.argv[2];
for (const file of fs.readdirSync(folder).sort()) {
  const message = Hl7Message.parse(fs.readFileSync(path.join(folder, file), "latin1"));
  const rows = message.getAllSegments("OBX").map((row) => [
    row.getField(3)?.getComponent(1) ?? "",
    row.getField(5)?.toString() ?? "",
    row.getField(6)?.getComponent(1) ?? "",
    row.getField(14)?.toString() ?? "",
  ]);
  console.log(JSON.stringify([file, rows]));
}
