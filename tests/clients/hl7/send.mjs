// node send.mjs PEER HOST PORT [CA.pem]: sends to a box as the program of others does, then the same bytes one by one, then ten messages in one piece; the program's own parser reads every answer.
// Prints one line an answer: how, its code, its control id, its kind.
import fs from "node:fs";
import net from "node:net";
import tls from "node:tls";
import { peers } from "./peers.mjs";

const [name, host, port, authority] = process.argv.slice(2);
const ca = authority ? fs.readFileSync(authority) : undefined;
const peer = await peers[name]();
const began = Date.now();
let count = 0;

/** A message of one heart rate; each has a time of its own. */
function message(control, value) {
  const at = new Date(began + 1000 * count++).toISOString().replace(/[-:T]/g, "").replace(/\..*/, "+0000");
  return [
    `MSH|^~\\&|${name.toUpperCase()}|TEST|||${at}||ORU^R01^ORU_R01|${control}|P|2.6|||AL|NE||UNICODE UTF-8`,
    `OBR|1|a|b|182777000^monitoring of patient^SCT|||${at}`,
    `OBX|1|NM|147842^MDC_ECG_HEART_RATE^MDC|1.1.1.147842|${value}|264864^MDC_DIM_BEAT_PER_MIN^MDC|50-120||||R`,
    `NTE|1||é at every byte`,
    "",
  ].join("\r");
}

function say(how, answer) {
  console.log(`${how} ${answer.code} ${answer.control} ${answer.kind}`);
}

/** Sends pieces, each on its own, and gives so many answers as text. */
function exchange(pieces, answers) {
  return new Promise((resolve, reject) => {
    const socket = ca ? tls.connect({ host, port: Number(port), ca, servername: "localhost" }) : net.connect({ host, port: Number(port) });
    socket.setNoDelay(true);
    let heard = Buffer.alloc(0);
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("the box hung up")));
    socket.on("data", (bytes) => {
      heard = Buffer.concat([heard, bytes]);
      const parts = heard.toString("utf8").split("\x1c\r").slice(0, -1);
      if (parts.length === answers) {
        resolve(parts.map((part) => part.replace("\x0b", "")));
        socket.destroy();
      }
    });
    socket.once(ca ? "secureConnect" : "connect", async () => {
      for (const piece of pieces) {
        await new Promise((sent) => socket.write(piece, sent));
      }
    });
  });
}

const frame = (text) => Buffer.from(`\x0b${text}\x1c\r`, "utf8");
const answered = await peer.send(host, Number(port), message("client", 61), ca);
if (answered) {
  say("client", answered);
}

const whole = frame(message("bytes", 62));
const bytes = await exchange(Array.from(whole, (_, at) => whole.subarray(at, at + 1)), 1);
say("bytes", peer.parse(bytes[0]));
const ten = await exchange([Buffer.concat(Array.from({ length: 10 }, (_, i) => frame(message(`ten${i}`, 70 + i))))], 10);
ten.forEach((one) => say("ten", peer.parse(one)));
process.exit(0);
