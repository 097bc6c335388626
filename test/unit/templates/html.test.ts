import { expect } from 'chai';

import { escapeHtml } from '../../../templates/escape.js';
import { renderHtml } from '../../../templates/render.js';

describe('HTML', () => {
  it('a value is plain text between tags and in quotes; its lines stay', () => {
    expect(escapeHtml(`<a href="x" id='y'>&\`\n\tb\u202e\u001b`)).to.equal(
      '&#60;a href=&#34;x&#34; id=&#39;y&#39;&#62;&#38;&#96;\n\tb',
    );
    const problem = { message: '<script>alert(1)</script>', nextStep: '"onload="x' };
    const none = { start: undefined, done: undefined, stored: undefined };
    const page = renderHtml('setup', { ...none, title: '</title>', problem });
    expect(page).not.to.match(/<script|"onload=|<\/title><\/title>/);
  });
});
