import { expect } from 'chai';

import { ConfigError, parseTriggers } from '../../../schema/index.js';

const read = (text: string): unknown => parseTriggers(text, { file: 'config.yaml' });

/** The messages of what is thrown. */
function errorsOf(text: string): readonly string[] {
  try {
    read(text);
  } catch (error) {
    if (error instanceof ConfigError) return error.diagnostics.map(({ message }) => message);
    throw error;
  }
  return [];
}

describe('schema/config-triggers', () => {
  it('reads the section, with defaults, whatever else is wrong', () => {
    const wrong = 'repository: 7\nmistake: [1]\npipeline: {schedules: [{}]}\n';
    expect(read(`${wrong}triggers: {push: {branches: [main], do: build}}`)).to.deep.equal({
      pull_request: 'none',
      push: { branches: ['main'], do: 'build' },
    });
    expect(read(`${wrong}triggers: {pull_request: null, push: null}`)).to.deep.equal({
      pull_request: 'none',
    });
  });

  it('is absent without the section, or without a file', () => {
    for (const text of ['', 'pipeline: {}', 'triggers:', '- a list'])
      expect(read(text), text).to.equal(undefined);
  });

  it('has the errors of the section alone, and of YAML', () => {
    expect(errorsOf('mistake: 1\ntriggers: {push: {branches: main}}').join())
      .to.include('branches')
      .and.not.include('mistake');
    expect(errorsOf('triggers: {pull_request: deploy}')).to.have.length(1);
    expect(errorsOf('triggers: {push: {branches: [main')).not.to.deep.equal([]);
  });
});
