import { expect } from 'chai';
import fc from 'fast-check';

import { compile } from '../../../../generator/compile.js';
import { stringifyWorkflow } from '../../../../generator/workflow/stringify.js';
import { ConfigError, parseSettings, type Diagnostic, type Settings } from '../../../../schema/index.js';
import { trustOf } from '../../../../server/planning/trust.js';
import { MemorySource } from '../../generator/contexts/memory-source.js';

const CONFIG = `repository: {owner: my-team, name: iris}
image_builder:
  container_registry_uri: registry.example.com/team
  images:
    - name: trainer
      dockerfile_folder_path: images/trainer
pipeline:
  name: iris
  namespace: user
  experiment_name: Default
  pipeline_path: pipeline.py
`;
const KANIKO = `spec:
  containers:
    - name: kaniko
      envFrom: [{secretRef: {name: push}}]
`;
const SETTINGS = `registries: [registry.example.com/team]
images: {registry: registry.example.com/kfops}
kaniko:
  manifest: {spec: {containers: [{name: kaniko, env: [{name: TRUSTED, valueFrom: {secretKeyRef: {name: cluster-push, key: k}}}]}]}}
service_accounts: {builder: cloud-identity}
server:
  repositories: [my-team/iris]
  namespaces: [user, other]
  manifest: {secrets: [push, docker-config], config_maps: [mirrors], claims: [cache], images: ['kaniko.example/kaniko:v1']}
  forks:
    registry: registry.example.com/forks
    manifest: {spec: {containers: [{name: kaniko, env: [{name: FORK, valueFrom: {secretKeyRef: {name: fork-push, key: k}}}]}]}}
`;

interface Case {
  readonly config?: string;
  /** Of the pull request. */
  readonly manifest?: string;
  /** Of the default branch. */
  readonly base?: string;
  readonly settings?: string;
  readonly fork?: boolean;
  readonly files?: Readonly<Record<string, string>>;
}

/** Compiles a pull request as the server does. */
function build({ config = CONFIG, manifest, base, settings = SETTINGS, fork = false, files }: Case = {}) {
  const values: Settings = parseSettings(settings, { file: 'settings.yaml' }).value;
  const source = new MemorySource({
    'config_files/config.yaml': config,
    ...(manifest !== undefined && { 'config_files/kaniko-manifest.yaml': manifest }),
    'images/trainer/Dockerfile': 'FROM scratch\n',
    'pipeline.py': 'from kfp import dsl\n\n\n@dsl.pipeline\ndef p(): ...\n',
    ...files,
  });
  const agreed = { branch: 'main', ...(base !== undefined && { text: base }) };
  const trust = trustOf(values, { owner: 'My-Team', name: 'Iris' }, agreed, fork);
  return compile(source, { settings: values, trust, tag: 'v1' });
}

/** What is wrong with it, as `CODE line:column`. */
async function wrong(given: Case): Promise<readonly Diagnostic[]> {
  try {
    await build(given);
  } catch (error) {
    if (error instanceof ConfigError) return error.diagnostics.filter(({ severity }) => severity === 'error');
    throw error;
  }
  return [];
}
const codes = async (given: Case): Promise<string[]> => (await wrong(given)).map(({ code }) => code);
const pod = (spec: string): string => `spec:\n  containers: [{name: kaniko}]\n  ${spec}\n`;
const container = (fields: string): string => `spec:\n  containers:\n    - name: kaniko\n      ${fields}\n`;

