import { expect } from 'chai';
import fc from 'fast-check';

import { parseErrorReport, reportDiagnostic } from '../../../../generator/results/error-report.js';

const frame = (line: number, code: string) => ({ file: 'pipeline/pipeline.py', line, function: 'f', code });

describe('error.json', () => {
  it('becomes a diagnostic at the innermost line, and names the callers', () => {
    const text = JSON.stringify({
      kind: 'type',
      message: 'Incompatible argument',
      hint: 'Convert it.',
      frames: [
        frame(1, 'a()'),
        frame(2, 'b()'),
        frame(3, 'c()'),
        frame(4, 'd()'),
        frame(5, 'train(rows=name)'),
      ],
    });
    expect(reportDiagnostic(parseErrorReport(text)!, 'x.py')).to.deep.equal({
      code: 'PIPELINE_CODE',
      severity: 'error',
      message:
        'Incompatible argument (called from pipeline/pipeline.py:4, pipeline/pipeline.py:3, pipeline/pipeline.py:2).',
      file: 'pipeline/pipeline.py',
      line: 5,
      column: 1,
      excerpt: 'train(rows=name)',
      length: 16,
      hint: 'Convert it.',
    });
  });

  it('without a line is about the file', () => {
    const report = parseErrorReport('{"kind":"no_pipeline","message":"has no pipeline","frames":[]}')!;
    expect(reportDiagnostic(report, 'x.py')).to.deep.equal({
      code: 'PIPELINE_CHOICE',
      severity: 'error',
      message: 'has no pipeline.',
      file: 'x.py',
    });
  });

  it('is none where it is something else', () => {
    for (const text of ['', '{', 'null', '[]', '{}', '{"kind":1,"message":"x"}'])
      expect(parseErrorReport(text)).to.equal(undefined);
  });

  it('of whatever the code wrote is cut and typed', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.string(), fc.string(), (frames, kind, message) => {
        const report = parseErrorReport(JSON.stringify({ kind, message: message.repeat(3000), frames }))!;
        const diagnostic = reportDiagnostic(report, 'x.py');
        expect(diagnostic.file).to.be.a('string');
        expect(diagnostic.message.length).to.be.lessThan(10_000);
        if (diagnostic.line !== undefined) expect(diagnostic.line).to.be.at.least(1);
      }),
    );
  });
});
