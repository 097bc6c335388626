import { spawn, execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { expect } from 'chai';

import { ExitCode } from '../../../cli/exit.js';
import { main } from '../../../cli/main.js';
import { writeOutput } from '../../../cli/output/file.js';
import { ConfigError } from '../../../schema/diagnostic.js';
import { WorkError } from '../../../schema/errors.js';
import { fakeIo } from './fake-io.js';

describe('cli/output/file', () => {
  let cwd: string;
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), 'kfops-file-'));
  });
  afterEach(() => {
    rmSync(cwd, { recursive: true, force: true });
  });
  const at = (name: string): string => join(cwd, name);
  const failure = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => undefined,
      (error: unknown) => error,
    );

  it('replaces a regular file, and keeps its permissions', async () => {
    writeFileSync(at('out'), 'old');
    chmodSync(at('out'), 0o662);
    const { ino } = statSync(at('out'));
    await writeOutput(fakeIo({ cwd }), 'out', 'new');
    expect(readFileSync(at('out'), 'utf8')).to.equal('new');
    expect(statSync(at('out')).mode & 0o777).to.equal(0o662);
    expect(statSync(at('out')).ino).not.to.equal(ino);
    expect(readdirSync(cwd)).to.deep.equal(['out']);
  });

  it('makes missing folders', async () => {
    await writeOutput(fakeIo({ cwd }), 'a/b/out', 'new');
    expect(readFileSync(at('a/b/out'), 'utf8')).to.equal('new');
  });

  it('follows symbolic links, through folders and to what is not there yet', async () => {
    mkdirSync(at('real/deep'), { recursive: true });
    symlinkSync('real/deep', at('folder'));
    symlinkSync('folder/../there', at('link'));
    symlinkSync('link', at('second'));
    for (const content of ['first', 'again']) {
      await writeOutput(fakeIo({ cwd }), 'second', content);
      expect(lstatSync(at('second')).isSymbolicLink()).to.be.true;
      expect(lstatSync(at('link')).isSymbolicLink()).to.be.true;
      expect(readFileSync(at('real/there'), 'utf8')).to.equal(content);
    }
    expect(readdirSync(at('real')).sort()).to.deep.equal(['deep', 'there']);
  });

  it('writes into a FIFO, also behind a link, as soon as it is read', async () => {
    execFileSync('mkfifo', ['--', at('fifo')]);
    symlinkSync('fifo', at('link'));
    const content = 'x'.repeat(300_000);
    for (const name of ['fifo', 'link']) {
      const work = writeOutput(fakeIo({ cwd }), name, content);
      const reader = spawn('cat', ['--', at('fifo')], { stdio: ['ignore', 'pipe', 'inherit'] });
      const [read] = await Promise.all([text(reader.stdout), work]);
      expect(read === content).to.be.true;
    }
    expect(lstatSync(at('fifo')).isFIFO()).to.be.true;
    expect(readdirSync(cwd).sort()).to.deep.equal(['fifo', 'link']);
  });

  it('stops waiting for the reader of a FIFO with Ctrl-C', async () => {
    execFileSync('mkfifo', ['--', at('fifo')]);
    const io = fakeIo({ cwd });
    const work = failure(writeOutput(io, 'fifo', 'x'));
    io.interrupt('SIGINT');
    expect(await work).to.be.instanceOf(Error);
    expect(io.pending.size).to.equal(0);
  });

  it('writes to stdout and stderr by the links that lead there, not by the path behind them', async function () {
    if (process.platform !== 'linux') this.skip();
    symlinkSync('/proc/self/fd/1', at('stdout'));
    symlinkSync('/proc/self/fd/2', at('stderr'));
    const io = fakeIo({ cwd });
    await writeOutput(io, 'stdout', 'data');
    await writeOutput(io, 'stderr', 'text');
    expect([io.out(), io.err()]).to.deep.equal(['data', 'text']);
    expect(io.stdout.writableEnded).to.be.false;
  });

  it('adds to a file that is open at a descriptor', async function () {
    if (process.platform !== 'linux') this.skip();
    const fd = openSync(at('log'), 'a');
    try {
      writeFileSync(fd, 'before\n');
      symlinkSync(`/proc/self/fd/${fd}`, at('link'));
      await writeOutput(fakeIo({ cwd }), 'link', 'after\n');
    } finally {
      closeSync(fd);
    }
    expect(readFileSync(at('log'), 'utf8')).to.equal('before\nafter\n');
    expect(lstatSync(at('link')).isSymbolicLink()).to.be.true;
  });

  it('tells of links in a circle', async () => {
    symlinkSync('b', at('a'));
    symlinkSync('a', at('b'));
    const error = await failure(writeOutput(fakeIo({ cwd }), 'a', 'x'));
    expect(error)
      .to.be.instanceOf(WorkError)
      .with.property('message', 'cannot write a: its symbolic links lead in a circle');
  });

  it('refuses a folder, also behind a link', async () => {
    mkdirSync(at('folder'));
    symlinkSync('folder', at('link'));
    for (const name of ['folder', 'link']) {
      const error = await failure(writeOutput(fakeIo({ cwd }), name, 'x'));
      expect(error).to.be.instanceOf(ConfigError).with.property('message', `\`${name}\` is a folder.`);
    }
    expect(readdirSync(cwd).sort()).to.deep.equal(['folder', 'link']);
  });

  for (const verb of [['generate'], ['context', 'any']]) {
    it(`${verb[0]} -o FOLDER is a wrong usage, before anything is read or stored`, async () => {
      mkdirSync(at('folder'));
      for (const name of ['folder', 'missing/']) {
        const io = fakeIo({ cwd });
        expect(await main([...verb, '-o', name], io)).to.equal(ExitCode.Usage);
        expect(io.err()).to.include(`\`${name}\` is a folder.`).and.to.include('Name a file, such as ');
      }
      expect(readdirSync(cwd)).to.deep.equal(['folder']);
    });
  }
});
