import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { ConfigError, parseSettings, type Located, type Settings } from '../../../../schema/index.js';
import { nextSettings, type WatchOptions } from '../../../../server/runtime/watch-settings.js';
import { createLog, type Logger } from '../../../../server/telemetry/log.js';

interface Line {
  readonly level: string;
  readonly msg: string;
  readonly line?: number;
}

describe('nextSettings', () => {
  let folder: string;
  let path: string;
  let ending: AbortController;
  let lines: Line[];
  let valid: boolean[];
  /** Called after each line of the log. */
  let onLine: () => void;
  let log: Logger;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kfops-settings-'));
    path = join(folder, 'settings.yaml');
    ending = new AbortController();
    lines = [];
    valid = [];
    onLine = () => undefined;
    log = createLog({
      level: 'info',
      to: { write: (line: string) => (lines.push(JSON.parse(line) as Line), onLine(), true) },
    });
  });
  afterEach(() => {
    ending.abort();
    rmSync(folder, { recursive: true, force: true });
  });

  const parse = (text: string): Located<Settings> => parseSettings(text, { file: 'settings.yaml' });
  const read = () => parse(readFileSync(path, 'utf8'));

  function next(more: Partial<WatchOptions<string>> = {}): Promise<string | undefined> {
    return nextSettings({
      file: { path, read },
      running: read().value,
      check: () => undefined,
      accept: ({ value }) => Promise.resolve(value.namespace),
      log,
      metrics: { settingsValid: (is) => void valid.push(is) },
      signal: ending.signal,
      random: () => 0,
      everyMs: 600_000,
      ...more,
    });
  }

  /** Waits until the log has a line. */
  async function logged(msg: string): Promise<Line> {
    return new Promise((resolve) => {
      onLine = () => {
        const found = lines.find((line) => line.msg.includes(msg));
        if (found) resolve(found);
      };
      onLine();
    });
  }

  it('gives the new settings once the file has changed', async () => {
    writeFileSync(path, 'namespace: one\n');
    const found = next();
    writeFileSync(path, 'namespace: two\n');
    expect(await found).to.equal('two');
    expect(valid.at(-1)).to.equal(true);
  });

  it('sees how Kubernetes changes a mounted ConfigMap: by switching a symbolic link', async () => {
    const version = (name: string, text: string): void => {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'settings.yaml'), text);
      symlinkSync(name, join(folder, '..data_tmp'));
      renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
    };
    version('..2026_1', 'namespace: one\n');
    symlinkSync('..data/settings.yaml', path);
    const found = next();
    version('..2026_2', 'namespace: two\n');
    expect(await found).to.equal('two');
  });

  it('sees a change also without a notice of it', async () => {
    writeFileSync(path, 'namespace: one\n');
    let text = 'namespace: one\n';
    const found = next({ file: { path, read: () => parse(text) }, running: parse(text).value, everyMs: 5 });
    text = 'namespace: two\n';
    expect(await found).to.equal('two');
  });

  it('ignores a change of comments', async () => {
    writeFileSync(path, 'namespace: one\n');
    const found = next({ everyMs: 5 });
    writeFileSync(path, '# changed\nnamespace: one\n');
    while (valid.length < 3) await new Promise(setImmediate);
    ending.abort();
    expect(await found).to.equal(undefined);
    expect(lines).to.deep.equal([]);
  });

  it('logs all problems of invalid settings with their lines, once, and keeps looking', async () => {
    writeFileSync(path, 'namespace: one\n');
    let looks = 0;
    const found = next({ file: { path, read: () => (looks++, read()) }, everyMs: 5 });
    writeFileSync(path, 'namespace: two\nnonsense: 1\nregistries: 7\n');
    const kept = await logged('keeping the previous ones');
    expect(kept.level).to.equal('error');
    expect(lines.map(({ line }) => line).filter((line) => line !== undefined)).to.have.members([2, 3]);
    const before = looks;
    while (looks < before + 3) await new Promise(setImmediate);
    expect(lines.filter(({ msg }) => msg === kept.msg)).to.have.length(1);
    expect(valid.at(-1)).to.equal(false);
    writeFileSync(path, 'namespace: three\n');
    expect(await found).to.equal('three');
    expect(valid.at(-1)).to.equal(true);
  });

  it('says that the previous settings are valid again', async () => {
    writeFileSync(path, 'namespace: one\n');
    const found = next();
    writeFileSync(path, 'nonsense: 1\n');
    await logged('keeping the previous ones');
    writeFileSync(path, 'namespace: one\n');
    await logged('valid again');
    expect(valid.at(-1)).to.equal(true);
    ending.abort();
    expect(await found).to.equal(undefined);
  });

  it('tries settings again that failed for another reason than their content', async () => {
    writeFileSync(path, 'namespace: one\n');
    let failures = 2;
    const found = next({
      everyMs: 5,
      accept: ({ value }) =>
        failures-- > 0 ? Promise.reject(new Error('no cluster')) : Promise.resolve(value.namespace),
    });
    writeFileSync(path, 'namespace: two\n');
    expect(await found).to.equal('two');
    expect(lines.filter(({ level }) => level === 'error')).to.have.length(1);
  });

  it('checks the settings before it waits', async () => {
    writeFileSync(path, 'namespace: one\n');
    const found = next({
      check: () => {
        throw new ConfigError([
          { severity: 'error', code: 'SERVER_SETTINGS', message: 'no secret file', file: 'settings.yaml' },
        ]);
      },
    });
    writeFileSync(path, 'namespace: two\n');
    await logged('No secret file');
    expect(lines.some(({ msg }) => msg.includes('waiting'))).to.equal(false);
    ending.abort();
    expect(await found).to.equal(undefined);
  });

  it('waits a random part of server.reload_seconds, and ends while it waits', async () => {
    writeFileSync(path, 'namespace: one\n');
    const found = next({ random: () => 0.5 });
    writeFileSync(path, 'namespace: two\nserver: {reload_seconds: 3000}\n');
    const line = await logged('waiting before they are used');
    expect(line).to.deep.include({ seconds: 1500 });
    ending.abort();
    expect(await found).to.equal(undefined);
  });
});
