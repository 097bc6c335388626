// Makes dist/ anew: compiles, bundles the command, copies the files that the code reads, links the command into
// node_modules/.bin. The command is bundled because loading a few files instead of 200 saves a third of its start.
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
import { fileURLToPath, pathToFileURL } from 'node:url';

import { buildSync } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
/**
 * Beside its final place until it is whole, so that the command works while it is built, and after a failed build. As
 * deep as dist/, for the paths in source maps.
 */
const next = join(root, `.dist-${process.pid}`);
const stamp = 'made-of';

/**
 * Each folder with the files that the code reads. It names them as `new URL('../<folder>/…', import.meta.url)`, which
 * holds in every folder of the first level, and so in the bundle, too: that one stands in dist/cli.
 */
const ASSETS = {
  schema: /\.json$/,
  generator: /^python-thread\.js$/,
  templates: /(?<!\.ts)$/,
  pipeline: /^outputs\/.*\.proto$|^compiler\/(?!tests\/).*(?:\.py|requirements\.txt)$/,
};

const sources = fingerprint();
if (process.argv.includes('--if-stale') && read(join(dist, stamp)) === sources) linkCommands();
else await build();

async function build() {
  try {
    process.exitCode = compile();
    if (process.exitCode !== 0) return;
    bundleCommand();
    for (const [folder, pattern] of Object.entries(ASSETS)) copyAssets(folder, pattern);
    await compileTemplates();
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

/** Puts the command and what it always needs into few files; what a verb loads later stays apart. */
function bundleCommand() {
  const cli = join(next, 'cli');
  const { metafile } = buildSync({
    entryPoints: [join(cli, 'bin.js')],
    outdir: join(next, 'bundle'),
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    sourcemap: true,
    sourcesContent: false,
    // Large, and loaded by few verbs.
    external: [
      'minio',
      '@kubernetes/client-node',
      'handlebars',
      'octokit',
      '@octokit/*',
      'pino',
      'prom-client',
    ],
    // Some of the packages are CommonJS and ask for Node's modules with require.
    banner: {
      js: "import { createRequire as _kfops } from 'node:module'; const require = _kfops(import.meta.url);",
    },
    metafile: true,
    logLevel: 'warning',
  });
  rmSync(cli, { recursive: true });
  renameSync(join(next, 'bundle'), cli);
  writeFileSync(join(cli, 'LICENSES.txt'), licenses(Object.keys(metafile.inputs)));
}

/** Handlebars' compiler and its work cost each command 60 ms. */
async function compileTemplates() {
  const { compileAll } = await import(pathToFileURL(join(next, 'templates/compile.js')).href);
  writeFileSync(join(next, 'templates/compiled.cjs'), compileAll());
}

/** The licences of the packages in the bundle, which ask to go with every copy. */
function licenses(inputs) {
  const packages = new Set(
    inputs.flatMap((path) => /^.*node_modules\/(?!\.)(?:@[^/]+\/)?[^/]+/.exec(path) ?? []),
  );
  return [...packages]
    .sort()
    .map((folder) => {
      const file = readdirSync(join(root, folder)).find((name) => /^licen[cs]e/i.test(name));
      const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
      return `${name} ${version} (${license})\n\n${file ? readFileSync(join(root, folder, file), 'utf8') : ''}`;
    })
    .join('\n----\n\n');
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
        !/^(\.|node_modules$|dist$|out$|coverage$|test$|examples$|docs$|deploy$|scripts$)/.test(entry.name),
    )
    .map(({ name }) => name);
  const files = folders.flatMap((folder) => filesIn(join(root, folder)).map((path) => join(folder, path)));
  for (const path of [...ours, 'scripts/build.mjs', ...files].sort()) {
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
