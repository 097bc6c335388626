import { expect } from 'chai';

import { dockerfilesOf, proposeImages, type ProposedImage } from '../../../../cli/init/find-images.js';
import { Tree } from '../../../../cli/init/tree.js';

/** Proposes for files: those that begin with `FROM` are Dockerfiles. */
function proposed(files: Readonly<Record<string, string>>): readonly ProposedImage[] {
  const tree = new Tree(Object.keys(files));
  const dockerfiles = dockerfilesOf(tree).map((path) => [path, files[path] ?? ''] as const);
  return proposeImages(tree, new Map(dockerfiles), 'Wine_Quality');
}

const FROM = 'FROM scratch\n';
const CONTEXTS: Record<string, readonly [files: Record<string, string>, image: Partial<ProposedImage>]> = {
  'its own folder where that has all it copies': [
    { 'a/Dockerfile': `${FROM}COPY x.txt y*.txt .\n`, 'a/x.txt': '', 'a/y1.txt': '', 'x.txt': '' },
    { folder: 'a', dockerfile: 'Dockerfile', otherFolders: [] },
  ],
  'the root for a Dockerfile in the root': [
    { Dockerfile: `${FROM}COPY . .\n` },
    { name: 'wine-quality', folder: '.', dockerfile: 'Dockerfile' },
  ],
  'its own folder and another one of the root': [
    {
      'images/a/Dockerfile': `${FROM}COPY x.txt shared/one.py .\n`,
      'images/a/x.txt': '',
      'shared/one.py': '',
    },
    { folder: 'images/a', otherFolders: ['shared'] },
  ],
  'another folder that is there once, wherever it is': [
    { 'images/a/Dockerfile': `${FROM}COPY common ./\n`, 'libs/common/one.py': '' },
    { folder: 'images/a', otherFolders: ['libs/common'] },
  ],
  'the root where a file of the root is copied': [
    { 'images/a/Dockerfile': `${FROM}COPY pyproject.toml src ./\n`, 'pyproject.toml': '', 'src/a.py': '' },
    { name: 'a', folder: '.', dockerfile: 'images/a/Dockerfile' },
  ],
  'the root where its own path from there is copied': [
    { 'images/a/Dockerfile': `${FROM}COPY images/a/x.txt .\n`, 'images/a/x.txt': '' },
    { folder: '.', dockerfile: 'images/a/Dockerfile' },
  ],
  'a folder between, where that has all': [
    { 'images/a/Dockerfile': `${FROM}COPY a/x.txt b.txt .\n`, 'images/a/x.txt': '', 'images/b.txt': '' },
    { folder: 'images', dockerfile: 'a/Dockerfile' },
  ],
  'its own folder where nothing has it, which is told': [
    { 'a/Dockerfile': `${FROM}COPY dist/app nowhere .\n`, 'b/nowhere/x': '', 'c/nowhere/x': '' },
    { folder: 'a', missing: ['dist/app', 'nowhere'] },
  ],
};

describe('the images of a repository', () => {
  for (const [what, [files, image]] of Object.entries(CONTEXTS))
    it(`have as context ${what}`, () => {
      const images = proposed(files);
      expect(images).to.have.length(1);
      expect(images[0]).to.deep.include(image);
    });

  it('are those of Dockerfiles, under each of the usual names', () => {
    const names = ['Dockerfile', 'Dockerfile.gpu', 'x.Dockerfile', 'y.dockerfile'];
    const others = ['Dockerfile.dockerignore', 'dockerfile.md', 'MyDockerfile', 'Dockerfile.tmpl'];
    const files = Object.fromEntries([...names, ...others].map((name) => [`a/${name}`, FROM]));
    expect(
      proposed({ ...files, 'a/Dockerfile.tmpl': '{{ template }}\n' }).map(({ name }) => name),
    ).to.deep.equal(['a', 'a-gpu', 'x', 'y']);
  });

  it('have names that registries take, each its own', () => {
    const folders = ['a', 'x/a', 'y/a', 'Größe (2)', '模型', '--', 'docker', 'images/docker'];
    const files = Object.fromEntries(folders.map((folder) => [`${folder}/Dockerfile`, FROM]));
    const names = proposed({ ...files, Dockerfile: FROM }).map(({ name }) => name);
    expect(names).to.have.length(new Set(names).size);
    for (const name of names) expect(name).to.match(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
    expect(names).to.include.members(['a', 'x-a', 'y-a', 'gro-e-2', 'wine-quality', 'wine-quality-docker']);
  });
});
