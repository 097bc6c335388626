// Makes dist/ anew: compiles, copies what the code reads beside itself, links the command into node_modules/.bin.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

/** Each folder with the files that the code reads with `new URL('./…', import.meta.url)`. */
const ASSETS = { schema: /\.json$/, templates: /(?<!\.ts)$/ };

rmSync(dist, { recursive: true, force: true });
const status = compile();
for (const [folder, pattern] of Object.entries(ASSETS)) copyAssets(folder, pattern);
linkCommand();
process.exitCode = status;

function compile() {
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], {
    cwd: root,
    stdio: 'inherit',
  });
  return status ?? 1;
}

function copyAssets(folder, pattern) {
  const from = join(root, folder);
  if (!existsSync(from)) return;
  for (const path of readdirSync(from, { recursive: true })) {
    const source = join(from, path);
    if (statSync(source).isFile() && pattern.test(path)) cpSync(source, join(dist, folder, path));
  }
}

/** npm links the commands of dependencies only; with this, `npx kfops` and npm's scripts find the checkout's own. */
function linkCommand() {
  const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const modules = join(root, 'node_modules');
  if (!existsSync(modules)) return;
  const folder = join(modules, '.bin');
  mkdirSync(folder, { recursive: true });
  for (const [name, path] of Object.entries(bin)) {
    const command = join(root, path);
    if (existsSync(command)) chmodSync(command, 0o755);
    const link = join(folder, name);
    rmSync(link, { force: true });
    symlinkSync(relative(folder, command).split(sep).join('/'), link);
  }
}
