import { expect } from 'chai';

import { check, short } from './check.js';

const PIPELINE = 'from kfp import dsl\n\n@dsl.pipeline(name="a")\ndef a(): ...\n';
const TWO = `${PIPELINE}\n@dsl.pipeline\ndef b(): ...\n`;
const NONE = 'from kfp import dsl\n\ndef a(): ...\n';

describe('the choice of the pipeline', () => {
  const fine: Readonly<Record<string, string | Record<string, string>>> = {
    'one pipeline': PIPELINE,
    'a decorator without brackets': 'from kfp import dsl\n@dsl.pipeline\ndef a(): ...\n',
    'kfp.dsl.pipeline': 'import kfp\n@kfp.dsl.pipeline\ndef a(): ...\n',
    'another name of the module': 'import kfp.dsl as d\n@d.pipeline\ndef a(): ...\n',
    'another name of the decorator': 'from kfp.dsl import pipeline as p\n@p(name="a")\ndef a(): ...\n',
    'a pipeline with the name of the decorator':
      'from kfp.dsl import pipeline\n@pipeline\ndef pipeline(): ...\n',
    'a call in place of a decorator': 'from kfp import dsl\ndef f(): ...\na = dsl.pipeline(f)\n',
    'a function that makes a pipeline': `from kfp import dsl
def make():
    @dsl.pipeline
    def a(): ...
    return a
p = make()
`,
    'a pipeline of another module': {
      'p/pipeline.py': 'from steps import a\n',
      'p/steps.py': PIPELINE,
    },
    'a pipeline of a package that is not in the repository': 'from google_pipelines import a\n',
    'all names of a module': 'from kfp.dsl import *\n@pipeline\ndef a(): ...\n',
    'names made by code': 'import kfp\nglobals()["a"] = getattr(kfp.dsl, "pipe" + "line")(lambda: None)\n',
    'a pipeline in a branch': 'from kfp import dsl\nif True:\n    @dsl.pipeline\n    def a(): ...\n',
    'two pipelines of one name': `${PIPELINE}\n@dsl.pipeline\ndef a(): ...\n`,
    'a pipeline that is removed': `${TWO}\ndel b\n`,
    'a pipeline that is replaced': `${TWO}\nb = None\n`,
    'a second pipeline that something else decorates': `${PIPELINE}\nfrom x import y\n@y\n@dsl.pipeline\ndef b(): ...\n`,
    'syntax that the reader does not know': 'import x\nwith (x.a() as b, x.c()): pass\n',
  };
  for (const [what, code] of Object.entries(fine)) {
    it(`is left to the compile step: ${what}`, async () => {
      expect(await check(code)).to.deep.equal([]);
    });
  }

  it('needs a pipeline', async () => {
    expect(short(await check(NONE))).to.deep.equal(['p/pipeline.py:3 error PIPELINE_CHOICE']);
    expect(short(await check('x = 1\n'))).to.deep.equal(['p/pipeline.py:1 error PIPELINE_CHOICE']);
  });

  it('looks for it in the modules that the file imports', async () => {
    const files = {
      'p/pipeline.py': 'from lib import x, steps\n\ndef a(): ...\n',
      'lib/__init__.py': 'x = 1\n',
    };
    expect(short(await check({ ...files, 'lib/steps.py': NONE }))).to.have.length(1);
    expect(await check({ ...files, 'lib/steps.py': PIPELINE })).to.deep.equal([]);
  });

  it('needs the name of one of several', async () => {
    const [problem, ...more] = await check(TWO);
    expect(problem).to.include({ code: 'PIPELINE_CHOICE', line: 7, column: 5 });
    expect(problem?.message).to.equal('`p/pipeline.py` has 2 pipelines: `a` (line 4), `b` (line 7).');
    expect(more).to.deep.equal([]);
    expect(await check(TWO, { function: 'b' })).to.deep.equal([]);
  });

  it('needs a name that the file has', async () => {
    const [problem] = await check(TWO, { function: 'ab' });
    expect(problem).to.include({ code: 'PIPELINE_CHOICE', file: 'config.yaml' });
    expect(problem?.hint).to.match(/^Did you mean/);
  });

  it('needs a decorated function of that name', async () => {
    const code = `${PIPELINE}\ndef b(): ...\n`;
    expect(short(await check(code, { function: 'b' }))).to.deep.equal([
      'p/pipeline.py:6 error PIPELINE_CHOICE',
    ]);
  });

  for (const [what, code] of Object.entries({
    'a component of that name': `${PIPELINE}\n@dsl.component\ndef b(): ...\n`,
    'a value of that name': `${PIPELINE}\nb = a\n`,
    'an import of that name': `${PIPELINE}\nfrom x import b\n`,
    'all names of a module': `${PIPELINE}\nfrom x import *\n`,
    'a function that is decorated later': `${PIPELINE}\ndef b(): ...\nb = dsl.pipeline(b)\n`,
    'a module that makes names': `${PIPELINE}\ndef __getattr__(name): return a\n`,
  })) {
    it(`leaves a name to the compile step: ${what}`, async () => {
      expect(await check(code, { function: 'b' })).to.deep.equal([]);
    });
  }
});
