// Compiles the contracts into the artifacts beside their sources:
//   npm install --prefix FOLDER solc@0.8.37 @openzeppelin/contracts@5.7.0
//   node bot/chain/contracts/compile.js FOLDER/node_modules          (writes the artifacts)
//   node bot/chain/contracts/compile.js FOLDER/node_modules --check  (only compares)
"use strict";
const fs = require("fs");
const path = require("path");
const crypto = require("crypto");

const modules = path.resolve(process.argv[2]);
const isCheck = process.argv[3] === "--check";
const solc = require(path.join(modules, "solc"));

const here = __dirname;
const tests = path.join(here, "..", "..", "..", "tests", "chain", "contracts");
const folders = [here, tests, modules];
const settings = { optimizer: { enabled: true, runs: 200 }, evmVersion: "paris",
                   outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } } };

function read(name) {
  const file = folders.map((one) => path.join(one, name)).find((one) => fs.existsSync(one));
  return fs.readFileSync(file, "utf8");
}

function compile(source, contracts, to, origin) {
  const used = {};
  const find = (name) => { used[name] = read(name); return { contents: used[name] }; };
  const input = { language: "Solidity", sources: { [source]: find(source) && { content: used[source] } }, settings };
  const out = JSON.parse(solc.compile(JSON.stringify(input), { import: find }));
  const errors = (out.errors || []).filter((one) => one.severity === "error");
  if (errors.length) throw new Error(errors.map((one) => one.formattedMessage).join("\n"));
  const digest = crypto.createHash("sha256");
  for (const name of Object.keys(used).sort()) digest.update(name + "\0" + used[name] + "\0");
  const made = {
    source, origin, compiler: "solc " + solc.version(),
    settings: { optimizer: settings.optimizer, evmVersion: settings.evmVersion },
    sources: Object.keys(used).sort(), sources_sha256: digest.digest("hex"), contracts: {},
  };
  for (const name of contracts) {
    const found = out.contracts[source][name];
    made.contracts[name] = { abi: found.abi, bytecode: "0x" + found.evm.bytecode.object };
  }
  const text = JSON.stringify(made, null, 1) + "\n";
  if (!isCheck) fs.writeFileSync(to, text);
  else if (fs.readFileSync(to, "utf8") !== text) { console.log(to + " differs"); process.exitCode = 1; }
}

const zeppelin = "@openzeppelin/contracts 5.7.0 (MIT)";
compile("@openzeppelin/contracts/governance/TimelockController.sol", ["TimelockController"],
        path.join(here, "TimelockController.json"), zeppelin);
compile("Coin.sol", ["Coin"], path.join(here, "Coin.json"), "this folder");
compile("Twisted.sol", ["FalseCoin", "FeeCoin", "LyingCoin", "MoodyCoin", "Wallet"],
        path.join(tests, "Twisted.json"), "this folder");
