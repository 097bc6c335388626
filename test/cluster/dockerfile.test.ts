import { expect } from 'chai';

import { build, uniqueName } from './support/build.js';
import { BUSYBOX, project, removeFolders } from './support/project.js';
import { configOf, filesOf } from './support/registry.js';

after(removeFolders);

describe('what a Dockerfile may want', () => {
  it('gets a target, build arguments, .dockerignore, links, modes and odd names', async () => {
    const source = await project(
      {
        path: uniqueName('wants'),
        images: [
          {
            name: 'wants',
            dockerfile: 'docker/Dockerfile.release',
            target: 'wanted',
            build_args: { GREETING: 'hello, "world" $HOME', EMPTY: '' },
            other_folders_path: ['shared/lib/'],
          },
        ],
      },
      {
        'wants/docker/Dockerfile.release': [
          `FROM ${BUSYBOX} AS first`,
          'RUN mkdir /made && echo made >/made/file',
          `FROM ${BUSYBOX} AS wanted`,
          'ARG GREETING',
          'ENV GREETING=$GREETING',
          'WORKDIR /srv',
          'COPY --from=first /made/file made.txt',
          'COPY . .',
          'RUN ./run.sh >ran.txt',
          `FROM ${BUSYBOX} AS never`,
          'RUN exit 9',
        ].join('\n'),
        'wants/.dockerignore': '*.log\n!keep.log\nsecret/**\n',
        'wants/debug.log': 'ignored\n',
        'wants/keep.log': 'kept\n',
        'wants/secret/key': 'ignored\n',
        'wants/run.sh': { executable: '#!/bin/sh\necho it ran\n' },
        'wants/link.sh': { link: 'run.sh' },
        'wants/a name with spaces.txt': 'spaces\n',
        'wants/größe-日本.txt': 'not ASCII\n',
        'shared/lib/util.txt': 'shared\n',
      },
    );
    const { result } = await build(source, { tag: 'v1' });
    expect(result.phase, JSON.stringify(result)).to.equal('succeeded');
    const { repository, digest } = result.images[0]!;
    const files = await filesOf(repository, digest!);

    const text = (path: string): string | undefined => files.get(`srv/${path}`)?.text;
    expect(text('made.txt')).to.equal('made\n');
    expect(text('ran.txt')).to.equal('it ran\n');
    expect(text('keep.log')).to.equal('kept\n');
    expect(text('lib/util.txt')).to.equal('shared\n');
    expect(text('a name with spaces.txt')).to.equal('spaces\n');
    expect(text('größe-日本.txt')).to.equal('not ASCII\n');
    expect([...files.keys()].filter((path) => /debug\.log|secret/.test(path))).to.deep.equal([]);
    expect(files.get('srv/run.sh')!.mode).to.equal(0o755);
    expect(files.get('srv/lib/util.txt')!.mode).to.equal(0o644);
    expect(files.get('srv/link.sh')).to.include({ type: 'symlink', link: 'run.sh' });
    expect((await configOf(repository, digest!)).config.Env).to.include('GREETING=hello, "world" $HOME');
  });
});
