import { expect } from 'chai';

import {
  isBelowRegistry,
  isWithin,
  registriesMeet,
  registryBase,
} from '../../../../generator/project/registries.js';
import { ConfigError } from '../../../../schema/diagnostic.js';

describe('registries of the settings', () => {
  it('are spelt out', () => {
    for (const [written, full] of [
      ['profile', 'docker.io/profile'],
      ['index.docker.io/profile/', 'docker.io/profile'],
      ['docker.io', 'docker.io'],
      ['ghcr.io', 'ghcr.io'],
      ['localhost:5000/a/b/', 'localhost:5000/a/b'],
    ] as const)
      expect(registryBase(written), written).to.equal(full);
    expect(() => registryBase('docker.io/a/b')).to.throw(ConfigError);
  });

  it('are within themselves and what is above, by whole parts', () => {
    expect(isWithin('ghcr.io/team', 'ghcr.io/team')).to.equal(true);
    expect(isWithin('ghcr.io/team/a', 'ghcr.io/team')).to.equal(true);
    expect(isWithin('ghcr.io/team', 'ghcr.io')).to.equal(true);
    expect(isWithin('ghcr.io/team', 'ghcr.io/team/a')).to.equal(false);
    expect(isWithin('ghcr.io/teams', 'ghcr.io/team')).to.equal(false);
    expect(isWithin('ghcr.io.evil.example/team', 'ghcr.io')).to.equal(false);
  });

  it('meet where one is within the other, in either order', () => {
    expect(registriesMeet('ghcr.io/team', 'ghcr.io/team/a')).to.equal(true);
    expect(registriesMeet('ghcr.io/team/a', 'ghcr.io/team')).to.equal(true);
    expect(registriesMeet('ghcr.io/team/a', 'ghcr.io/team/b')).to.equal(false);
  });

  for (const [one, other] of [
    ['ghcr.io/team', 'GHCR.io/team'],
    ['ghcr.io/team', 'ghcr.io:443/team'],
    ['ghcr.io/team', 'Ghcr.IO:0443/team'],
    ['[2001:DB8::1]/team', '[2001:db8::1]:443/team'],
    ['profile', 'docker.io/profile'],
    ['profile', 'DOCKER.io/profile'],
    ['profile', 'Index.Docker.io/profile'],
    ['profile', 'index.docker.io:443/profile'],
    ['profile', 'registry-1.docker.io:443/profile'],
  ] as const)
    it(`are one however the host is written: ${one}, ${other}`, () => {
      expect(isWithin(one, other)).to.equal(true);
      expect(isWithin(other, one)).to.equal(true);
    });

  for (const [one, other] of [
    ['ghcr.io/team', 'ghcr.io:4430/team'],
    ['ghcr.io/team', 'ghcr.io:8443/team'],
    ['[2001::1]/team', '[2001::1:443]/team'],
    ['docker.io/profile', 'index.docker.io.evil.example/profile'],
  ] as const)
    it(`are two on another host or port: ${one}, ${other}`, () => {
      expect(registriesMeet(one, other)).to.equal(false);
    });
});

describe('a repository', () => {
  const ALLOWED = ['registry.example/other', 'ghcr.io/team', 'profile'];

  for (const repository of [
    'ghcr.io/team',
    'ghcr.io/team/cache',
    'registry.example/other/a/b',
    'profile/cache',
    'index.docker.io/profile/cache',
  ])
    it(`${repository} is below one of the registries`, () => {
      expect(isBelowRegistry(repository, ALLOWED)).to.equal(true);
    });

  for (const repository of [
    'ghcr.io',
    'ghcr.io/teams',
    'ghcr.io/other',
    'ghcr.io/team/../other',
    'https://ghcr.io/team/cache',
    'library/profile',
    'ghcr.io.evil.example/team/cache',
    '',
  ])
    it(`${JSON.stringify(repository)} is below none`, () => {
      expect(isBelowRegistry(repository, ALLOWED)).to.equal(false);
    });

  it('is below no registry if none is listed', () => {
    expect(isBelowRegistry('ghcr.io/team', [])).to.equal(false);
  });
});
