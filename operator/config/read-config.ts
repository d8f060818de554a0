import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ConfigError, type Config } from './config.ts';
import { parseConfig } from './parse-config.ts';

/** What the process is told by its command line and environment. */
export interface Launch {
  readonly config: Config;
  /** Path of a kubeconfig; absent: the ServiceAccount of the pod, or else the user's own. */
  readonly kubeconfig: string | undefined;
  /** Where the Lease of the leader lives. */
  readonly namespace: string;
  /** Who this process is among its standbys. */
  readonly identity: string;
}

export const USAGE = `usage: sunward [--config FILE] [--kubeconfig FILE]

  --config FILE      configuration, YAML or JSON; without it every default holds
  --kubeconfig FILE  the cluster to run against; without it the pod's ServiceAccount, else $KUBECONFIG
  --help             this text`;

/** The user asks how to start it. */
export function asksForHelp(args: readonly string[]): boolean {
  return args.includes('--help') || args.includes('-h');
}

/** Reads arguments, environment and the configuration file. Throws {@link ConfigError}. */
export function readLaunch(args: readonly string[], env: NodeJS.ProcessEnv, host: string): Launch {
  const options = argumentsOf(args);
  return {
    config: options.config === undefined ? parseConfig('', 'the built-in configuration') : readFile(options.config),
    kubeconfig: options.kubeconfig,
    namespace: env['POD_NAMESPACE'] ?? 'sunward-system',
    identity: env['POD_NAME'] ?? host,
  };
}

function argumentsOf(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { config: { type: 'string' }, kubeconfig: { type: 'string' } },
    }).values;
  } catch (error) {
    throw new ConfigError(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`, { cause: error });
  }
}

function readFile(path: string): Config {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`--config ${path} can't be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  return parseConfig(text, path);
}
