/** `npm run cases:update`: writes what every case gives now. Read the difference before you commit it. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { CHART_CASES, chartCases, findHelm, renderChart } from '../chart-cases/chart.js';
import { caseNames, CASES, runCase } from './cases.js';

for (const name of await caseNames()) {
  const { files } = await runCase(name);
  const folder = join(CASES, name, 'expected');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  for (const [file, content] of files) await writeFile(join(folder, file), content);
  console.log(`${name}: ${[...files.keys()].join(', ')}`);
}

const helm = findHelm();
if (helm === undefined) console.log('the cases of the chart were left out: run scripts/helm.sh first');
else {
  for (const name of chartCases()) {
    await writeFile(join(CHART_CASES, name, 'expected.yaml'), renderChart(helm, name));
    console.log(`chart ${name}`);
  }
}
