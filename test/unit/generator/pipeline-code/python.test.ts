import { execFile, spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect } from 'chai';

import { INSTALLED_MODULES } from '../../../../generator/pipeline-code/installed-modules.js';
import { KFP1_NAMES } from '../../../../generator/pipeline-code/kfp1-names.js';
import { kfp1Uses } from '../../../../generator/pipeline-code/kfp1.js';
import { readModule } from '../../../../generator/pipeline-code/python-module.js';
import { findSyntaxProblem } from '../../../../generator/python-syntax.js';
import { pythonOrSkip } from '../../../fixtures/python.js';
import { check } from './check.js';

const run = promisify(execFile);
const MAX_BUFFER = 2 ** 28;
const SCRIPT = fileURLToPath(new URL('../../../../pipeline/compiler/compile_pipeline.py', import.meta.url));
const CASES = fileURLToPath(new URL('../../../cases/', import.meta.url));
const CORPUS = fileURLToPath(new URL('corpus.py', import.meta.url));

interface Sample {
  readonly name: string;
  readonly text: string;
  /** Whether Python takes it. */
  readonly valid: boolean;
}

const COMPONENT = 'from kfp import dsl\n@dsl.component\ndef c(): print(1)\n';
const PIPELINE = `${COMPONENT}@dsl.pipeline\ndef a(): c()\n`;

/** Repositories that the compile step takes, each with p/pipeline.py. */
const COMPILED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'a pipeline': { 'p/pipeline.py': PIPELINE },
  'a pipeline that code makes': { 'p/pipeline.py': `${COMPONENT}def f(): c()\na = dsl.pipeline(f)\n` },
  'a pipeline of a function': {
    'p/pipeline.py': `${COMPONENT}def make():\n    @dsl.pipeline\n    def a(): c()\n    return a\nb = make()\n`,
  },
  'a pipeline of another module': { 'p/pipeline.py': 'from steps import a\n', 'p/steps.py': PIPELINE },
  'a pipeline of a package': {
    'p/pipeline.py': 'from lib import steps\na = steps.a\n',
    'lib/__init__.py': '',
    'lib/steps.py': PIPELINE,
  },
  'a second pipeline that is removed': { 'p/pipeline.py': `${PIPELINE}@dsl.pipeline\ndef b(): c()\ndel b\n` },
  'KFP 1 in a try, a branch, a component, and a function that nobody calls': {
    'p/pipeline.py': `import kfp
try:
    from kfp.dsl import ContainerOp
except ImportError: pass
if kfp.__version__ < "2": from kfp import onprem
${PIPELINE}def f(): return dsl.ContainerOp()
@dsl.component
def d():
    import kfp.gcp
`,
  },
  'KFP 1 that the code adds to kfp': {
    'p/pipeline.py': `import compat\n${PIPELINE}x = dsl.ContainerOp\n`,
    'p/compat.py': 'from kfp import dsl\ndsl.ContainerOp = print\n',
  },
  'a broken module that is not imported': { 'p/pipeline.py': PIPELINE, 'p/other.py': 'x = = 1\n' },
  'a broken module with the name of an installed one': {
    'p/pipeline.py': `import yaml\n${PIPELINE}`,
    'p/yaml.py': 'x = = 1\n',
  },
  'a file in another encoding': {
    'p/pipeline.py': `# -*- coding: utf-8 -*-\r\n${PIPELINE.replaceAll('\n', '\r\n')}`,
  },
};

