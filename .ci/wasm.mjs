// Runs the `main` of a program for wasm32-unknown-unknown, which has nothing to import: node .ci/wasm.mjs FILE
import { readFileSync } from 'node:fs';

const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]), {});
process.exitCode = instance.exports.main(0, 0);
