import { expect } from 'chai';

import { contextObjectKey } from '../../../generator/contexts/manifest.js';
import { createWorkflow } from '../../../generator/workflow/create.js';
import type { PREFIXES } from '../../../stores/garbage.js';
import { sortObjects, type ObjectsInUse } from '../../../stores/garbage.js';
import type { StoredObject } from '../../../stores/minio-clean.js';
import { anImage, aPlan, WITH_KFP } from '../../support/plan.js';

const BEFORE = new Date('2026-06-01T00:00:00Z');
const UID = '0b1e4a66-5f0b-4a34-9f0e-7f1f0a3e9c11';
const KEY = 'a'.repeat(64);
const UNUSED: ObjectsInUse = { workflows: new Set(), contexts: new Set() };

function object(key: string, modified = '2026-01-01T00:00:00Z'): StoredObject {
  return { key, bytes: 1, modified: new Date(modified) };
}

function unused(kind: keyof typeof PREFIXES, objects: readonly StoredObject[], used = UNUSED): string[] {
  return sortObjects(kind, objects, used, BEFORE).unused.map(({ key }) => key);
}

describe('sortObjects', () => {
  it('finds an old context that no workflow names', () => {
    const old = object(contextObjectKey(KEY));
    const named = object(contextObjectKey('b'.repeat(64)));
    const used = { ...UNUSED, contexts: new Set(['b'.repeat(64)]) };
    expect(sortObjects('contexts', [old, named], used, BEFORE)).to.deep.equal({
      unused: [old],
      kept: [named],
    });
  });

  it('keeps an object that is not older', () => {
    expect(unused('contexts', [object(contextObjectKey(KEY), BEFORE.toISOString())])).to.deep.equal([]);
  });

  it('finds every output of a workflow that Kfops makes, and keeps those of one that exists', () => {
    const workflow = createWorkflow(aPlan({ run: true, images: [anImage('trainer')] }), WITH_KFP);
    const keys = JSON.stringify(workflow).match(/runs\/\{\{workflow\.uid\}\}\/[\w.]+/g) ?? [];
    expect(keys).to.have.length.greaterThan(2);
    const objects = keys.map((key) => object(key.replace('{{workflow.uid}}', UID)));
    expect(unused('pipelines', objects)).to.have.length(keys.length);
    expect(unused('pipelines', objects, { ...UNUSED, workflows: new Set([UID]) })).to.deep.equal([]);
  });

  it('ignores keys that Kfops does not write', () => {
    const others = [
      'ctx/notes.txt',
      `ctx/${KEY}.tar`,
      `ctx/${KEY}0.tar.gz`,
      `ctx/x/${KEY}.tar.gz`,
      `runs/${UID}`,
      `runs/${UID}/model.bin`,
      'runs/mine/pipeline.yaml',
      `old/${KEY}.tar.gz`,
    ].map((key) => object(key));
    for (const kind of ['contexts', 'pipelines'] as const)
      expect(sortObjects(kind, others, UNUSED, BEFORE)).to.deep.equal({ unused: [], kept: [] });
  });
});
