// node serve.mjs PEER: the program of others serves on a port of this machine. Prints "ready PORT", then "heard CONTROL" for each message.
import { peers } from "./peers.mjs";

const peer = await peers[process.argv[2]]();
const port = await peer.serve((control) => console.log(`heard ${control}`));
console.log(`ready ${port}`);
process.stdin.on("end", () => process.exit(0)).resume();
