import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CertificateAuthority, newSigningKey } from './certificate.ts';
import type { CertifiedKey } from './certificate.ts';

/** Files for the flags of the processes, and the authority that vouches for users. */
export interface ClusterPki {
  readonly authority: CertificateAuthority;
  readonly files: {
    readonly directory: string;
    readonly authorityCertificate: string;
    readonly servingCertificate: string;
    readonly servingKey: string;
    /** Service account tokens are signed with the one and checked with the other. */
    readonly tokenSigningKey: string;
    readonly tokenVerificationKey: string;
  };
}

const SERVING_NAMES = [
  '127.0.0.1',
  'localhost',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  // First address of the service range, where in-cluster clients find the API server.
  '10.0.0.1',
];

export async function createPki(clusterName: string, directory: string): Promise<ClusterPki> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const authority = new CertificateAuthority(`${clusterName}-ca`);
  const serving = authority.issue({
    commonName: 'kube-apiserver',
    subjectAltNames: SERVING_NAMES,
    usage: 'serverAuth',
  });
  const tokens = newSigningKey();
  const files = {
    directory,
    authorityCertificate: join(directory, 'ca.crt'),
    servingCertificate: join(directory, 'apiserver.crt'),
    servingKey: join(directory, 'apiserver.key'),
    tokenSigningKey: join(directory, 'service-account.key'),
    tokenVerificationKey: join(directory, 'service-account.pub'),
  };
  await Promise.all([
    writeSecret(files.authorityCertificate, authority.certificate),
    writeSecret(files.servingCertificate, serving.certificate),
    writeSecret(files.servingKey, serving.privateKey),
    writeSecret(files.tokenSigningKey, tokens.privateKey),
    writeSecret(files.tokenVerificationKey, tokens.publicKey),
  ]);
  return { authority, files };
}

/** A user as the API server sees it: by the certificate's common name and organizations. */
export interface UserIdentity {
  readonly user: string;
  readonly groups?: readonly string[];
}

export function issueUserCertificate(authority: CertificateAuthority, identity: UserIdentity): CertifiedKey {
  return authority.issue({ commonName: identity.user, organizations: identity.groups ?? [], usage: 'clientAuth' });
}

function writeSecret(path: string, text: string): Promise<void> {
  return writeFile(path, text, { mode: 0o600 });
}