describe('the files of a pull request on a server', () => {
  it('are compiled', async () => {
    const { plan, yaml } = await build({ base: KANIKO });
    expect(plan.images[0]?.repository).to.equal('registry.example.com/team/trainer');
    expect(plan.repository).to.deep.equal({ owner: 'My-Team', name: 'Iris' });
    expect(plan.warnings).to.deep.equal([]);
    expect(yaml).to.include('name: push').and.not.include('cluster-push');
  });

  it('must belong to the repository of the pull request', async () => {
    const found = await wrong({ config: CONFIG.replace('name: iris}', 'name: other}') });
    expect(found.map(({ code, line }) => `${code} ${line}`)).to.deep.equal(['OTHER_REPOSITORY 1']);
  });

  it('are told everything at once', async () => {
    const config = CONFIG.replace('my-team', 'x').replace('namespace: user', 'namespace: kube-system');
    expect(await codes({ config, base: container('image: evil.example/kaniko') })).to.deep.equal([
      'OTHER_REPOSITORY',
      'NAMESPACE_NOT_ALLOWED',
      'MANIFEST_NOT_ALLOWED',
    ]);
  });
});

describe('threat 14: kaniko-manifest.yaml of a pull request', () => {
  it('is not used: the one of the default branch counts, and a warning says so', async () => {
    const evil = pod('hostPID: true');
    const { plan, yaml } = await build({ manifest: evil, base: KANIKO });
    expect(yaml).to.include('name: push').and.not.include('hostPID');
    expect(plan.warnings.map(({ code }) => code)).to.deep.equal(['NOT_TRUSTED']);
    expect((await build({ manifest: KANIKO, base: KANIKO })).plan.warnings).to.deep.equal([]);
  });

  it('is not used where the default branch has none: the one of the settings counts', async () => {
    const { yaml } = await build({ manifest: KANIKO });
    expect(yaml).to.include('name: cluster-push').and.not.include('name: push');
  });

  const refused: [string, string][] = [
    ['privileged', container('securityContext: {privileged: true}')],
    ['a capability', container('securityContext: {capabilities: {add: [SYS_ADMIN]}}')],
    ['hostPath', pod('volumes: [{name: a, hostPath: {path: /}}]')],
    ['a service account', pod('serviceAccountName: kfops-server')],
    ['a token', pod('automountServiceAccountToken: true')],
    ['host namespaces', pod('hostNetwork: true')],
    ['another container', 'spec: {containers: [{name: kaniko}, {name: more}]}'],
    ['an init container', pod('initContainers: [{name: more}]')],
    ['arguments', container('args: [--destination=evil.io/x]')],
    ['annotations', `metadata: {annotations: {iam.amazonaws.com/role: admin}}\n${KANIKO}`],
  ];
  for (const [what, base] of refused) {
    it(`refuses ${what}, also on the default branch`, async () => {
      expect(await codes({ base })).to.deep.equal(['MANIFEST_FIELD']);
    });
  }

  const notAllowed: [string, string][] = [
    [
      "the object store's Secret as a volume",
      pod('volumes: [{name: a, secret: {secretName: mlpipeline-minio-artifact}}]'),
    ],
    [
      "the server's own Secret in the environment",
      container('envFrom: [{secretRef: {name: kfops-github-app}}]'),
    ],
    ['a key of a Secret', container('env: [{name: A, valueFrom: {secretKeyRef: {name: other, key: k}}}]')],
    ['a Secret for pulling', pod('imagePullSecrets: [{name: other}]')],
    ['a ConfigMap as a volume', pod('volumes: [{name: a, configMap: {name: other}}]')],
    [
      'a key of a ConfigMap',
      container('env: [{name: A, valueFrom: {configMapKeyRef: {name: other, key: k}}}]'),
    ],
    ['a ConfigMap in the environment', container('envFrom: [{configMapRef: {name: other}}]')],
    ['a claim', pod('volumes: [{name: a, persistentVolumeClaim: {claimName: other}}]')],
    ['an image', container('image: evil.example/kaniko:v1')],
    ['a name that begins like an allowed one', container('envFrom: [{secretRef: {name: push-all}}]')],
    [
      'a projected volume',
      pod('volumes: [{name: a, projected: {sources: [{serviceAccountToken: {path: t}}]}}]'),
    ],
    ['a csi volume', pod('volumes: [{name: a, csi: {driver: secrets-store.csi.k8s.io}}]')],
    [
      'an ephemeral volume',
      pod('volumes: [{name: a, ephemeral: {volumeClaimTemplate: {spec: {dataSource: {name: x}}}}}]'),
    ],
    ['no seccomp', container('securityContext: {seccompProfile: {type: Unconfined}}')],
    ['no AppArmor', pod('securityContext: {appArmorProfile: {type: Unconfined}}')],
    ['SELinux of its own', container('securityContext: {seLinuxOptions: {type: spc_t}}')],
  ];
  for (const [what, base] of notAllowed) {
    it(`refuses ${what}, at its line`, async () => {
      const found = await wrong({ base });
      expect(found.map(({ code }) => code)).to.deep.equal(['MANIFEST_NOT_ALLOWED']);
      expect(found[0]?.file).to.equal('config_files/kaniko-manifest.yaml on main');
      expect(found[0]?.line).to.be.above(0);
      expect(found[0]?.hint).to.match(/\.$/);
    });
  }

  it('takes what the settings allow', async () => {
    const base = `spec:
  imagePullSecrets: [{name: docker-config}]
  securityContext: {seccompProfile: {type: RuntimeDefault}}
  volumes:
    - {name: a, secret: {secretName: docker-config}}
    - {name: b, configMap: {name: mirrors}}
    - {name: c, persistentVolumeClaim: {claimName: cache}}
    - {name: d, emptyDir: {}}
    - {name: e, downwardAPI: {items: []}}
  containers:
    - name: kaniko
      image: kaniko.example/kaniko:v1
      envFrom: [{configMapRef: {name: mirrors}}]
`;
    expect(await codes({ base })).to.deep.equal([]);
    const own = parseSettings('', { file: 'x' }).value.kaniko.image;
    expect(await codes({ base: container(`image: ${own}`) })).to.deep.equal([]);
  });

  it("leaves the operator's own manifest alone", async () => {
    expect(await codes({})).to.deep.equal([]);
  });
});

