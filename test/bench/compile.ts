import { createWorkflow } from '../../generator/workflow/create.js';
import { stringifyWorkflow } from '../../generator/workflow/stringify.js';
import { anImage, aPlan, WORKFLOW_SETTINGS } from '../support/plan.js';
import { timeMedian, type Row } from './row.js';

/** Compiling in memory: from a plan to the object, and from the object to YAML. */
export async function benchCompile(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const count of [10, 200, 500]) {
    const plan = aPlan({
      images: Array.from({ length: count }, (_, i) => {
        const name = `image-${i}`;
        return anImage(name, { repository: `ghcr.io/acme/${name}` });
      }),
    });
    const workflow = createWorkflow(plan, WORKFLOW_SETTINGS);
    const object = await timeMedian(() => createWorkflow(plan, WORKFLOW_SETTINGS), 50, 20);
    const yaml = await timeMedian(() => stringifyWorkflow(workflow), 15, 5);
    const bytes = Buffer.byteLength(stringifyWorkflow(workflow));
    const json = Buffer.byteLength(JSON.stringify(workflow));
    rows.push(
      {
        name: `${count} images: object`,
        value: `${object.toFixed(2)} ms`,
        note: count === 200 ? 'to reach: < 5 ms' : '',
      },
      {
        name: `${count} images: YAML`,
        value: `${yaml.toFixed(1)} ms`,
        note: count === 500 ? 'to reach: < 150 ms' : '',
      },
      {
        name: `${count} images: size`,
        value: `${(bytes / 1000).toFixed(1)} kB`,
        note: `${(json / 1000).toFixed(1)} kB as JSON${count === 500 ? '; to reach: < 200 kB' : ''}`,
      },
    );
  }
  return rows;
}
