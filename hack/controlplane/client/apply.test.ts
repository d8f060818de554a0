import { describe, expect, test } from '@jest/globals';
import { parseManifests } from './apply.ts';

describe('reading manifests', () => {
  test('takes every document and passes over empty ones', () => {
    const yaml = `---
# only a comment
---
apiVersion: v1
kind: Namespace
metadata: {name: research}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: a, namespace: research}
`;
    expect(parseManifests(yaml).map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'Namespace research',
      'ConfigMap a',
    ]);
  });

  test('names the document that is no Kubernetes object', () => {
    expect(() => parseManifests('{apiVersion: v1, kind: Pod, metadata: {name: a}}\n---\nkind: Pod\n')).toThrow(
      'document 2 lacks apiVersion, kind or metadata.name',
    );
    expect(() => parseManifests('just text')).toThrow('document 1 lacks');
  });

  test('names the document that is no YAML', () => {
    expect(() => parseManifests('a: [1')).toThrow(/^reading manifests: document 1: /);
  });
});
