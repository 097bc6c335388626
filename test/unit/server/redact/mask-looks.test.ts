import { expect } from 'chai';
import fc from 'fast-check';

import { GITLEAKS_RULES } from '../../../../server/redact/gitleaks-rules.js';
import { redact } from '../../../../server/redact/redact.js';

const b64 = (text: string): string => Buffer.from(text).toString('base64');

/** Where a secret is. */
const FORMS: Readonly<Record<string, (secret: string) => string>> = {
  'curl -u': (s) => `RUN curl -u user:${s} https://host/x`,
  'curl -u, joined': (s) => `RUN curl -fsSuser -uuser:${s} https://host/x`,
  'curl -u, quoted': (s) => `curl -u "user:${s}" https://host/x`,
  'curl -u, single quotes': (s) => `curl -u 'user:${s}' https://host/x`,
  'curl --user': (s) => `curl --user user:${s} https://host/x`,
  'curl --user=': (s) => `curl --user=user:${s} https://host/x`,
  'curl --proxy-user': (s) => `curl --proxy-user user:${s} https://host/x`,
  'curl, as a list': (s) => `["curl", "-u", "user:${s}", "https://host"]`,
  'curl -H': (s) => `curl -H "Authorization: token ${s}" https://host`,
  'docker login -p': (s) => `docker login -u me -p ${s} registry.example.com`,
  'docker login -p over lines': (s) => `docker login -u me \\\n  -p ${s} \\\n  registry.example.com`,
  'docker login --password': (s) => `docker login --password ${s} registry.example.com`,
  'helm registry login': (s) => `helm registry login -u me -p '${s}' registry.example.com`,
  'mysql -p': (s) => `mysql -uroot -p${s} -e 'select 1'`,
  'mysqldump -p': (s) => `mysqldump -u root -p"${s}" db`,
  'mysql, as a list': (s) => `CMD ["mysql", "-p${s}", "db"]`,
  'twine -p': (s) => `twine upload -u __token__ -p ${s} dist/*`,
  sshpass: (s) => `sshpass -p ${s} ssh host`,
  'redis-cli -a': (s) => `redis-cli -h host -a ${s} ping`,
  'ldapsearch -w': (s) => `ldapsearch -x -D cn=admin -w ${s}`,
  smbclient: (s) => `smbclient -U user%${s} //host/share`,
  unzip: (s) => `unzip -P ${s} a.zip`,
  chpasswd: (s) => `RUN echo "root:${s}" | chpasswd`,
  openssl: (s) => `openssl rsa -passin pass:${s} -in key.pem`,
  'skopeo --dest-creds': (s) => `skopeo copy --dest-creds user:${s} docker://a docker://b`,
  '--registry-password': (s) => `tool --registry-password ${s} x`,
  '--client-secret=': (s) => `tool --client-secret=${s} x`,
  'Authorization: token': (s) => `> Authorization: token ${s}`,
  'Authorization: Basic': (s) => `> authorization: Basic ${b64(`user:${s}`)}`,
  'Authorization, without a scheme': (s) => `Authorization: ${s}`,
  'Authorization, in JSON': (s) => `{"Authorization": "Token ${s}", "b": 1}`,
  'a header': (s) => `X-Api-Key: ${s}`,
  'a variable': (s) => `ENV DB_PASSWORD=${s}`,
  'a variable of MySQL': (s) => `MYSQL_PWD=${s} mysql`,
  ruby: (s) => `:password => '${s}'`,
  AccountKey: (s) => `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${s};EndpointSuffix=x`,
  SharedAccessKey: (s) => `Endpoint=sb://x.servicebus.windows.net/;SharedAccessKey=${s}`,
  'a database of .NET': (s) => `Server=db;User Id=sa;Pwd=${s};`,
  'an address of a database': (s) => `postgres://user:${s}@host:5432/db`,
  'a signed address': (s) => `https://a.blob.core.windows.net/c/b?sv=2022&sig=${s}&se=1`,
  netrc: (s) => `machine github.com login me password ${s}`,
  'netrc over lines': (s) => `machine github.com\n  login me\n  password ${s}\n`,
  'netrc, default': (s) => `default password ${s}`,
  'netrc, its last line': (s) => `  password ${s}`,
  npmrc: (s) => `//npm.example.com/:_authToken=${s}`,
  'npmrc, _auth': (s) => `_auth=${b64(`me:${s}`)}`,
  "docker's config.json": (s) => `{"auths": {"ghcr.io": {"auth": "${b64(`me:${s}`)}"}}}`,
  "docker's config.json, cut": (s) => `{"auths": {"ghcr.io": {"auth": "${b64(`me:${s}`)}`,
  'a hook of Slack': (s) => `https://hooks.slack.com/services/${s}`,
  'a hook of Discord': (s) => `https://discord.com/api/webhooks/123456/${s}`,
};

