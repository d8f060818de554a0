import { describe, expect, test } from '@jest/globals';
import { isolatedSettings } from '../fixtures.ts';
import { toolNamed } from '../tools.ts';
import { buildArguments, linkerFlags } from './build.ts';
import { isAtLeast, parseGoVersion, requiredGo } from './go-version.ts';

const settings = isolatedSettings('/nowhere');

describe('building', () => {
  test('sets the version of Kubernetes in both packages that report it', () => {
    const variables = (name: string): string =>
      [
        `-X ${name}.gitVersion=v1.36.4`,
        `-X ${name}.gitMajor=1`,
        `-X ${name}.gitMinor=36`,
        `-X ${name}.gitTreeState=clean`,
        `-X ${name}.gitCommit=0000000000000000000000000000000000000000`,
        `-X ${name}.buildDate=2026-01-01T00:00:00Z`,
      ].join(' ');
    expect(linkerFlags(toolNamed('kube-apiserver'), settings)).toBe(
      `-s -w ${variables('k8s.io/component-base/version')} ${variables('k8s.io/client-go/pkg/version')}`,
    );
  });

  test('tells Helm its patch release, which its source leaves out', () => {
    expect(linkerFlags(toolNamed('helm'), settings)).toBe('-s -w -X helm.sh/helm/v4/internal/version.version=v4.2.4');
  });

  test('leaves alone what reports its version by itself', () => {
    expect(linkerFlags(toolNamed('etcd'), settings)).toBe('-s -w');
  });

  test('builds only what the committed module files pin', () => {
    const args = buildArguments(toolNamed('kwok'), settings, '/out/kwok');
    expect(args.slice(0, 2)).toEqual(['build', '-C']);
    expect(args[2]).toMatch(/hack\/tools\/kwok$/);
    expect(args.slice(3)).toEqual([
      ...['-mod=readonly', '-p=2', '-pgo=off', '-trimpath', '-buildvcs=false', '-ldflags', '-s -w'],
      ...['-o', '/out/kwok', 'sigs.k8s.io/kwok/cmd/kwok'],
    ]);
  });

  test('leaves out what the table says, and tells the release from the module’s version', () => {
    const args = buildArguments(toolNamed('promtool'), settings, '/out/promtool');
    expect(args.slice(8)).toEqual([
      ...['-tags=remove_all_sd', '-ldflags', '-s -w -X github.com/prometheus/common/version.Version=3.13.5'],
      ...['-o', '/out/promtool', 'github.com/prometheus/prometheus/cmd/promtool'],
    ]);
  });
});

describe('the version of Go', () => {
  test.each([
    ['go version go1.26.8 linux/amd64', [1, 26, 8]],
    ['go version go1.26 darwin/arm64', [1, 26, 0]],
    ['go version go1.27rc1 linux/amd64', [1, 27, 0]],
    ['go 1.25.0', [1, 25, 0]],
    ['no such thing', undefined],
  ])('reads %j', (text, version) => {
    expect(parseGoVersion(text)).toEqual(version);
  });

  test('compares by numbers, not by letters', () => {
    expect(isAtLeast([1, 26, 0], [1, 26, 0])).toBe(true);
    expect(isAtLeast([1, 100, 0], [1, 26, 0])).toBe(true);
    expect(isAtLeast([2, 0, 0], [1, 26, 8])).toBe(true);
    expect(isAtLeast([1, 9, 9], [1, 26, 0])).toBe(false);
    expect(isAtLeast([1, 26, 0], [1, 26, 1])).toBe(false);
  });

  test("is required as the tool's module says", async () => {
    expect(await requiredGo(toolNamed('kube-apiserver'))).toEqual([1, 26, 0]);
    expect(await requiredGo(toolNamed('etcd'))).toEqual([1, 25, 0]);
  });
});
