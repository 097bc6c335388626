import { expect } from 'chai';

import { build, logOf, uniqueName } from './support/build.js';
import { environment } from './support/environment.js';
import { BUSYBOX, project, removeFolders } from './support/project.js';

after(removeFolders);

describe('threat 31: a RUN step that looks for credentials', () => {
  it('finds no service-account token, no key of MinIO, and no capability beyond the few', async () => {
    // The key as a pattern: the Dockerfile itself, which lies in the pod too, must not match.
    const key = environment.minio.secretKey.replace(/.$/, '[$&]');
    const look = [
      'echo LOOK token: $(find / -xdev -path /proc -prune -o -path "*serviceaccount*" -print 2>/dev/null | wc -l)',
      'echo LOOK secrets: $(ls -d /var/run/secrets/* /run/secrets/* 2>/dev/null | wc -l)',
      `echo LOOK keys: $(cat /proc/[0-9]*/environ 2>/dev/null | tr "\\\\0" "\\\\n" | grep -c -i -e ${key} -e accesske[y] -e secretke[y])`,
      `echo LOOK files: $(grep -rl ${key} /kaniko /argo /var/run /tmp 2>/dev/null | wc -l)`,
      'echo LOOK bounding: $(grep CapBnd /proc/self/status)',
      'echo LOOK privileges: $(grep NoNewPrivs /proc/self/status)',
    ].join('; ');
    const source = await project(
      { path: uniqueName('look'), images: [{ name: 'look' }] },
      { 'look/Dockerfile': `FROM ${BUSYBOX}\nRUN ${look}\n` },
    );
    const { result } = await build(source);
    expect(result.phase, JSON.stringify(result)).to.equal('succeeded');
    const found = (await logOf(result.images[0]))
      .split('\n')
      .flatMap((line) => /^LOOK (.*)$/.exec(line)?.[1] ?? []);

    expect(found).to.deep.equal([
      'token: 0',
      'secrets: 0',
      'keys: 0',
      'files: 0',
      // CHOWN, DAC_OVERRIDE, FOWNER, KILL, SETGID, SETUID, SETFCAP
      'bounding: CapBnd: 00000000800000eb',
      'privileges: NoNewPrivs: 1',
    ]);
  });
});
