import { expect, test } from '@jest/globals';
import { markup } from './markup.ts';

test('texts are escaped, markup and coordinates are not', () => {
  const inner = [markup`<b>${'a & b'}</b>`, markup`<i title="${'"\'>'}" />`];
  expect(markup`<p x="${1 / 3}" y="${-0.01}">${'<script>'}${inner}</p>`.source).toBe(
    '<p x="0.3" y="0">&lt;script&gt;<b>a &amp; b</b><i title="&quot;&#39;&gt;" /></p>',
  );
});
