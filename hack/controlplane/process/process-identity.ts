import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/**
 * When a process started, in the system's own words; `undefined` where there is none. With the pid it tells a process
 * from a later one that got the same pid.
 */
export async function processStart(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
    // Field 22, counted after the command, which may hold blanks and brackets. State Z: ended, not yet collected.
    const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields?.[0] === 'Z' ? undefined : fields?.[19];
  }
  return ps('lstart=', pid);
}

export async function isRunning(pid: number): Promise<boolean> {
  return (await processStart(pid)) !== undefined;
}

/** Resident memory; `undefined` where the process is gone. */
export async function residentMebibytes(pid: number): Promise<number | undefined> {
  const kibibytes =
    process.platform === 'linux'
      ? /^VmRSS:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8').catch(() => ''))?.[1]
      : await ps('rss=', pid);
  return kibibytes === undefined ? undefined : Math.round(Number(kibibytes) / 1024);
}

async function ps(column: string, pid: number): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', column, '-p', String(pid)]);
    return stdout.trim() === '' ? undefined : stdout.trim();
  } catch {
    return undefined;
  }
}
