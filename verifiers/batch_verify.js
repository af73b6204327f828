// Verifies many draws in one process: folder paths from stdin, one a line;
// prints `<path>\t<exit code>\t<failed check or ->` for each.
'use strict';

const { createInterface } = require('readline');
const { verifyPath } = require('./verify.js');

createInterface({ input: process.stdin, crlfDelay: Infinity }).on('line', (path) => {
  if (path === '') return;
  const { exitCode, failed } = verifyPath(path);
  process.stdout.write(`${path}\t${exitCode}\t${failed === null ? '-' : failed}\n`);
});
