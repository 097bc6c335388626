import { expect } from 'chai';

import { check } from './check.js';

const PIPELINE = `from kfp import dsl

DEFAULT = 3

@dsl.pipeline(name="a")
def a(epochs: int = 10, learning_rate: float = DEFAULT, *, name: str = "x", layers=[1]): ...
`;

/** What is said about arguments that are set, in short. */
async function said(code: string, set: readonly string[], name?: string): Promise<string[]> {
  const found = await check(code, { set, ...(name !== undefined && { function: name }) });
  return found.map(({ file = '', code: kind, message, hint = '' }) => `${file} ${kind} ${message} ${hint}`);
}

describe('arguments that are set for a run', () => {
  it('are parameters of the pipeline', async () => {
    expect(await said(PIPELINE, ['epochs', 'learning_rate', 'name', 'layers'])).to.deep.equal([]);
  });

  it('threat 48: are refused with a suggestion if the pipeline has no such parameter', async () => {
    expect(await said(PIPELINE, ['epohcs', 'epochs', 'zzzzzz'])).to.deep.equal([
      '--set epohcs OVERRIDE The pipeline has no parameter `epohcs`. Did you mean `epochs`?',
      '--set zzzzzz OVERRIDE The pipeline has no parameter `zzzzzz`. Its parameters: epochs, learning_rate, name, layers.',
    ]);
    expect(await said('from kfp import dsl\n@dsl.pipeline\ndef a(): ...\n', ['x'])).to.deep.equal([
      '--set x OVERRIDE The pipeline has no parameter `x`. It has no parameters.',
    ]);
  });

  it('are compared with the default of no parameter, and with no type', async () => {
    expect(await said(PIPELINE, ['DEFAULT', 'int', 'float'])).to.have.length(3);
  });

  it('are those of the function that the configuration names', async () => {
    const two = `${PIPELINE}\n@dsl.pipeline\ndef b(rows): ...\n`;
    expect(await said(two, ['rows'], 'b')).to.deep.equal([]);
    expect(await said(two, ['rows'], 'a')).to.have.length(1);
  });

  for (const [what, code] of Object.entries({
    'the file may define what its text does not show': `${PIPELINE}\nglobals()["a"] = 1\n`,
    'another module has the pipeline': 'from google_pipelines import a\n',
    'the pipeline has another decorator, too':
      'from kfp import dsl\nfrom x import y\n@y\n@dsl.pipeline\ndef a(): ...\n',
  }))
    it(`are left to the run if ${what}`, async () => {
      expect(await said(code, ['zzzzzz'])).to.deep.equal([]);
    });

  it('are not looked at if nothing runs', async () => {
    expect(await check(PIPELINE, {})).to.deep.equal([]);
  });
});
