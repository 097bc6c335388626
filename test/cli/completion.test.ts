import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { startKubernetes, type KubernetesStandIn } from '../fixtures/kubernetes.js';
import { skipWithout } from '../support/missing.js';
import { Terminal } from '../support/terminal.js';
import { BIN, kfops } from './kfops.js';
import { temporaryFolder, write, writeProject } from './project.js';

/** Calls the function of bash as readline does, and prints what it offers. */
const IN_BASH = `
source <(kfops completion bash)
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_kfops
printf '%s\\n' "\${COMPREPLY[@]}"
`;

/** The same for zsh, whose own functions only work while somebody types. */
const IN_ZSH = `
_describe() { print -rl -- "\${(@P)2}" }
_files() { print -r -- ":files $*" }
compset() { : }
source <(kfops completion zsh)
words=("$@") CURRENT=$#
_kfops
`;

/** Of bash and zsh, for root and for others. */
const PROMPT = /[#$%] /;

describe('kfops completion', () => {
  const cwd = temporaryFolder();
  const env = { PATH: `${join(cwd, 'bin')}:${process.env.PATH ?? ''}`, HOME: cwd, TERM: 'xterm' };

  before(() => {
    writeProject(join(cwd, 'project'), ['trainer', 'server']);
    write(cwd, {
      'bin/kfops': `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`,
      'project/a folder/settings file.yaml': '',
      'project/$(touch evaluated)': '',
      // Not what a configuration may hold, and nothing that a shell must see.
      'hostile/config_files/config.yaml':
        'image_builder: {images: [{name: "$(touch evaluated)"}, {name: "`touch evaluated`"}, {name: good}]}\n',
    });
    chmodSync(join(cwd, 'bin/kfops'), 0o755);
  });

  const run = (command: string[], folder = 'project'): string => {
    const [file = '', ...args] = command;
    return execFileSync(file, args, { cwd: join(cwd, folder), env, encoding: 'utf8' });
  };
  /** Something like the code above was run, if it's there. */
  const isEvaluated = (): boolean =>
    ['.', 'project', 'hostile'].some((folder) => existsSync(join(cwd, folder, 'evaluated')));
  const requireShell = (context: Mocha.Context, shell: string): void => {
    if (spawnSync(shell, ['--version']).error)
      skipWithout(context, shell, `install it (apt install ${shell})`, { isOptional: true });
  };

  it('refuses another shell', async () => {
    const { code, stderr } = await kfops(['completion', 'tcsh'], { cwd });
    expect(code).to.equal(2);
    expect(stderr).to.include('Allowed choices are bash, zsh, fish');
  });

  it('is in no help with the command that it calls', async () => {
    expect((await kfops(['--help'], { cwd })).stdout)
      .to.include('completion')
      .and.not.include('__complete');
  });

  describe('in bash', () => {
    const offers = (words: string[], folder?: string): string[] =>
      run(['bash', '--norc', '-c', IN_BASH, 'bash', 'kfops', ...words], folder)
        .split('\n')
        .filter(Boolean);

    const cases: readonly (readonly [words: string[], offers: string[]])[] = [
      [['buil'], ['build', 'build_run']],
      [['graph', '--format', '=', 't'], ['tree']],
      [
        ['graph', '--format', '='],
        ['tree', 'mermaid', 'dot'],
      ],
      [['logs', '@'], ['@latest']],
      [['logs', '@', 'latest', 'tr'], ['trainer']],
      [['plan', 'tr'], ['trainer']],
      [['plan', '--settings', 'a'], ['a folder']],
      [['plan', '--settings', '=', 'a'], ['a folder']],
      [
        ['plan', '$(touch evaluated)', ''],
        ['trainer', 'server'],
      ],
      [['plan', '`touch evaluated`'], []],
      [['plan', '"unclosed'], []],
    ];
    for (const [words, expected] of cases)
      it(`offers what fits: kfops ${words.join(' ')}`, () => {
        expect(offers(words)).to.deep.equal(expected);
        expect(isEvaluated()).to.equal(false);
      });

    it('offers no image whose name isn’t safe', () => {
      expect(offers(['context', ''], 'hostile')).to.deep.equal(['good']);
      expect(isEvaluated()).to.equal(false);
    });

    for (const [typed, completed] of [
      ['kfops logs @l\t extra', /kfops logs @latest {2}extra/],
      ['kfops plan --settings a\ts\t --json', /--settings a\\ folder\/settings\\ file\.yaml {2}--json/],
    ] as const)
      it(`completes at Tab: ${JSON.stringify(typed)}`, async () => {
        const terminal = new Terminal(['bash', '--norc', '--noprofile', '-i'], {
          cwd: join(cwd, 'project'),
          env,
        });
        await terminal.answers(PROMPT, 'source <(kfops completion bash)');
        await terminal.answers(PROMPT, `${typed}; exit 0`);
        await terminal.reads(completed);
        await terminal.ended;
      });
  });

  describe('in zsh', () => {
    before(function () {
      requireShell(this, 'zsh');
    });
    const offers = (...words: string[]): string[] =>
      run(['zsh', '-f', '-c', IN_ZSH, 'zsh', 'kfops', ...words])
        .split('\n')
        .filter(Boolean);

    it('offers words with descriptions, and files', () => {
      expect(offers('watc')).to.deep.equal([
        'watch:Follow a workflow to its end; the exit code tells how it ended.',
      ]);
      expect(offers('graph', '--format=t')).to.deep.equal(['--format=tree:']);
      expect(offers('plan', '--settings', '')).to.deep.equal([':files ']);
      expect(offers('generate', '--contexts', '')).to.deep.equal([':files -/']);
      expect(offers('plan', '$(touch evaluated)', 'tr')).to.deep.equal(['trainer:image']);
      expect(isEvaluated()).to.equal(false);
    });

    it('completes at Tab, from a file in fpath too', async () => {
      write(cwd, { 'functions/_kfops': run(['kfops', 'completion', 'zsh']) });
      for (const setup of [
        'autoload -Uz compinit; compinit -u -D; source <(kfops completion zsh)',
        `fpath=('${join(cwd, 'functions')}' $fpath); autoload -Uz compinit; compinit -u -D`,
      ]) {
        const terminal = new Terminal(['zsh', '-f', '-i'], { cwd: join(cwd, 'project'), env });
        await terminal.answers(PROMPT, `${setup}; PS1='set> '`);
        await terminal.answers(/set> /, 'kfops logs @l\t; exit 0');
        await terminal.reads(/@latest/);
        await terminal.ended;
      }
    });
  });

  describe('in fish', () => {
    before(function () {
      requireShell(this, 'fish');
    });
    const offers = (line: string): string[] =>
      run(['fish', '--no-config', '-c', 'kfops completion fish | source; complete -C $argv[1]', line])
        .split('\n')
        .filter(Boolean);

    it('offers words with descriptions, and files', () => {
      expect(offers('kfops watc')).to.deep.equal([
        'watch\tFollow a workflow to its end; the exit code tells how it ended.',
      ]);
      expect(offers('kfops graph --format=t')).to.deep.equal(['--format=tree']);
      expect(offers('kfops plan tr')).to.deep.equal(['trainer\timage']);
      expect(offers('kfops plan --settings a')).to.deep.equal(['a folder/']);
      expect(offers('kfops plan --settings=a')).to.deep.equal(['--settings=a folder/']);
      expect(offers("kfops plan '$(touch evaluated)' tr")).to.deep.equal(['trainer\timage']);
      expect(isEvaluated()).to.equal(false);
    });
  });

  describe('with a cluster', () => {
    let api: KubernetesStandIn;
    before(async () => {
      api = await startKubernetes();
      write(cwd, { kubeconfig: api.kubeconfig });
      const workflow = (name: string, repository: string): void => {
        const labels = { 'app.kubernetes.io/managed-by': 'kfops', 'kfops.dev/repository': repository };
        const annotations = { 'workflows.argoproj.io/title': 'me/iris: build\u001b[2J\n' };
        api.collection('workflows', 'builds').create({ metadata: { name, labels, annotations } });
      };
      workflow('kfops-iris-x7k2p', 'me.iris');
      workflow('kfops-other-x7k2p', 'you.other');
    });
    after(() => api.close());
    const complete = (...words: string[]): ReturnType<typeof kfops> =>
      kfops(['__complete', '', '--', ...words], {
        cwd: join(cwd, 'project'),
        env: { KUBECONFIG: join(cwd, 'kubeconfig') },
      });

    it('offers the workflows of the repository', async () => {
      let result = await complete('status', '-n', 'builds', 'kfops');
      // On a busy machine, its time may be over before the cluster was asked.
      for (let left = 20; left > 0 && result.stdout === ':\n'; left--)
        result = await complete('status', '-n', 'builds', 'kfops');
      const { code, stdout, stderr } = result;
      expect(stdout).to.equal('kfops-iris-x7k2p\tpending: me/iris: build\\x1b[2J \n:\n');
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    });

    it('offers none, in silence, if the cluster refuses or does not answer', async () => {
      for (const answer of ['hang', { status: 403 }] as const) {
        api.fault({ answer });
        const { code, stdout, stderr } = await complete('status', '-n', 'builds', '');
        expect(stdout).to.equal('@latest\tthe newest workflow of this repository\n:\n');
        expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
      }
    });
  });
});
