import { fileURLToPath } from 'node:url';

import { expect } from 'chai';

import { ExitCode } from '../../../cli/exit.js';
import { main } from '../../../cli/main.js';
import { contextProgress } from '../../../cli/output/progress.js';
import { reportError } from '../../../cli/report-error.js';
import type { Session } from '../../../cli/session.js';
import { ServiceError, WorkError } from '../../../schema/index.js';
import { quoteOutput } from '../../../schema/quote.js';
import { styleOf } from '../../../templates/style.js';
import { EXAMPLE_SETTINGS_FILE } from '../../support/example-settings.js';
import { type FakeIo, fakeIo } from './fake-io.js';

// eslint-disable-next-line no-control-regex -- colours begin with it
const COLOR = /\u001b\[\d+m/g;
const EXAMPLE = fileURLToPath(new URL('../../../examples/sklearn-iris', import.meta.url));

function sessionOf(io: FakeIo): Session {
  return { io, argv: [], style: styleOf(false), exitCode: ExitCode.Done };
}

describe('cli/main', () => {
  it('on a terminal has colours and keeps to its width', async () => {
    const io = fakeIo({ cwd: EXAMPLE, tty: true, columns: 60 });
    expect(await main(['plan', '--settings', EXAMPLE_SETTINGS_FILE], io)).to.equal(ExitCode.Done);
    expect(io.out()).to.include('\u001b[1mImages\u001b[22m');
    expect(io.err()).to.equal('');

    const lines = io.out().replaceAll(COLOR, '').split('\n');
    for (const line of lines.filter((text) => text.startsWith('  '))) {
      expect(Array.from(line).length).to.be.at.most(60);
    }
  });

  it('does not write an archive to a terminal', async () => {
    const io = fakeIo({ cwd: EXAMPLE, tty: true });
    expect(await main(['context', 'iris_train'], io)).to.equal(ExitCode.Usage);
    expect(io.out()).to.equal('');
    expect(io.err()).to.include('-o context.tar.gz');
  });

  it('an interrupt waits for outputs that clean up, and ends with the code of its signal', async () => {
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      const io = fakeIo({ cwd: EXAMPLE });
      let cleaned = false;
      io.pending.add(Promise.resolve().then(() => (cleaned = true)));
      io.interrupt(signal);
      expect(await main(['plan'], io)).to.equal(code);
      expect(cleaned).to.be.true;
      expect(io.err()).to.equal('Stopped.\n');
    }
  });

  it('an interrupt says that it waits for work that cannot be repeated', async () => {
    const io = fakeIo({ cwd: EXAMPLE });
    let stored: () => void = () => undefined;
    io.unrepeatable.add(new Promise<void>((resolve) => (stored = resolve)));
    io.interrupt('SIGINT');
    const ended = main(['plan'], io);
    while (!io.err().includes('Ctrl-C again stops at once')) await new Promise(setImmediate);
    expect(io.err()).not.to.include('Stopped.');
    stored();
    expect(await ended).to.equal(130);
    expect(io.err()).to.match(/Stopped\.\n$/);
  });

  describe('errors', () => {
    it('quote another program on lines of its own, so that its command can be copied', async () => {
      const io = fakeIo();
      const message = quoteOutput('git refuses /a', 'call:\n\n\tgit config --add safe.directory /a\n');
      await reportError(new WorkError(message, 'run that command'), sessionOf(io), false);
      expect(io.err().split('\n')).to.include('             git config --add safe.directory /a');
      expect(io.err())
        .to.match(/^error: Git refuses \/a:\n/)
        .and.include('→ Run that command.');
    });

    it('of the work: what, and what next', async () => {
      const io = fakeIo();
      expect(await reportError(new WorkError('it broke', 'Mend it.'), sessionOf(io), false)).to.equal(
        ExitCode.Failed,
      );
      expect(io.err()).to.equal('error: It broke.\n  → Mend it.\n');
    });

    it('of a service', async () => {
      const io = fakeIo();
      const error = new ServiceError('MinIO', 'store:9000', 'no answer \u001b[2J', 'Look whether it runs.');
      expect(await reportError(error, sessionOf(io), false)).to.equal(ExitCode.Unavailable);
      expect(io.err()).to.equal(
        'error: MinIO at store:9000: no answer \\x1b[2J.\n  → Look whether it runs.\n',
      );
    });

    it('of the operating system: the call, not a mistake of ours', async () => {
      const io = fakeIo();
      const error = Object.assign(new Error('EACCES: permission denied, mkdtemp'), {
        ...{ code: 'EACCES', errno: -13, syscall: 'mkdtemp', path: '/tmp/kfops-source-XXXXXX' },
      });
      expect(await reportError(error, sessionOf(io), false)).to.equal(ExitCode.Failed);
      expect(io.err()).to.equal(
        'error: The operating system refused mkdtemp /tmp/kfops-source-XXXXXX: permission denied.\n' +
          '  → Check that file, your permissions and the disk.\n',
      );
    });

    it('of ours: how to report it, and where it comes from only when asked', async () => {
      const [short, long] = [fakeIo(), fakeIo()];
      const error = new TypeError('x is not a function');
      expect(await reportError(error, sessionOf(short), false)).to.equal(ExitCode.Failed);
      expect(short.err()).to.include('unexpected: x is not a function').and.to.include('--debug');
      expect(short.err()).not.to.include('main.test');
      await reportError(error, sessionOf(long), true);
      expect(long.err()).to.include('main.test');
    });
  });

  describe('progress', () => {
    const event = { images: ['trainer', 'server'], objectKey: 'ctx/a.tar.gz', bytes: 0 } as const;

    it('on a terminal is one line that goes away', () => {
      const io = fakeIo({ tty: true, columns: 41 });
      const progress = contextProgress(sessionOf(io), 2);
      progress.observe({ ...event, state: 'packing', bytes: 2048 });
      progress.observe({ ...event, state: 'stored', bytes: 4096 });
      progress.end();
      expect(io.err().split('\r\u001b[K')).to.deep.equal([
        '',
        'Storing contexts 0/2  trainer and 1 oth…',
        '',
      ]);
      expect(io.err()).not.to.include('\n');
      expect(progress.totals()).to.deep.equal({ stored: 1, already: 0, bytes: 4096 });
    });

    it('elsewhere a line for each that was stored', () => {
      const io = fakeIo();
      const progress = contextProgress(sessionOf(io), 2);
      progress.observe({ ...event, state: 'packing', bytes: 2048 });
      progress.observe({ ...event, state: 'stored', bytes: 4096 });
      progress.observe({ ...event, objectKey: 'ctx/b.tar.gz', state: 'there already' });
      progress.end();
      expect(io.err()).to.equal('Stored the context of trainer and 1 other (4.0 KiB)\n');
      expect(progress.totals()).to.deep.equal({ stored: 1, already: 1, bytes: 4096 });
    });
  });
});