describe('threat 15: CVE-2026-40886', () => {
  for (const labels of ['{workflows.argoproj.io/pod-gc-strategy: NoSlash}', '{x.argoproj.io/a: b}']) {
    it(`refuses labels of Argo: ${labels}`, async () => {
      expect(await codes({ base: `metadata: {labels: ${labels}}\n${KANIKO}` })).to.deep.equal([
        'MANIFEST_FIELD',
      ]);
    });
  }
  it('refuses annotations, Argo’s or not', async () => {
    const base = `metadata: {annotations: {workflows.argoproj.io/pod-gc-strategy: NoSlash}}\n${KANIKO}`;
    expect(await codes({ base })).to.deep.equal(['MANIFEST_FIELD']);
  });
});

describe('threat 16: {{=…}}', () => {
  const LINES = CONFIG.split('\n').filter((line) => line !== '');
  const tagsOf = (yaml: string): Set<string> => new Set(yaml.match(/\{\{.*?\}\}/g) ?? []);

  it('in any text or key is refused, and the tags of the output are always the same', async () => {
    const fixed = tagsOf((await build()).yaml);
    const tag = fc.constantFrom('{{=asInt(1)}}', '{{workflow.name}}', '{{', '{{-}}', 'a{{b}}c', '}}');
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: LINES.length - 1 }),
        tag,
        fc.boolean(),
        async (line, text, key) => {
          const changed = LINES.map((old, i) => {
            if (i !== line) return old;
            return key ? `${old.replace(/\S.*/, '')}"${text}": 1` : old.replace(/: [^{[].*$/, `: "${text}"`);
          });
          try {
            const { yaml } = await build({ config: `${changed.join('\n')}\n` });
            for (const found of tagsOf(yaml)) expect([...fixed]).to.include(found);
          } catch (error) {
            expect(error).to.be.instanceOf(ConfigError);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  for (const argument of ['"{{=1}}"', '{"{{x}}": 1}', '[a, ["{{x}}"]]', '{a: {b: "{{x}}"}}']) {
    it(`is refused in an argument of the pipeline: ${argument}`, async () => {
      expect(await codes({ config: `${CONFIG}  pipeline_args: {x: ${argument}}\n` })).to.deep.equal([
        'TEMPLATE_TAG',
      ]);
    });
  }

  it('is refused in the manifest', async () => {
    expect(
      await codes({ base: container('env: [{name: A, value: "{{inputs.parameters.context}}"}]') }),
    ).to.deep.equal(['TEMPLATE_TAG']);
  });
});

describe('threat 18: option injection', () => {
  for (const name of ['-x', '--force', "';id;'", '$(id)', 'a b', 'a\\u0000b', '../x', 'a:latest', 'a@b']) {
    it(`refuses an image of the name ${name}`, async () => {
      expect(await wrong({ config: CONFIG.replace('name: trainer', `name: "${name}"`) })).not.to.deep.equal(
        [],
      );
    });
  }

  it('gives build arguments to Kaniko as one word each, behind an equals sign', async () => {
    const values = ["';id;'", '$(id)', '--insecure', '`id`', 'a b'];
    const build_args = values.map((value, i) => `A${i}: ${JSON.stringify(value)}`).join(', ');
    const config = CONFIG.replace('images/trainer\n', `images/trainer\n      build_args: {${build_args}}\n`);
    const { plan, yaml } = await build({ config });
    expect(plan.images[0]?.buildArgs.map(([, value]) => value)).to.deep.equal(values);
    expect(yaml).not.to.match(/^\s*(?:- )?--insecure$/m);
    expect(yaml).not.to.match(/\bsh -c\b/);
  });

  for (const name of ['--build-arg=a', '-x', 'A=B', 'A B']) {
    it(`refuses a build argument of the name ${name}`, async () => {
      const config = CONFIG.replace('images/trainer\n', `images/trainer\n      build_args: {"${name}": x}\n`);
      expect(await wrong({ config })).not.to.deep.equal([]);
    });
  }
});

describe('threat 19: destination escape', () => {
  const uri = (text: string): Case => ({ config: CONFIG.replace('registry.example.com/team', text) });
  for (const text of [
    'evil.io/x',
    'registry.example.com',
    'registry.example.com/team-b',
    'registry.example.com.evil.io/team',
    'registry.example.com/team/../prod',
    'registry.example.com/team:latest',
    'https://registry.example.com/team',
    'registry.example.com:443/team',
    'REGISTRY.example.com/team',
    'user@registry.example.com/team',
  ]) {
    it(`refuses images in ${text}`, async () => {
      expect(await wrong(uri(text))).not.to.deep.equal([]);
    });
  }

  it('refuses a layer cache elsewhere', async () => {
    const cache = (text: string): Case => ({
      config: CONFIG.replace('  images:', `  cache_repository: ${text}\n  images:`),
    });
    expect(await codes(cache('evil.io/cache'))).to.deep.equal(['REGISTRY_NOT_ALLOWED']);
    expect(await codes(cache('registry.example.com/team-b/cache'))).to.deep.equal(['REGISTRY_NOT_ALLOWED']);
    expect(await codes(cache('registry.example.com/team/cache'))).to.deep.equal([]);
  });

  it('refuses everything where the settings allow no registry', async () => {
    const settings = SETTINGS.replace('[registry.example.com/team]', '[]');
    expect(await codes({ settings })).to.deep.equal(['REGISTRY_NOT_ALLOWED']);
  });
});

describe('threat 20: endpoint of his own', () => {
  for (const endpoint of ['169.254.169.254', '"[::1]:9000"', '"2130706433"', 'evil.example:9000']) {
    it(`does not listen to ${endpoint}`, async () => {
      const minio = `  minio: {context_files_bucket_name: my-bucket, credentials: {endpoint: ${endpoint}, access_key: CANARY1, secret_key: CANARY2}}\n`;
      const { plan, yaml } = await build({ config: CONFIG.replace('  images:', `${minio}  images:`) });
      expect(plan.objectStore).to.deep.include({
        endpoint: 'minio-service.kubeflow.svc.cluster.local:9000',
        bucket: 'image-build-artifacts',
      });
      const told = plan.warnings.filter(({ code }) => code === 'NOT_TRUSTED').map(({ line }) => line);
      expect(told).to.deep.equal([4, 4]);
      expect(yaml).not.to.include(endpoint.replace(/"/g, ''));
      expect(yaml).not.to.match(/CANARY|my-bucket/);
    });
  }

  it('takes the bucket of the settings, with images and without', async () => {
    const settings = `${SETTINGS}  minio: {bucket: server-bucket}\n`;
    const bare = CONFIG.replace(/image_builder:[^]*?(?=pipeline:)/, '');
    for (const config of [CONFIG, bare])
      expect((await build({ settings, config })).plan.objectStore.bucket).to.equal('server-bucket');
  });
});

describe('threat 21: path escape', () => {
  const escapes = ['../x', '/etc', 'a/../../b', 'a\\\\b', 'a\\u0000b', '..', 'images/../..'];
  const fields: [string, (path: string) => string][] = [
    ['dockerfile_folder_path', (path) => CONFIG.replace('images/trainer', `"${path}"`)],
    [
      'dockerfile',
      (path) => CONFIG.replace('images/trainer\n', `images/trainer\n      dockerfile: "${path}"\n`),
    ],
    [
      'other_folders_path',
      (path) => CONFIG.replace('images/trainer\n', `images/trainer\n      other_folders_path: ["${path}"]\n`),
    ],
    ['pipeline_path', (path) => CONFIG.replace('pipeline.py', `"${path}"`)],
  ];
  for (const [field, config] of fields) {
    it(`refuses ${field} outside of the repository`, async () => {
      for (const path of escapes) expect(await codes({ config: config(path) }), path).to.have.length(1);
    });
  }
});

describe('threat 24: YAML bomb', () => {
  const laughs = ['a: &a [x,x,x,x,x,x,x,x,x]'];
  for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg', 'gh', 'hi'])
    laughs.push(`${to}: &${to} [${Array.from({ length: 9 }, () => `*${from}`).join(',')}]`);
  const bombs: [string, string][] = [
    ['laughs', laughs.join('\n')],
    ['depth', '['.repeat(5000)],
    ['size', `# ${'x'.repeat(1_048_577)}`],
    ['a key that stands twice', `${CONFIG}pipeline: {}\n`],
  ];
  for (const [what, text] of bombs) {
    it(`refuses ${what}, in both files`, async () => {
      expect((await codes({ config: text })).filter((code) => code.startsWith('YAML_'))).to.have.length(1);
      expect((await codes({ base: text })).filter((code) => code.startsWith('YAML_'))).to.have.length(1);
    });
  }
});

describe('threat 25: prototype pollution', () => {
  const texts = [
    '__proto__: {x: 1}',
    'constructor: {prototype: {x: 1}}',
    '<<: {__proto__: {x: 1}}',
    '<<: {constructor: {x: 1}}',
    '"__proto__": {x: 1}',
  ];
  for (const text of texts) {
    it(`refuses ${text}`, async () => {
      expect(await wrong({ config: `${CONFIG}${text}\n` })).not.to.deep.equal([]);
      expect(await wrong({ config: `${CONFIG}  pipeline_args: {${text}}\n` })).not.to.deep.equal([]);
      expect(await wrong({ base: `${KANIKO}${text}\n` })).not.to.deep.equal([]);
      expect(({} as Record<string, unknown>).x).to.equal(undefined);
    });
  }
});

describe('threat 32: fork', () => {
  const evil: Case = {
    fork: true,
    base: KANIKO,
    manifest: container('envFrom: [{secretRef: {name: cluster-push}}]'),
    config: CONFIG.replace(
      '  images:',
      '  cache_repository: registry.example.com/team/kfops-cache\n  images:',
    ),
  };

  it('goes to the registry of forks, with its cache', async () => {
    const { plan } = await build(evil);
    expect(plan.images[0]).to.deep.include({
      repository: 'registry.example.com/forks/trainer',
      cacheRepository: 'registry.example.com/forks/kfops-cache',
    });
  });

  it('has nothing of the others mounted or named', async () => {
    const { yaml, workflow } = await build(evil);
    expect(yaml).to.include('fork-push').and.to.include('FORK');
    expect(yaml).not.to.match(
      /cluster-push|TRUSTED|name: push$|registry\.example\.com\/team|cloud-identity/m,
    );
    expect(stringifyWorkflow(workflow)).to.equal(yaml);
    expect((await build({ ...evil, fork: false, manifest: KANIKO })).yaml).to.include('cloud-identity');
  });

  it("is not built with the default branch's manifest, whatever is in that", async () => {
    const { plan, yaml } = await build({ fork: true, base: pod('hostPID: true') });
    expect(yaml).to.include('fork-push');
    expect(plan.warnings.map(({ line }) => line)).to.deep.equal([3]);
  });

  it('says what it does not listen to', async () => {
    const { plan } = await build(evil);
    expect(plan.warnings.map(({ code, file, line }) => `${code} ${file} ${line}`)).to.have.members([
      'NOT_TRUSTED config_files/config.yaml 3',
      'NOT_TRUSTED config_files/config.yaml 4',
      'NOT_TRUSTED config_files/kaniko-manifest.yaml undefined',
    ]);
  });

  it('may name whatever registry it likes: it does not count', async () => {
    const config = CONFIG.replace('registry.example.com/team', 'ghcr.io/stranger');
    const { plan } = await build({ fork: true, config });
    expect(plan.images[0]?.repository).to.equal('registry.example.com/forks/trainer');
  });

  it('is refused where the settings have none, by the last guard, too', () => {
    const settings = SETTINGS.replace(/ {2}forks:[^]*$/, '');
    expect(() => build({ fork: true, settings })).to.throw('build forks');
  });
});

describe('threat 33: other namespace', () => {
  for (const namespace of ['kube-system', 'kfops', 'users', 'use']) {
    it(`refuses ${namespace}`, async () => {
      const found = await wrong({ config: CONFIG.replace('namespace: user', `namespace: ${namespace}`) });
      expect(found.map(({ code, line }) => `${code} ${line}`)).to.deep.equal(['NAMESPACE_NOT_ALLOWED 9']);
    });
  }
  it('takes those of the settings', async () => {
    expect(await codes({ config: CONFIG.replace('namespace: user', 'namespace: other') })).to.deep.equal([]);
  });
});

describe('threat 31: a build that reads credentials', () => {
  it('has no token, and no key of the object store', async () => {
    const { workflow } = await build({ base: KANIKO });
    expect(workflow.spec.automountServiceAccountToken).to.equal(false);
    const templates = workflow.spec.templates.filter((template) => 'container' in template);
    expect(templates.map(({ name }) => name)).to.include('kaniko');
    // Where a template takes and gives artifacts, Argo's own containers use the keys, not the step's.
    for (const template of templates) {
      const own = 'container' in template && template.container;
      expect(JSON.stringify(own), template.name).not.to.include('mlpipeline-minio-artifact');
      expect(JSON.stringify('volumes' in template ? template.volumes : []), template.name).not.to.include(
        'minio',
      );
    }
  });
});

describe('threat 34: Handlebars', () => {
  const payload = "{{constructor.constructor('return process')()}}";
  it('is refused in every text of config.yaml', async () => {
    expect(await codes({ config: CONFIG.replace('name: iris\n', `name: "${payload}"\n`) })).to.deep.equal([
      'TEMPLATE_TAG',
    ]);
  });
  it('is plain text in what a workflow shows', async () => {
    const config = CONFIG.replace('name: iris\n', 'name: "}} #if this <b> @org/team"\n');
    const { workflow } = await build({ config });
    const shown = JSON.stringify(workflow.metadata.annotations);
    expect(shown)
      .to.include('#if this')
      .and.not.to.match(/[^\\&]@org|<b>/);
  });
});
