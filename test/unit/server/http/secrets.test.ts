import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { secretFiles } from '../../../../server/http/secrets.js';
import { createLog } from '../../../../server/telemetry/log.js';

describe('secretFiles', () => {
  let folder: string;
  let clock = 0;
  const lines: string[] = [];
  const log = createLog({ level: 'info', to: { write: (line: string) => lines.push(line) > 0 } });
  const read = (...names: string[]): (() => readonly string[]) =>
    secretFiles(
      names.map((name) => join(folder, name)),
      { log, now: () => clock },
    );
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kfops-secrets-'));
    lines.length = 0;
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('reads files anew when they were changed, and says so without their content', () => {
    writeFileSync(join(folder, 'a'), 'first\n');
    writeFileSync(join(folder, 'b'), 'other');
    const secrets = read('a', 'b');
    expect(secrets()).to.deep.equal(['first', 'other']);
    writeFileSync(join(folder, 'a'), 'second one\n');
    clock += 999;
    expect(secrets(), 'within a second').to.deep.equal(['first', 'other']);
    clock += 1;
    expect(secrets()).to.deep.equal(['second one', 'other']);
    clock += 1000;
    expect(secrets(), 'nothing changed').to.deep.equal(['second one', 'other']);
    expect(lines).to.have.length(1);
    expect(lines[0]).not.to.include('second');
  });

  it('follows the link that Kubernetes exchanges', () => {
    writeFileSync(join(folder, '1'), 'same size');
    writeFileSync(join(folder, '2'), 'size same');
    symlinkSync('1', join(folder, 'secret'));
    const secrets = read('secret');
    symlinkSync('2', join(folder, 'new'));
    renameSync(join(folder, 'new'), join(folder, 'secret'));
    clock += 1000;
    expect(secrets()).to.deep.equal(['size same']);
  });

  it('keeps the last secret where its file goes, or is empty, and takes it up again', () => {
    writeFileSync(join(folder, 'a'), 'first');
    const secrets = read('a');
    rmSync(join(folder, 'a'));
    clock += 1000;
    expect(secrets()).to.deep.equal(['first']);
    writeFileSync(join(folder, 'a'), ' \n');
    clock += 1000;
    expect(secrets()).to.deep.equal(['first']);
    writeFileSync(join(folder, 'a'), 'third');
    clock += 1000;
    expect(secrets()).to.deep.equal(['third']);
    expect(lines.filter((line) => line.includes('"error"'))).to.have.length(2);
  });

  it('refuses a file that is missing or empty at the start', () => {
    writeFileSync(join(folder, 'empty'), '\n');
    expect(() => read('missing'))
      .to.throw(/missing cannot be read/)
      .with.property('name', 'WorkError');
    expect(() => read('empty'))
      .to.throw(/is empty/)
      .with.property('name', 'WorkError');
  });
});
