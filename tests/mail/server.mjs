// A real mail server for the stories: STARTTLS or nothing, and troubles by the recipient's name.
//
// `node server.mjs KEY CERTIFICATE` prints its port, then one JSON line for everything that happens: a connection, a
// recipient, a message. Recipients called `later…` are put off once with 450, `never…` are refused with 550, and for
// `gone…` the connection breaks between the end of the first message and the answer. `--slow` keeps every message
// waiting for a second, `--no-tls` offers no encryption at all.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

// The pin stands with those of the other test tools.
const { SMTPServer } = createRequire(new URL("../browser/package.json", import.meta.url))("smtp-server");

const [key, certificate, ...options] = process.argv.slice(2);
const tell = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);
const put_off = new Set();
const broken = new Set();
const refusal = (responseCode, words) => Object.assign(new Error(words), { responseCode });

const server = new SMTPServer({
  key: readFileSync(key),
  cert: readFileSync(certificate),
  authOptional: true,
  disabledCommands: options.includes("--no-tls") ? ["AUTH", "STARTTLS"] : ["AUTH"],
  logger: false,
  onConnect(session, answer) {
    tell({ what: "connection" });
    answer();
  },
  onMailFrom(address, session, answer) {
    tell({ what: "sender", address: address.address, secure: session.secure });
    answer(session.secure ? null : refusal(530, "Must issue a STARTTLS command first"));
  },
  onRcptTo(address, session, answer) {
    const to = address.address;
    tell({ what: "recipient", address: to, secure: session.secure });
    if (to.startsWith("never")) return answer(refusal(550, `5.1.1 <${to}>: no such box`));
    if (to.startsWith("later") && !put_off.has(to)) {
      put_off.add(to);
      return answer(refusal(450, `4.2.0 <${to}>: greylisted, come again`));
    }
    return answer();
  },
  onData(stream, session, answer) {
    const parts = [];
    stream.on("data", (part) => parts.push(part));
    stream.on("end", () => {
      const to = session.envelope.rcptTo.map((recipient) => recipient.address);
      tell({ what: "message", to, secure: session.secure, text: Buffer.concat(parts).toString("utf8") });
      const gone = to.find((address) => address.startsWith("gone") && !broken.has(address));
      if (gone) {
        broken.add(gone);
        for (const connection of server.connections) {
          if (connection.id === session.id) connection._socket.destroy();
        }
        return;
      }
      setTimeout(() => answer(null, "queued as 4F1"), options.includes("--slow") ? 1_000 : 0);
    });
  },
});
server.on("error", (error) => tell({ what: "error", words: error.message }));
server.listen(0, "127.0.0.1", () => tell({ what: "listening", port: server.server.address().port }));
