// This file is snapshot.js under the clock: votes on standard input, milliseconds on output.
const found = require("@snapshot-labs/snapshot.js");
const snapshot = found.default ?? found;
const asked = JSON.parse(require("fs").readFileSync(0, "utf8"));
const Voting = snapshot.utils.voting[asked.kind];
const votes = asked.votes.map((options) => {
  const choice = options.map((i) => i + 1);
  return { choice: asked.kind === "single-choice" ? choice[0] : choice, balance: 1, scores: [1] };
});
const times = [];
for (let run = 0; run < 4; run++) {
  const started = performance.now();
  new Voting({ choices: asked.options }, votes, [{ name: "ticket" }], null).getScores();
  times.push(performance.now() - started);
}
times.sort((a, b) => a - b);
console.log(JSON.stringify([times[1], times[0]]));
process.exit(0);
