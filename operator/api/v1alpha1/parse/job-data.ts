import type { DataStream, JobData } from '../../../domain/job.ts';
import type { FieldReader } from './field-reader.ts';

const MAX_READERS = 1_000_000;

/** Reads one member of `spec.data` of a job; none where it can't be used. */
export function readData(field: FieldReader): readonly JobData[] {
  const name = field.field('name').required('write what the data set is called').text();
  const sites = readSites(field.field('sites'));
  const access = field.field('access').required('write Stage or Stream').oneOf(['Stage', 'Stream']);
  const size = field.field('size');
  const bytes = (access === 'Stage' ? size.required('write it like 2Ti, or set access to Stream') : size).quantity();
  const stream = access === 'Stream' ? readStream(field) : undefined;
  if (access === 'Stage') refuseStream(field);
  if (name === undefined || access === undefined) return [];
  if (access === 'Stream' ? stream === undefined : bytes === undefined) return [];
  return [{ name, bytes: bytes ?? 0, sites, stagedAt: [], access, stream }];
}

function readSites(field: FieldReader): readonly string[] {
  const sites = field.required('name the sites that hold a copy').names() ?? [];
  if (!field.isAbsent && sites.length === 0) field.refuse('names no site; add one that holds a copy');
  return sites;
}

function readStream(field: FieldReader): DataStream | undefined {
  const bytesPerSecond = field.field('bytesPerSecond').required('write it like 5G, or set access to Stage').quantity();
  const readers = field
    .field('readers')
    .required('write how many read at once, or set access to Stage')
    .wholeNumber({ atLeast: 1, atMost: MAX_READERS });
  const outstandingBytes = field
    .field('outstandingBytes')
    .required('write it like 64Mi, or set access to Stage')
    .quantity();
  if (bytesPerSecond === undefined || readers === undefined || outstandingBytes === undefined) return undefined;
  return { bytesPerSecond, readers, outstandingBytes };
}

function refuseStream(field: FieldReader): void {
  for (const name of ['bytesPerSecond', 'readers', 'outstandingBytes']) {
    const ofStream = field.field(name);
    if (!ofStream.isAbsent) ofStream.refuse('acts only where access is Stream; remove it, or set access to Stream');
  }
}