describe('the reader of Python, held against Python', function () {
  this.timeout(300_000);
  let python = '';
  before(function () {
    python = pythonOrSkip(this);
  });
  const samples = async (...args: string[]): Promise<Sample[]> => {
    const { stdout } = await run(python, [CORPUS, ...args], { maxBuffer: MAX_BUFFER });
    return JSON.parse(stdout) as Sample[];
  };

  it('refuses nothing that Python takes: its own library, kfp, and files of both changed at random', async () => {
    for (const { name, text, valid } of await samples('1', '300', '300')) {
      if (valid) expect(await findSyntaxProblem(text), name).to.equal(undefined);
    }
  });

  it('misses at most one in a hundred of the changed files that Python refuses', async () => {
    const broken = (await samples('2', '0', '400')).filter(({ valid }) => !valid);
    expect(broken.length).to.be.greaterThan(150);
    let missed = 0;
    for (const { text } of broken) if (!(await findSyntaxProblem(text))) missed++;
    expect(missed).to.be.at.most(broken.length / 100);
  });

  it('finds no Kubeflow Pipelines 1 in Python’s library and in kfp 2', async () => {
    let read = 0;
    const all = await samples('3', '300', '0');
    for (const { name, text } of all.filter(({ valid }) => valid)) {
      const module = readModule(text);
      if (!module) continue;
      read++;
      expect(kfp1Uses(module, false), name).to.deep.equal([]);
    }
    expect(read).to.be.greaterThan(all.length * 0.9);
  });

  it('calls nothing Kubeflow Pipelines 1 that kfp 2 has', async () => {
    const names = [...KFP1_NAMES.keys()].filter((name) => name.startsWith('kfp.'));
    const code = `
import importlib, json, sys, warnings
warnings.simplefilter('ignore')
def has(name):
    module, _, last = name.rpartition('.')
    try:
        if hasattr(importlib.import_module(module), last): return True
        importlib.import_module(name)
        return True
    except ImportError:
        return False
print(json.dumps([name for name in json.loads(sys.argv[1]) if has(name)]))
`;
    const { stdout } = await run(python, ['-c', code, JSON.stringify(names)]);
    expect(JSON.parse(stdout)).to.deep.equal([]);
  });

  it('knows what a Python with kfp has loaded', async () => {
    const code = `
import json, sys
from kfp import compiler, dsl
names = {name.split('.')[0] for name in sys.modules} | set(getattr(sys, 'stdlib_module_names', ()))
print(json.dumps(sorted(name for name in names if not name.startswith('_') and name != 'cython_runtime')))
`;
    const { stdout } = await run(python, ['-c', code]);
    const unknown = (JSON.parse(stdout) as string[]).filter((name) => !INSTALLED_MODULES.has(name));
    expect(unknown).to.deep.equal([]);
  });

  for (const name of [
    'pipeline-kfp1',
    'pipeline-missing',
    'pipeline-name',
    'pipeline-several',
    'pipeline-syntax',
    'pipeline-syntax-imported',
  ]) {
    it(`refuses what the compile step refuses: ${name}`, async () => {
      const work = await mkdtemp(join(tmpdir(), 'kfops-code-'));
      try {
        await cp(join(CASES, name, 'input'), join(work, 'root'), { recursive: true });
        const args = [
          `--root=${join(work, 'root')}`,
          '--file=pipeline/pipeline.py',
          `--output=${join(work, 'o')}`,
        ];
        const chosen = name === 'pipeline-name' ? ['--function=trainning'] : [];
        const { status } = spawnSync(python, [SCRIPT, ...args, `--error=${join(work, 'e')}`, ...chosen]);
        expect(status).to.equal(2);
      } finally {
        await rm(work, { recursive: true });
      }
    });
  }

  for (const [what, files] of Object.entries(COMPILED)) {
    it(`takes what the compile step takes: ${what}`, async () => {
      const work = await mkdtemp(join(tmpdir(), 'kfops-code-'));
      try {
        for (const [path, text] of Object.entries(files)) {
          await mkdir(dirname(join(work, 'root', path)), { recursive: true });
          await writeFile(join(work, 'root', path), text);
        }
        const args = [`--root=${join(work, 'root')}`, '--file=p/pipeline.py', `--output=${join(work, 'o')}`];
        const { status, stderr } = spawnSync(python, [SCRIPT, ...args, `--error=${join(work, 'e')}`], {
          encoding: 'utf8',
        });
        expect(status, stderr).to.equal(0);
        const found = await check(files);
        expect(found.filter(({ severity }) => severity === 'error')).to.deep.equal([]);
      } finally {
        await rm(work, { recursive: true });
      }
    });
  }
});
