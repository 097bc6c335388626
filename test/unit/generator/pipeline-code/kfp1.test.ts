import { expect } from 'chai';

import { check } from './check.js';

const places = async (code: string, image?: string): Promise<string[]> =>
  (await check(code, image === undefined ? {} : { image })).map(
    ({ line, column, severity, message }) =>
      `${line ?? ''}:${column ?? ''} ${severity} ${/`(.*?)`/.exec(message)?.[1] ?? ''}`,
  );
const pipeline = (body: string): string =>
  `from kfp import dsl\n@dsl.pipeline\ndef p(a: int = 1):\n    ${body.replaceAll('\n', '\n    ')}\n`;

describe('Kubeflow Pipelines 1', () => {
  const errors: Readonly<Record<string, [code: string, ...found: string[]]>> = {
    'in a pipeline': [pipeline('dsl.ContainerOp()'), '4:5 error kfp.dsl.ContainerOp'],
    'in a context of kfp': [
      pipeline('with dsl.Condition(a == 1):\n    dsl.VolumeOp()'),
      '5:9 error kfp.dsl.VolumeOp',
    ],
    'in a function that a pipeline calls': [
      `${pipeline('outer()')}def outer(): return inner()\ndef inner(): return dsl.ContainerOp()\n`,
      '6:21 error kfp.dsl.ContainerOp',
    ],
    'by another name of its module': [
      `import kfp.dsl as d, kfp.components as comp\nx = comp.func_to_container_op(print)\n@d.pipeline\ndef p(): d.ContainerOp()\n`,
      '2:5 error kfp.components.func_to_container_op',
      '4:10 error kfp.dsl.ContainerOp',
    ],
    'in an import': [
      'from kfp.components import (\n    load_component_from_text,\n    create_component_from_func as c,\n)\nimport kfp.onprem\n' +
        pipeline('c()'),
      '3:5 error kfp.components.create_component_from_func',
      '5:8 error kfp.onprem',
    ],
    'in a base class': [
      `${pipeline('pass')}class A(dsl.ContainerOp): ...\n`,
      '5:9 error kfp.dsl.ContainerOp',
    ],
    'in the module of 2022': [
      `from kfops.model import materialize_model\n${pipeline('pass')}`,
      '1:25 error kfops.model',
    ],
  };
  for (const [what, [code, ...found]] of Object.entries(errors)) {
    it(`is an error ${what}`, async () => {
      expect(await places(code)).to.deep.equal(found);
    });
  }

  const doubts: Readonly<Record<string, string>> = {
    'in a function that nobody calls': `${pipeline('pass')}def f(): return dsl.ContainerOp()\n`,
    'in a loop': pipeline('for i in a:\n    dsl.ContainerOp()'),
    'after a return': pipeline('return\ndsl.ContainerOp()'),
    'in an annotation': `${pipeline('pass')}def f() -> dsl.ContainerOp: ...\n`,
    'in a lambda': `${pipeline('pass')}f = lambda: dsl.ContainerOp()\n`,
    'in a file that changes kfp': `${pipeline('dsl.ContainerOp()')}dsl.X = 1\n`,
    'in a coroutine': `${pipeline('f()')}async def f(): dsl.ContainerOp()\n`,
    'in a generator': `${pipeline('f()')}def f():\n    dsl.ContainerOp()\n    yield\n`,
  };
  for (const [what, code] of Object.entries(doubts)) {
    it(`is a warning ${what}`, async () => {
      expect((await places(code)).join()).to.match(/^\d+:\d+ warning kfp\.dsl\.ContainerOp$/);
    });
  }

  it('is a warning with a compiler image of the repository’s own', async () => {
    expect(await places(pipeline('dsl.ContainerOp()'), 'registry.example.com/compiler:1')).to.deep.equal([
      '4:5 warning kfp.dsl.ContainerOp',
    ]);
  });

  const fine: Readonly<Record<string, string>> = {
    'a component runs in its own image': `${pipeline('pass')}@dsl.component\ndef c():\n    import kfp.gcp\n    from kfp import dsl\n    dsl.ContainerOp()\n`,
    'an import may fail': `try:\n    from kfp.dsl import ContainerOp\nexcept ImportError: pass\n${pipeline('pass')}`,
    'a branch is for another version': `import kfp\nif kfp.__version__ < "2": from kfp import onprem\n${pipeline('pass')}`,
    'only a script runs it': `${pipeline('pass')}if __name__ == "__main__": dsl.ContainerOp()\n`,
    'exceptions are suppressed': `from contextlib import suppress\nwith suppress(ImportError):\n    from kfp.dsl import ContainerOp\n${pipeline('pass')}`,
    'it has the name of something else': `from other import dsl as kfp_dsl\n${pipeline('pass')}kfp_dsl.ContainerOp()\n`,
    'a parameter has the name': `${pipeline('pass')}def f(dsl): return dsl.ContainerOp()\nf(1)\n`,
    'a text names it': `"""kfp.dsl.ContainerOp"""\n${pipeline('pass')}# dsl.ContainerOp()\n`,
    'KFP 2 has it': `${pipeline('with dsl.Condition(a == 1): pass\nwith dsl.ParallelFor([1]): pass')}x = dsl.InputPath\nfrom kfp.components import load_component_from_text\nfrom kfp.compiler import Compiler\nimport kfp.v2.dsl\n`,
  };
  for (const [what, code] of Object.entries(fine)) {
    it(`is not seen where ${what}`, async () => {
      expect(await places(code)).to.deep.equal([]);
    });
  }
});
