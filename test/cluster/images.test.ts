import { execFile } from 'node:child_process';
import { cp, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect } from 'chai';

import { folderSource } from '../../sources/folder.js';
import { build, imagesGiven, logOf, testSettings, uniqueName } from './support/build.js';
import { loadPinned } from './support/compiled.js';
import { environment, need } from './support/environment.js';
import { folder, project, projectFiles, removeFolders } from './support/project.js';
import { configOf } from './support/registry.js';

const run = promisify(execFile);
const CHECKOUT = fileURLToPath(new URL('../../', import.meta.url));

/** Nothing here depends on what was built before, or on how snapshots are taken. */
const FAST = { cache: false, snapshot_mode: 'redo' };

after(removeFolders);

/** The files of this checkout that git knows, below `repository/` of a new folder. */
async function ownRepository(): Promise<string> {
  const root = await folder({});
  const { stdout } = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: CHECKOUT,
    maxBuffer: 2 ** 26,
  });
  for (const path of stdout.split('\0').filter(Boolean)) {
    const copy = join(root, 'repository', path);
    await mkdir(dirname(copy), { recursive: true });
    await cp(join(CHECKOUT, path), copy, { verbatimSymlinks: true });
  }
  return root;
}

describe('the project’s own Dockerfiles', () => {
  it('are built by Kaniko, and their images compile and pin a pipeline', async function () {
    const { pythonBase, nodeBase } = environment;
    need(this, pythonBase, 'base with Python’s packages (KFOPS_TEST_PYTHON_BASE)');
    need(this, nodeBase, 'base with Node’s packages (KFOPS_TEST_NODE_BASE)');
    this.timeout(1_200_000);
    const path = uniqueName('own');
    const root = await ownRepository();
    const files = projectFiles({
      path,
      images: [
        {
          name: 'compiler',
          dockerfile_folder_path: 'repository/pipeline/compiler',
          build_args: { BASE: pythonBase },
          ...FAST,
        },
        {
          name: 'kfops',
          dockerfile_folder_path: 'repository',
          dockerfile: 'deploy/Dockerfile',
          build_args: { BASE: nodeBase },
          ...FAST,
        },
      ],
    });
    await cp(await folder(files), root, { recursive: true });
    const made = await build(await folderSource(root));
    expect(made.result.phase, JSON.stringify(made.result)).to.equal('succeeded');
    const [compiler, own] = made.result.images.map(({ repository, digest }) => `${repository}@${digest!}`);
    for (const { repository, digest } of made.result.images) {
      const { config } = await configOf(repository, digest!);
      expect(config, repository).to.include({ User: '65532:65532' });
    }

    const settings = testSettings();
    settings.compiler.image = compiler!;
    settings.kfops.image = own!;
    const used = await build(await project({ path: 'none', images: [] }, {}), { settings });
    expect(used.result.phase, JSON.stringify(used.result)).to.equal('succeeded');
    expect(imagesGiven(await logOf(used.result.compile))).to.deep.equal({});
    expect((await loadPinned(this, used.workflow)).name).to.equal('test');
  });
});