/** Letters, digits and what passwords have besides, as far as it ends none of the forms. */
const secrets = fc
  .array(fc.constantFrom(...Array.from('abcxyzABCXYZ0123456789_-')), { minLength: 11, maxLength: 39 })
  .map((chars) => `q${chars.join('')}`);

/** Lines of real builds, in which nothing is a secret. */
const LOGS = [
  'INFO[0000] Resolved base name python:3.12-slim to build',
  `INFO[0001] Retrieving image python:3.12-slim@sha256:${'3f'.repeat(32)} from registry index.docker.io`,
  `INFO[0004] Pushing image to registry.example.com/team/trainer@sha256:${'a1b2c3d4'.repeat(8)}`,
  'INFO[0012] No cached layer found for cmd RUN pip install --no-cache-dir -r requirements.txt',
  'error building image: error building stage: failed to execute command: waiting for process to exit: exit status 1',
  'error checking push permissions -- make sure you entered the correct tag name: UNAUTHORIZED: authentication required',
  'GET https://index.docker.io/v2/library/python/manifests/3.12: TOOMANYREQUESTS: You have reached your pull rate limit',
  'denied: requested access to the resource is denied; www-authenticate: Bearer realm="https://auth.docker.io/token"',
  '#7 [2/5] RUN mkdir -p /opt/app/data && chmod -R 755 /opt/app',
  'RUN docker run -u 1000:1000 -p 8080:80 --rm nginx:1.27.3',
  'Collecting tokenizers==0.21.0 (from -r requirements.txt (line 3))',
  '  Downloading tokenizers-0.21.0-cp39-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl (3.0 MB)',
  `numpy==2.1.3 --hash=sha256:${'0e9fd1ba'.repeat(8)}`,
  `    Expected sha256 ${'9b1deb4d'.repeat(8)}`,
  `         Got        ${'c4ca4238'.repeat(8)}`,
  'ERROR: Could not find a version that satisfies the requirement secretstorage==9.9 (from versions: 2.0.0, 3.3.3)',
  'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.',
  'git+https://github.com/huggingface/transformers@5c1a0cb9d33c0c4c4b1d0cc4e0e2a0b8c1d2e3f4',
  "HEAD is now at 1c12807 fix(server): a rule's own limits hold",
  '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  '123e4567-e89b-12d3-a456-426614174000',
  'npm error code E404',
  'npm error 404 Not Found - GET https://npm.example.com/@acme%2fsecret-santa - Not found',
  'npm warn deprecated inflight@1.0.6: This module is not supported',
  'added 1203 packages, and audited 1204 packages in 34s',
  '"integrity": "sha512-j7WyPdf0CJoutMzMoPLF/bVXHtKZIT9Rb4eGeEbWw8X2t5oirjPgpL+OpaENZrILYaXqYwnVH+qgUwVbl+pUJQ=="',
  'Get:1 http://deb.example.org/debian bookworm/main amd64 libssl3 amd64 3.0.15-1~deb12u1 [2023 kB]',
  'E: Unable to locate package libpq-dev5',
  'W: GPG error: http://deb.example.org bookworm InRelease: NO_PUBKEY 6ED0E7B82643E131',
  'http://proxy.example.com:3128/path/file.tar.gz and https://files.pythonhosted.org/packages/ab/cd/ef0123/x-1.0.whl#sha256=abc',
  'Traceback (most recent call last): File "/usr/local/lib/python3.12/site-packages/sklearn/base.py", line 12',
  'docker.io/library/python:3.12-slim ghcr.io/acme/sonar-scanner:0123456789abcdef0123456789abcdef01234567',
  'echo "$PASSWORD" | docker login --password-stdin registry.example.com',
  'PWD=/workspace/app OLDPWD=/ HOME=/root',
  'go: downloading github.com/hashicorp/vault/api v1.15.0 h1:PmEvCfVI7ti9dV3s5aMZUY7sS2GxRvG3yzih7E+cS3w=',
];

