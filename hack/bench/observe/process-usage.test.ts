import { describe, expect, test } from '@jest/globals';
import { cpuOf, memoryOf, processUsage } from './process-usage.ts';

describe('what a process has used', () => {
  test('is read from /proc/PID/stat, whatever the process is called', () => {
    const stat = '4242 (node (x) y) S 1 4242 4242 0 -1 4194304 91 0 3 0 150 25 7 9 20 0 11 0 8 1 2 3\n';
    expect(cpuOf(stat)).toBe(1_750);
  });

  test('has its memory, and the peak of it, in /proc/PID/status', () => {
    const status = 'Name:\tnode\nVmPeak:\t 900000 kB\nVmHWM:\t  102400 kB\nVmRSS:\t   51200 kB\n';
    expect(memoryOf(status, 'VmHWM')).toBe(100 * 2 ** 20);
    expect(memoryOf(status, 'VmRSS')).toBe(50 * 2 ** 20);
  });

  test('is refused where the text is something else', () => {
    expect(() => cpuOf('4242 (node)')).toThrow('no CPU time');
    expect(() => memoryOf('Name:\tnode\n', 'VmHWM')).toThrow('no VmHWM');
  });

  test('grows: this very process has used some', async () => {
    const usage = await processUsage(process.pid);
    expect(usage.cpuMs).toBeGreaterThan(0);
    expect(usage.memoryBytes).toBeGreaterThan(10 * 2 ** 20);
    expect(usage.peakMemoryBytes).toBeGreaterThanOrEqual(usage.memoryBytes);
  });

  test('is not known of a process that is gone', async () => {
    await expect(processUsage(2 ** 30)).rejects.toThrow('process 1073741824');
  });
});
