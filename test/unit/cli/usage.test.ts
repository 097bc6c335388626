import { fileURLToPath } from 'node:url';

import { expect } from 'chai';

import { ExitCode } from '../../../cli/exit.js';
import { main } from '../../../cli/main.js';
import { fakeIo } from './fake-io.js';

const EXAMPLE = fileURLToPath(new URL('../../../examples/sklearn-iris', import.meta.url));

const VERBS = [
  ...['init', 'validate', 'plan', 'generate', 'context', 'graph'],
  ...['build', 'build_run', 'run', 'status', 'watch', 'logs', 'cancel', 'retry', 'doctor', 'gc'],
];

describe('cli usage', () => {
  const wrong: readonly (readonly [args: readonly string[], says: string])[] = [
    [['genrate'], 'Did you mean generate?'],
    [['plan', '--jsno'], 'Did you mean --json?'],
    [['build', '-wait'], "unknown option '-wait'\n(Did you mean --wait?)\nSee kfops build --help."],
    [['status', '-jsno'], '(Did you mean --json?)'],
    [['status', '-xyz'], "unknown option '-xyz'\nSee kfops status --help."],
    [['plan', 'iris_trian'], 'Did you mean `iris_train`? There are: iris_train'],
    [['generate', '--no-reuse'], "unknown option '--no-reuse'\n(It is the default here.)"],
    [['plan', '--reuse'], "unknown option '--reuse'\n(It is the default here.)"],
    [['build', '--cache'], "unknown option '--cache'\n(It is the default here.)"],
    [['build', '--kubeflow-url=https://x'], '(kfc of 2022 had it. Set `kfp` in a settings file'],
    [
      ['build_run', '-w'],
      "unknown option '-w'\n(kfc of 2022 had it. Use --wait.)\nSee kfops build_run --help.",
    ],
    [['run', '--wait-until-complete'], '(kfc of 2022 had it. Use --wait.)'],
    [['run', '-o', 'x.yaml'], "unknown option '-o'\n(kfc of 2022 had it. Use --config-override.)"],
    [['status', '-w'], "unknown option '-w'\nSee kfops status --help."],
    [['plan', '--set', 'epochs=1', 'image_builder.nope=2'], '--set image_builder.nope=2'],
    [['validate', '.', 'too-many'], 'too many arguments'],
    [['graph', 'nowhere'], 'There is no folder `nowhere`'],
    [['plan', './nowhere'], 'There is no folder `./nowhere`'],
    [['plan', 'iris_trian'], 'The configuration has no image `iris_trian`'],
    [['plan', 'iris_trian'], 'Did you mean `iris_train`?'],
    [['plan', 'iris_train', 'a', 'b'], 'The configuration has no image `b`'],
    [['build', '.', 'nowhere'], 'The configuration has no image `nowhere`'],
    [
      ['build_run', 'iris_train', ''],
      "command-argument value '' is invalid for argument 'IMAGE'. It is empty.",
    ],
    [['plan', 'pipeline/pipeline.py'], '`pipeline/pipeline.py` is not a folder'],
    [['plan', 'pipeline/pipeline.py/x'], '`pipeline/pipeline.py/x` is not a folder'],
    [['init', 'pipeline/pipeline.py'], '`pipeline/pipeline.py` is not a folder'],
    [['init', 'pipeline/pipeline.py/x'], '`pipeline/pipeline.py/x` is not a folder'],
    [['plan', '--settings', 'nope.yaml'], '`nope.yaml` does not exist'],
    [['plan', '--config', 'pipeline'], '`pipeline` is a folder'],
    [['plan', '--commit', 'HEAD', '--include-ignored'], 'cannot be used with'],
    [['plan', '--set', 'image_builder'], '--set needs a key and a value'],
    [['generate', '--contexts', 'x', '--upload'], 'cannot be used with'],
    [['generate', '-n', 'Not_A_Label'], 'lower-case letters'],
    [['generate', '--tag', '.v1'], 'A tag has'],
    [['generate', '-o'], 'argument missing'],
    ...['--contexts', '-o', '--config', '--settings', '-n', '--tag', '--commit', '--config-override'].map(
      (option) => [['generate', option, ''], `${option}${option.length === 2 ? ', --' : ' <'}`] as const,
    ),
    [['generate', '--contexts='], "option '--contexts <DIR>' argument '' is invalid. It is empty."],
    [['compile-pipeline', '--images', ''], "option '--images <FILE>' argument '' is invalid. It is empty."],
    [['validate', ''], "command-argument value '' is invalid for argument 'DIR'. It is empty."],
    [['init', ''], "command-argument value '' is invalid for argument 'DIR'. It is empty."],
    [['context', ''], "command-argument value '' is invalid for argument 'IMAGE'. It is empty."],
    [['graph', '--format', 'png'], 'Allowed choices are tree, mermaid, dot'],
    [['context'], "missing required argument 'IMAGE'"],
    [['context', 'iris_trian'], 'Did you mean `iris_train`?'],
  ];
  for (const [args, says] of wrong) {
    it(`kfops ${args.join(' ')}`, async () => {
      const io = fakeIo({ cwd: EXAMPLE });
      expect(await main(args, io)).to.equal(ExitCode.Usage);
      expect(io.err()).to.include(says);
      expect(io.err()).not.to.match(/\n\s+at /);
      expect(io.out()).to.equal('');
    });
  }

  it('KFOPS_SETTINGS that is empty counts as not set', async () => {
    const before = process.env.KFOPS_SETTINGS;
    process.env.KFOPS_SETTINGS = '';
    try {
      expect(await main(['validate'], fakeIo({ cwd: EXAMPLE }))).to.equal(ExitCode.Done);
    } finally {
      if (before === undefined) delete process.env.KFOPS_SETTINGS;
      else process.env.KFOPS_SETTINGS = before;
    }
  });

  it('without a verb shows the help, as an error', async () => {
    const io = fakeIo();
    expect(await main([], io)).to.equal(ExitCode.Usage);
    expect(io.err()).to.include('Usage: kfops');
    expect(io.out()).to.equal('');
  });

  for (const verb of VERBS) {
    it(`${verb} --help has examples and exit codes, in 60 columns too`, async () => {
      const io = fakeIo({ columns: 60 });
      expect(await main([verb, '--help'], io)).to.equal(ExitCode.Done);
      expect(io.out()).to.include(`Usage: kfops ${verb}`);
      const [described = ''] = io.out().split('\nExamples:');
      expect(described.split('\n').filter((line) => line.length > 60)).to.deep.equal([]);
      expect(io.out()).to.include('Examples:\n  kfops ').and.to.include('Exit codes:\n  0  done');
      expect(io.err()).to.equal('');
    });
  }
});
