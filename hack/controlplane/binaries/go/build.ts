import { join } from 'node:path';
import { readLog, tail } from '../../process/log-file.ts';
import { ProcessKeeper } from '../../process/process-keeper.ts';
import { GO_ENVIRONMENT, TOOL_MODULES } from './go-version.ts';
import type { BinarySettings } from '../settings.ts';
import type { Tool } from '../tools.ts';
import { expand } from '../tools.ts';

/** More would need more memory than small machines have: the API server peaks at 1.9 GB with two. */
const PARALLEL_COMPILERS = 2;

/**
 * Builds the tool from hack/tools into `directory`, which is ours alone.
 * @returns the path of the executable
 * @throws Error with the end of the compiler's output
 */
export async function buildTool(
  tool: Tool,
  settings: BinarySettings,
  directory: string,
  abort?: AbortSignal,
): Promise<string> {
  const output = join(directory, tool.name);
  const keeper = await ProcessKeeper.start();
  try {
    const go = await keeper.spawn({
      name: `go build ${tool.name}`,
      command: settings.go,
      args: buildArguments(tool, settings, output),
      env: GO_ENVIRONMENT,
      logFile: join(directory, 'go-build.log'),
    });
    const onAbort = (): void => void go.kill('SIGINT');
    abort?.addEventListener('abort', onAbort);
    if (abort?.aborted === true) onAbort();
    const { code, signal } = await go.exited;
    abort?.removeEventListener('abort', onAbort);
    abort?.throwIfAborted();
    if (code === 0) return output;
    const how = code === null ? `was ended by ${String(signal)}` : `ended with code ${String(code)}`;
    throw new Error(
      `building ${tool.name} ${tool.source.version}: go build ${how}:\n${tail(await readLog(go.logFile), 20)}`,
    );
  } finally {
    await keeper.stop();
  }
}

export function buildArguments(tool: Tool, settings: BinarySettings, output: string): string[] {
  const { tags } = tool.source;
  return [
    'build',
    '-C',
    join(TOOL_MODULES, tool.source.module),
    '-mod=readonly',
    `-p=${PARALLEL_COMPILERS}`,
    '-pgo=off',
    '-trimpath',
    '-buildvcs=false',
    ...(tags === undefined ? [] : [`-tags=${tags.join(',')}`]),
    '-ldflags',
    linkerFlags(tool, settings),
    '-o',
    output,
    tool.package,
  ];
}

/** Without the version variables a Kubernetes binary reports v0.0.0-master, and clients that check versions refuse it. */
export function linkerFlags(tool: Tool, settings: BinarySettings): string {
  const { packages, values } = tool.source.versionVariables ?? { packages: [], values: {} };
  const variables = packages.flatMap((name) =>
    Object.entries(values).map(
      ([variable, value]) => `-X ${name}.${variable}=${expand(value, tool, settings.platform)}`,
    ),
  );
  return ['-s -w', ...variables].join(' ');
}
