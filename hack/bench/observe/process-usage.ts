import { readFile } from 'node:fs/promises';
import type { DurationMs } from '../../../operator/domain/units.ts';

/** What a process has used since its start, all of its threads together. */
export interface ProcessUsage {
  readonly cpuMs: DurationMs;
  /** Resident now. */
  readonly memoryBytes: number;
  /** Most resident memory that it has had at once. */
  readonly peakMemoryBytes: number;
}

/** `USER_HZ`, which Linux fixes for what it tells in /proc. */
const TICKS_PER_SECOND = 100;

/** From /proc, so on Linux alone. Throws where the process has ended. */
export async function processUsage(pid: number): Promise<ProcessUsage> {
  const [stat, status] = await Promise.all([proc(pid, 'stat'), proc(pid, 'status')]);
  return { cpuMs: cpuOf(stat), memoryBytes: memoryOf(status, 'VmRSS'), peakMemoryBytes: memoryOf(status, 'VmHWM') };
}

/** User and system time: fields 14 and 15. The second field, the name, may hold blanks and brackets. */
export function cpuOf(stat: string): DurationMs {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  if (Number.isNaN(ticks)) throw new Error(`reading /proc/PID/stat: no CPU time in "${stat.trim()}"`);
  return (ticks * 1_000) / TICKS_PER_SECOND;
}

/** @param field `VmRSS`, or `VmHWM` for the peak of it */
export function memoryOf(status: string, field: 'VmRSS' | 'VmHWM'): number {
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
  if (kilobytes === undefined) throw new Error(`reading /proc/PID/status: no ${field} in it`);
  return Number(kilobytes) * 1_024;
}

async function proc(pid: number, file: string): Promise<string> {
  try {
    return await readFile(`/proc/${pid}/${file}`, 'utf8');
  } catch (cause) {
    throw new Error(`reading what process ${pid} has used: the benchmarks need Linux and a process that runs`, {
      cause,
    });
  }
}
