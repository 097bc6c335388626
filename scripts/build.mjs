// Makes dist/ anew: compiles, copies what the code reads beside itself, links the command into node_modules/.bin.
// With --if-stale it does nothing where dist/ was made of exactly these files: npx prepares the package before it runs
// its command.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
/** Beside its final place until it is whole, so that the command works while it is built, and after a failed build. */
const next = join(root, 'node_modules/.cache', `kfops-dist-${process.pid}`);
const stamp = 'made-of';

/** Each folder with the files that the code reads with `new URL('./…', import.meta.url)`. */
const ASSETS = { schema: /\.json$/, templates: /(?<!\.ts)$/ };

const sources = fingerprint();
if (process.argv.includes('--if-stale') && read(join(dist, stamp)) === sources) linkCommands();
else build();

function build() {
  try {
    process.exitCode = compile();
    if (process.exitCode !== 0) return;
    for (const [folder, pattern] of Object.entries(ASSETS)) copyAssets(folder, pattern);
    writeFileSync(join(next, stamp), sources);
    rmSync(dist, { recursive: true, force: true });
    renameSync(next, dist);
    linkCommands();
  } finally {
    rmSync(next, { recursive: true, force: true });
  }
}

function compile() {
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  const args = [tsc, '-p', 'tsconfig.build.json', '--outDir', next];
  return spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
}

function copyAssets(folder, pattern) {
  for (const path of filesIn(join(root, folder))) {
    if (pattern.test(path)) cpSync(join(root, folder, path), join(next, folder, path));
  }
}

/** npm links the commands of dependencies only; with this, npm's scripts find the checkout's own. */
function linkCommands() {
  const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const folder = join(root, 'node_modules/.bin');
  mkdirSync(folder, { recursive: true });
  for (const [name, path] of Object.entries(bin)) {
    const command = join(root, path);
    chmodSync(command, 0o755);
    const link = join(folder, name);
    rmSync(link, { force: true });
    symlinkSync(relative(folder, command).split(sep).join('/'), link);
  }
}

/** Of the names, sizes and times of everything that dist/ is made of. */
function fingerprint() {
  const hash = createHash('sha256');
  const ours = readdirSync(root).filter((name) => /\.(ts|json)$/.test(name));
  const folders = readdirSync(root, { withFileTypes: true })
    .filter(
      (entry) =>
        entry.isDirectory() &&
        !/^(\.|node_modules$|dist$|out$|coverage$|test$|examples$|docs$)/.test(entry.name),
    )
    .map(({ name }) => name);
  const files = folders.flatMap((folder) => filesIn(join(root, folder)).map((path) => join(folder, path)));
  for (const path of [...ours, ...files].sort()) {
    const { size, mtimeMs } = statSync(join(root, path));
    hash.update(`${path}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function filesIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true }).filter((path) => statSync(join(folder, path)).isFile());
}

function read(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