describe('server/comment/mask-looks', () => {
  describe('threat 62: a build prints a secret in the form of a command, a header or a file', () => {
    for (const [form, write] of Object.entries(FORMS)) {
      it(form, () => {
        fc.assert(
          fc.property(secrets, (secret) => {
            const text = `Step 3/7\n${write(secret)}\nerror: exit status 1`;
            const shown = redact(text, []);
            expect(shown)
              .not.to.include(secret)
              .and.not.to.include(b64(`me:${secret}`).slice(0, 12));
            expect(shown)
              .to.match(/^Step 3\/7\n/)
              .and.match(/\nerror: exit status 1$/);
            // And the same as text in base64.
            const whole = b64(`${write(secret)}\n`);
            for (const encoded of [whole, whole.replace(/.{76}(?!$)/g, '$&\n')]) {
              const hidden = redact(`Step 3/7\n: ${encoded}\n`, []);
              expect(hidden).to.equal('Step 3/7\n: ***\n');
            }
          }),
          { numRuns: 40 },
        );
      });
    }

    it('a backslash does not end a command', () => {
      expect(redact('docker login -u host\\me -p hunter2 x', [])).to.equal(
        'docker login -u host\\me -p *** x',
      );
    });

    it('in base64 on one line among others', () => {
      const line = b64('password: hunter2-horses');
      // One character more, and all lines together are read from another bit on.
      expect(redact(`abcdefghijklmnopq\n${line}\nabcdefghijklmnop`, [])).to.equal('***');
    });

    it('what is shorter than 16 characters is not read as base64', () => {
      const short = b64(';pwd=abcd');
      expect(redact(`a ${short} b`, [])).to.equal(`a ${short} b`);
    });

    const special = 'pa"s\\s,w;o&rd$1';
    it('quoted, with any characters', () => {
      for (const text of [`password: ${JSON.stringify(special)}`, `--password ${JSON.stringify(special)} x`])
        expect(redact(text, [])).to.match(/^(?:--)?password:? \*\*\*(?: x)?$/);
    });

    it('rules of gitleaks', () => {
      const hex = '0123456789abcdef';
      const tokens = [
        `dop_v1_${hex.repeat(4)}`,
        `shpat_${hex.repeat(2)}`,
        `sk_live_${'a1B2c3D4'.repeat(3)}`,
        `AGE-SECRET-KEY-1${'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L'.repeat(2).slice(0, 58)}`,
        `glsa_${'aB3d'.repeat(8)}_${hex.slice(0, 8)}`,
        `lin_api_${'aB3d'.repeat(10)}`,
        `PMAK-${hex.slice(0, 12).repeat(2)}-${hex.slice(0, 17).padEnd(34, '7')}`,
        `hvb.${'aB3d_'.repeat(30)}`,
        `pul-${hex.slice(0, 10).repeat(4)}`,
      ];
      for (const token of tokens) {
        expect(redact(`found ${token}, done`, []), token).to.equal('found ***, done');
      }
      expect(GITLEAKS_RULES.length).to.be.greaterThan(90);
    });
  });

  describe('threat 62: what is no secret stays', () => {
    for (const line of LOGS) {
      it(line.slice(0, 60), () => {
        expect(redact(line, [])).to.equal(line);
      });
    }

    it('all of it together', () => {
      expect(redact(LOGS.join('\n'), ['hunter2-Correct/horse'])).to.equal(LOGS.join('\n'));
    });
  });
});
